"""What the form of a mailbox asks. Its port follows from how it is asked; others are the installer's."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Organization
from denrei.outcomes.mailboxes import registering
from denrei.outcomes.models import After, Mailbox, Protocol, Security
from denrei.web.console.forms import Form, Line

#: A host that is asked from the machine of the installation: an administrator of an organization may
#: not have it look at any port (`denrei mailbox add` may).
_EVERY = (
    (60, _("1分ごと")),
    (300, _("5分ごと")),
    (900, _("15分ごと")),
    (3600, _("1時間ごと")),
)
_FIELDS: tuple[str, ...] = (
    "name",
    "protocol",
    "host",
    "security",
    "username",
    "folder",
    "after",
    "move_to",
)
_FIELDS += ("every_seconds", "enabled")


class MailboxForm(Form):
    """One mailbox, new or not."""

    name = Line(limit=40, label=_("名称"), help_text=_("画面に表示する名前です。例：代表アドレス"))
    protocol = forms.ChoiceField(label=_("方式"), choices=Protocol.choices)
    host = Line(limit=253, label=_("ホスト"), help_text=_("例：imap.example.jp"))
    security = forms.ChoiceField(
        label=_("暗号化"),
        choices=[choice for choice in Security.choices if choice[0] != Security.NONE],
        help_text=_("ポートは、方式と暗号化で決まります（993、143、995、110）。"),
    )
    username = Line(limit=200, label=_("利用者名"))
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    folder = Line(limit=100, label=_("フォルダー（IMAP）"), required=False)
    after = forms.ChoiceField(
        label=_("取得した後のメール"),
        choices=After.choices,
        help_text=_("既読にする、移すは、IMAPだけで使えます。"),
    )
    move_to = Line(limit=100, label=_("移す先のフォルダー"), required=False)
    every_seconds = forms.TypedChoiceField(label=_("取得の間隔"), coerce=int)
    enabled = forms.BooleanField(label=_("定期的に取得する"), required=False)
    untested = forms.BooleanField(
        label=_("接続を確かめずに保存する"),
        required=False,
        help_text=_("サーバーがまだ使えないときだけ選んでください。"),
    )

    def __init__(self, *args: Any, about: Mailbox | None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_present(about), **kwargs)
        self._about = about
        offered: list[tuple[int, str | Promise]] = [*_EVERY]
        if about is not None:
            if about.every_seconds not in dict(_EVERY):
                words = _("%(seconds)d秒ごと") % {"seconds": about.every_seconds}
                offered.append((about.every_seconds, words))
            if about.security == Security.NONE:
                self._field("security").choices = list(Security.choices)
            self.fields["password"].required = False
            self.fields["password"].help_text = _(
                "空欄のときは変えません。接続先か利用者名を変えるときは入力してください。"
            )
        self._field("every_seconds").choices = offered

    def clean(self) -> dict[str, Any]:
        """Refuse what belongs to the other protocol, and to send a stored password elsewhere."""
        given = super().clean() or self.cleaned_data
        after, is_pop3 = given.get("after"), given.get("protocol") == Protocol.POP3
        if is_pop3 and after in {After.MARK, After.MOVE}:
            self.add_error("after", _("POP3では、「削除する」か「残す」を選んでください。"))
        if after == After.MOVE and not given.get("move_to"):
            self.add_error("move_to", _("移す先のフォルダーを入力してください。"))
        if not self.errors and not given["password"] and self._goes_elsewhere():
            words = _("接続先か利用者名を変えるときは、パスワードも入力してください。")
            self.add_error("password", words)
        return given

    def wanted(self, organization: Organization) -> Mailbox:
        """Return the mailbox that a valid form asks for; not saved."""
        mailbox = copy.copy(self._about) if self._about else Mailbox(organization=organization)
        given = self.cleaned_data
        is_as_before = all(
            getattr(mailbox, name, None) == given[name] for name in ("protocol", "host", "security")
        )
        for name in _FIELDS:
            setattr(mailbox, name, given[name])
        mailbox.folder = given["folder"] or "INBOX"
        if self._about is None or not is_as_before:
            is_tls = mailbox.security == Security.TLS
            mailbox.port = registering.PORTS[Protocol(mailbox.protocol), is_tls]
            mailbox.ca_file = ""
        return mailbox

    def _goes_elsewhere(self) -> bool:
        about = self._about
        return about is not None and registering.is_elsewhere(
            about, self.wanted(about.organization)
        )

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


def _present(about: Mailbox | None) -> dict[str, object]:
    if about is None:
        return {
            "protocol": Protocol.IMAP,
            "security": Security.TLS,
            "folder": "INBOX",
            "after": After.DELETE,
            "every_seconds": 60,
            "enabled": True,
        }
    return {name: getattr(about, name) for name in _FIELDS}
