"""What the form of an operator asks; its choices are those that the asking administrator has."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, Role, Unit
from denrei.accounts.operators import Wanted
from denrei.accounts.refusal import Refusal, RefusedError
from denrei.web.console.fields import MailField, UnitField
from denrei.web.console.forms import Form, Line

_LOGIN = re.compile(r"[A-Za-z0-9._@+-]+")
_ROLES = (
    (Role.VIEWER, _("閲覧者　名簿、区分、送信状況を見る")),
    (Role.SENDER, _("発信者　閲覧者の権限に加え、緊急連絡の送信と名簿の変更をする")),
    (Role.ADMIN, _("管理者　発信者の権限に加え、担当する範囲の操作者を管理する")),
)
#: Beside which field a refusal stands; others stand above the form.
_FIELDS = {
    Refusal.LOGIN_TAKEN: "login",
    Refusal.BEYOND: "unit",
    Refusal.LAST_ADMINISTRATOR: "role",
}


class LoginField(Line):
    """What an operator types at the door: half-width letters, digits and a few signs."""

    def clean(self, value: Any) -> str:
        """Return the login; full-width letters become half-width. ValidationError."""
        login = unicodedata.normalize("NFKC", super().clean(value))
        if not _LOGIN.fullmatch(login):
            raise forms.ValidationError(
                _("半角の英数字と記号（ . _ - @ + ）で入力してください。空白は使えません。")
            )
        return login


class OperatorForm(Form):
    """One operator, new or not."""

    login = LoginField(
        limit=100,
        label=_("利用者ID"),
        help_text=_("サインインに使います。半角の英数字と記号（ . _ - @ + ）が使えます。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = Line(limit=40, label=_("氏名"))
    email = MailField(label=_("メールアドレス"), required=False)
    role = forms.ChoiceField(label=_("権限"), choices=_ROLES, widget=forms.RadioSelect)
    unit = UnitField(
        label=_("担当する範囲"),
        help_text=_("選んだ所属と、その下の所属の名簿と送信状況だけを扱います。"),
    )

    def __init__(self, *args: Any, asker: Operator, about: Operator | None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_present(about, asker), **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        everything = "" if asker.unit else _("団体全体")
        unit.offer(Unit.objects.visible_to(asker), everything, named="none")
        if about == asker:
            self._leave_own_rights()

    def _leave_own_rights(self) -> None:
        for name in ("role", "unit"):
            self.fields[name].disabled = True
            self.fields[name].help_text = _("自分自身の権限と範囲は変更できません。")

    def wanted(self) -> Wanted:
        """Return what a valid form asks for."""
        return Wanted(**{**self.cleaned_data, "role": Role(self.cleaned_data["role"])})

    def refuse(self, refused: RefusedError) -> None:
        """Say beside the right field why the change was refused."""
        self.add_error(_FIELDS.get(refused.code), refused.words)


def _present(about: Operator | None, asker: Operator) -> dict[str, object]:
    if about is None:
        return {"role": Role.SENDER, "unit": asker.unit}
    names = ("login", "name", "email", "role", "unit")
    return {name: getattr(about, name) for name in names}


class Which(Form):
    """Which operators the list shows."""

    q = Line(limit=100, label=_("氏名または利用者IDの一部"), required=False)
    state = forms.ChoiceField(
        label=_("状態"),
        choices=[
            ("", _("使用中")),
            ("inactive", _("使用停止")),
            ("all", _("すべて")),
        ],
        required=False,
    )
    after = forms.CharField(required=False, widget=forms.HiddenInput)
