"""The form of an entry, one for all lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Master, Unit
from denrei.broadcasts.models import Priority, SentBy
from denrei.domain import text
from denrei.web.console.fields import UnitField
from denrei.web.console.forms import Form, Line
from denrei.web.console.masters import codes
from denrei.web.console.masters.kinds import Kind, Trait

#: Characters of a name: what the subject of a mail and a button on a phone show whole.
LONGEST_NAME = 40
#: A message given up later than after two weeks is news no more.
LONGEST_GIVE_UP = 14 * 24 * 60
_NUMBER_FAULTS = {
    "invalid": _("半角の数字で入力してください。"),
    "min_value": _("%(limit_value)s以上の数を入力してください。"),
    "max_value": _("%(limit_value)s以下の数を入力してください。"),
}


_CHOICES: Mapping[Trait, Sequence[tuple[Any, Any]]] = {
    Trait.PRIORITY: Priority.choices,
    Trait.SENT_BY: SentBy.choices,
}


class Code(Line):
    """A code: full-width letters and digits are taken for what they mean."""

    def clean(self, value: Any) -> str:
        """Return the code. ValidationError where it is empty or too long."""
        return super().clean(unicodedata.normalize("NFKC", str(value or "")))


class Number(forms.IntegerField):
    """A whole number from 1, in whatever digits."""

    def __init__(self, *, most: int | None = None, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "in in--s", "inputmode": "numeric"})
        super().__init__(
            min_value=1, max_value=most, widget=widget, error_messages=_NUMBER_FAULTS, **kwargs
        )


class Entry(Form):
    """One entry of a list; a list without a trait has no field for it."""

    code = Code(
        limit=codes.LONGEST,
        label=_("コード"),
        widget=forms.TextInput(attrs={"class": "in in--s", "autocomplete": "off"}),
    )
    name = Line(
        limit=LONGEST_NAME,
        label=_("名称"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name_en = Line(
        limit=LONGEST_NAME,
        label=_("英語の名称"),
        required=False,
        help_text=_("英語で受け取る人に届く言葉です。空欄のときは、日本語の名称が届きます。"),
        widget=forms.TextInput(attrs={"lang": "en", "autocomplete": "off"}),
    )
    priority = forms.TypedChoiceField(
        label=_("送る順番"),
        coerce=int,
        help_text=_(
            "送信が重なったときに、先に送る順番です。最優先は、送信中のほかの連絡を追い越します。"
        ),
        widget=forms.Select(attrs={"class": "in in--s"}),
    )
    give_up_minutes = Number(
        most=LONGEST_GIVE_UP,
        label=_("送るのをやめるまでの時間（分）"),
        help_text=_(
            "この時間を過ぎても送れていない連絡は「期限切れ」になります。24時間は1440、3日は4320です。"
        ),
    )
    sent_by = forms.ChoiceField(
        label=_("送信できる人"),
        help_text=_("ここで選んだ人だけが、この件名の緊急連絡を送信できます。"),
    )
    unit = UnitField(
        label=_("送信できる所属"),
        help_text=_("選ぶと、その所属と下位の所属の操作者、団体全体の操作者だけが送信できます。"),
    )
    needs_help = forms.BooleanField(
        label=_("支援が必要な回答として扱う"),
        required=False,
        help_text=_("この回答を選んだ人は、送信状況の画面で目立つように表示します。"),
    )
    place = Number(label=_("並べる位置"), show_hidden_initial=True)

    def __init__(self, kind: Kind, count: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind = kind
        for trait in set(Trait) - set(kind.traits):
            del self.fields[trait]
        for trait, choices in _CHOICES.items():
            field = self.fields.get(trait)
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        units = self.fields.get(Trait.UNIT)
        if isinstance(units, UnitField):
            units.offer(Unit.objects.all(), _("すべての所属"))
        self.fields["code"].help_text = gettext(
            "一覧の中で重ならない、短い番号や記号です。%(use)s"
        ) % {"use": kind.code_use}
        self.fields["place"].help_text = gettext("上から何番目に並べるかです（1～%(count)d）。") % {
            "count": count
        }

    def fill(self, entry: Master) -> None:
        """Give an entry what was typed; its place is not among it."""
        for name in ("code", "name", *self._kind.traits):
            setattr(entry, name, self.cleaned_data[name])

    @property
    def new_place(self) -> int | None:
        """Return where the entry shall stand; None where the operator left that as it was."""
        return self.cleaned_data["place"] if "place" in self.changed_data else None

    def refuse_code(self, name: str) -> None:
        """Say that the code belongs to the entry of this name."""
        code = self.cleaned_data["code"]
        words = (
            gettext(
                "コード「%(code)s」は「%(name)s」が使っています。別のコードを入力してください。"
            )
            if name
            else gettext("コード「%(code)s」は使われています。別のコードを入力してください。")
        )
        self.add_error("code", words % {"code": code, "name": name})


def same_name(name: str, others: Iterable[str]) -> bool:
    """Tell whether another entry has a name that reads the same."""
    return text.fold(name) in {text.fold(other) for other in others}
