"""What the form of a mail server asks. What it does not ask stays as the installer set it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.channels import Secret
from denrei.channels.smtp import Smtp, addresses
from denrei.channels.smtp.settings import LONGEST_WINDOW
from denrei.deliveries.registering import Terms
from denrei.web.console.fields import MailField
from denrei.web.console.forms import Form, Line
from denrei.web.console.settings.fields import NumberField

#: "port/security", for both servers. Others are the installer's: an administrator of an organization
#: may not have the machine of the installation look at any port (`denrei gateway add` may).
_WAYS: Mapping[str, str | Promise] = {
    "587/starttls": _("587番、STARTTLS（契約先のサーバーで、ふつうはこれ）"),
    "465/tls": _("465番、TLS"),
    "25/none": _("25番、暗号化なし（社内のサーバー。サインインはできません）"),
    "25/starttls": _("25番、STARTTLS"),
}
_POP_WAYS: Mapping[str, str | Promise] = {
    "995/tls": _("995番、TLS"),
    "110/starttls": _("110番、STARTTLS（STLS）"),
}
_SECURITIES: Mapping[str, str | Promise] = {
    "none": _("暗号化なし"),
    "starttls": "STARTTLS",
    "tls": "TLS",
}
_ENCODINGS: Mapping[str, str | Promise] = {
    "utf-8": _("UTF-8（ふつうはこれ）"),
    "iso-2022-jp": _("ISO-2022-JP（古い携帯電話向け）"),
}
_SAID_AS_TYPED: tuple[str, ...] = (
    "host",
    "username",
    "sender_name",
    "sender_address",
    "reply_to",
    "encoding",
)
_SAID_AS_TYPED += ("return_path_domain", "hello_name", "connections", "pop_host", "pop_username")
#: A password → what says where it goes and for whom.
_PLACES = {
    "password": ("host", "port", "security", "username"),
    "pop_password": ("pop_host", "pop_port", "pop_security", "pop_username"),
}
_PER_MINUTE = 60


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together."""

    title: str | Promise
    fields: Sequence[BoundField]
    lead: str | Promise = ""
    #: Of few: hidden behind its title until asked for, or filled in.
    is_folded: bool = False


class GatewayForm(Form):
    """One mail server, new or not."""

    name = Line(limit=40, label=_("名称"), help_text=_("画面に表示する名前です。例：庁内メール"))
    host = Line(limit=253, label=_("ホスト"), help_text=_("例：mail.example.jp"))
    way = forms.ChoiceField(label=_("ポートと暗号化"))
    username = Line(
        limit=200,
        label=_("ユーザー名"),
        required=False,
        help_text=_("サインインのいらないサーバーでは、空欄にします。"),
    )
    password = forms.CharField(
        label=_("パスワード"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    sender_address = MailField(
        label=_("差出人のアドレス"),
        help_text=_("団体や所属に差出人の設定があれば、そちらを使います。"),
    )
    sender_name = Line(limit=40, label=_("差出人の名前"), required=False)
    reply_to = MailField(label=_("返信先のアドレス"), required=False)
    pop_host = Line(
        limit=253,
        label=_("POPサーバーのホスト"),
        required=False,
        help_text=_("空欄のときは、POP before SMTPを使いません。"),
    )
    pop_way = forms.ChoiceField(label=_("POPサーバーのポートと暗号化"))
    pop_username = Line(limit=200, label=_("POPサーバーのユーザー名"), required=False)
    pop_password = forms.CharField(
        label=_("POPサーバーのパスワード"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    pop_minutes = NumberField(
        least=1,
        most=LONGEST_WINDOW,
        label=_("サインインの有効時間（分）"),
        help_text=_(
            "契約先の案内にある時間です。分からないときは10のままにします。過ぎる前に、自動でサインインし直します。"
        ),
    )
    connections = NumberField(
        least=1,
        most=100,
        label=_("同時接続数"),
        help_text=_("同時につなぐ数の上限です。契約先に制限があるときは、それに合わせます。"),
    )
    per_minute = NumberField(
        least=1,
        most=6_000_000,
        required=False,
        label=_("1分あたりの通数の上限"),
        help_text=_("契約先に制限があるときに入力します。空欄のときは、できるだけ速く送ります。"),
    )
    rank = NumberField(
        least=1,
        most=99,
        label=_("優先順"),
        help_text=_(
            "同じ手段に送信経路がいくつかあるとき、小さい番号から使います。使えない間は、次の番号で送ります。"
        ),
    )
    return_path_domain = Line(
        limit=200,
        label=_("エラーメールの戻り先のドメイン"),
        required=False,
        help_text=_("空欄のときは、差出人のアドレスに戻ります。"),
    )
    hello_name = Line(
        limit=200,
        label=_("このサーバーの名前（EHLO）"),
        required=False,
        help_text=_("空欄のときは、差出人のドメインを名乗ります。"),
    )
    encoding = forms.ChoiceField(label=_("文字コード"), choices=tuple(_ENCODINGS.items()))
    untested = forms.BooleanField(
        label=_("接続を確かめずに保存する"),
        required=False,
        help_text=_("サーバーがまだ使えないときだけ選んでください。"),
    )

    def __init__(self, *args: Any, about: Smtp | None, terms: Terms | None, **kwargs: Any) -> None:
        """`about` and `terms`: what is set. Without `about` there is nothing yet, or it can't be read."""
        super().__init__(*args, initial=_present(about, terms), **kwargs)
        self._about = about
        self._terms = terms
        for name, known, port, security in (
            ("way", _WAYS, "port", "security"),
            ("pop_way", _POP_WAYS, "pop_port", "pop_security"),
        ):
            choices = dict(known)
            if about is not None:
                way = _way(about, port, security)
                choices.setdefault(way, _said(way))
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices.items())
        for name in _PLACES:
            if about is not None and getattr(about, name).reveal():
                self.fields[name].help_text = _(
                    "空欄のときは変えません。接続先かユーザー名を変えるときは入力してください。"
                )

    @property
    def groups(self) -> Iterator[Group]:
        """Yield the fields as the page shows them."""
        yield self._group(_("接続先"), "name", "host", "way", "username", "password")
        yield self._group(_("差出人"), "sender_address", "sender_name", "reply_to")
        yield self._group(
            _("POP before SMTP"),
            *("pop_host", "pop_way", "pop_username", "pop_password", "pop_minutes"),
            lead=_(
                "「送信の前に受信してください」と案内されているサーバーだけで使います。"
                "POPサーバーへのサインインは、自動で行います。メールは取得も削除もしません。"
            ),
            is_folded=not self["pop_host"].value(),
        )
        yield self._group(
            _("詳しい設定"),
            *("connections", "per_minute", "rank", "return_path_domain", "hello_name", "encoding"),
            is_folded=True,
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what can't work, and to send a stored password elsewhere."""
        given = super().clean() or self.cleaned_data
        for name, words in _complaints(given):
            self.add_error(name, words)
        if not self.errors:
            self._need_passwords()
        if not self.errors:
            self._try_to_build()
        return given

    def wanted(self) -> tuple[Smtp, Terms]:
        """Return what a valid form asks for."""
        given = self.cleaned_data
        rate = given["per_minute"] and given["per_minute"] / _PER_MINUTE
        if self._terms is not None and _per_minute(self._terms) == given["per_minute"]:
            rate = self._terms.rate  # not rounded to minutes by who only looked
        return self._channel(), Terms(name=given["name"], rank=given["rank"], rate=rate)

    def _channel(self) -> Smtp:
        """Return the settings. ValueError: a sentence."""
        given, known = self.cleaned_data, self._about
        values: dict[str, Any] = {name: given[name] for name in _SAID_AS_TYPED}
        values["port"], values["security"] = _of_way(given["way"])
        values["pop_port"], values["pop_security"] = _of_way(given["pop_way"])
        if known is None or round(known.pop_minutes) != given["pop_minutes"]:
            values["pop_minutes"] = float(given["pop_minutes"])
        for name, place in _PLACES.items():
            is_used = bool(values[place[-1]])
            stays = is_used and not given[name]
            values[name] = self._kept(name) if stays else Secret(given[name] if is_used else "")
        if known is None:
            return Smtp(**values)
        if known.host != values["host"]:
            values |= {"ca_file": "", "verify": True}  # of another server
        return dataclasses.replace(known, **values)

    def _kept(self, name: str) -> Secret:
        return getattr(self._about, name) if self._about is not None else Secret("")

    def _need_passwords(self) -> None:
        given = self.cleaned_data
        now = {
            **{name: given[name] for name in ("host", "username", "pop_host", "pop_username")},
            **dict(zip(("port", "security"), _of_way(given["way"]), strict=True)),
            **dict(zip(("pop_port", "pop_security"), _of_way(given["pop_way"]), strict=True)),
        }
        for name, place in _PLACES.items():
            if not now[place[-1]] or given[name]:
                continue
            if self._about is None or not self._kept(name).reveal():
                self.add_error(name, _("パスワードを入力してください。"))
            elif any(getattr(self._about, part) != now[part] for part in place):
                words = _("接続先かユーザー名を変えるときは、パスワードも入力してください。")
                self.add_error(name, words)

    def _try_to_build(self) -> None:
        try:
            self._channel()
        except ValueError as error:
            self.add_error(None, str(error))

    def _group(
        self,
        title: str | Promise,
        *names: str,
        lead: str | Promise = "",
        is_folded: bool = False,
    ) -> Group:
        fields = [self[name] for name in names]
        is_folded = is_folded and not any(field.errors for field in fields)
        return Group(title=title, fields=fields, lead=lead, is_folded=is_folded)


def _complaints(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield fields with what is wrong between them; one that is wrong by itself may be missing."""
    for name in ("return_path_domain", "hello_name"):
        if not _is_domain(given.get(name, "")):
            yield name, gettext("ドメイン名を半角で入力してください。")
    pop, who, secret = (given.get(f"pop_{part}") for part in ("host", "username", "password"))
    if pop and not who and "pop_username" in given:
        yield "pop_username", gettext("POPサーバーのユーザー名を入力してください。")
    if not pop and (who or secret) and "pop_host" in given:
        yield "pop_host", gettext("POP before SMTPを使うときは、ホストを入力してください。")
    if given.get("username") and str(given.get("way")).endswith("/none"):
        yield (
            "way",
            gettext("暗号化なしではパスワードを送れません。STARTTLSかTLSを選んでください。"),
        )
    if given.get("password") and not given.get("username"):
        yield "username", gettext("パスワードを使うときは、ユーザー名も入力してください。")


def _present(about: Smtp | None, terms: Terms | None) -> dict[str, object]:
    shown: dict[str, object] = {
        "way": "587/starttls",
        "pop_way": "995/tls",
        "pop_minutes": 10,
        "connections": 10,
        "rank": 1,
        "encoding": "utf-8",
    }
    if about is not None:
        shown |= {name: getattr(about, name) for name in _SAID_AS_TYPED}
        shown["way"] = _way(about, "port", "security")
        shown["pop_way"] = _way(about, "pop_port", "pop_security")
        shown["pop_minutes"] = max(1, round(about.pop_minutes))
    if terms is not None:
        shown |= {"name": terms.name, "rank": terms.rank, "per_minute": _per_minute(terms)}
    return shown


def _per_minute(terms: Terms) -> int | None:
    return max(1, round(terms.rate * _PER_MINUTE)) if terms.rate else None


def _way(smtp: Smtp, port: str, security: str) -> str:
    return f"{getattr(smtp, port)}/{getattr(smtp, security)}"


def _of_way(way: str) -> tuple[int, str]:
    port, _slash, security = way.partition("/")
    return int(port), security


def _said(way: str) -> str:
    port, security = _of_way(way)
    return gettext("%(port)d番、%(security)s") % {"port": port, "security": _SECURITIES[security]}


def _is_domain(name: str) -> bool:
    try:
        return not name or (name.isascii() and bool(addresses.domain(name)))
    except ValueError:
        return False
