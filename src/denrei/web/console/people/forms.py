"""What the page of one person asks, contacts aside (`lines`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from denrei.accounts import labels
from denrei.accounts.labels import Label
from denrei.accounts.models import Operator, Unit
from denrei.directory.contacts import Wanted
from denrei.directory.models import (
    ContactGroup,
    Language,
    Position,
    Recipient,
    RecipientState,
)
from denrei.directory.people import Entry
from denrei.domain import text
from denrei.web.console.fields import UnitField
from denrei.web.console.forms import Form, Line


class Word(Line):
    """One line that a spreadsheet can't take for a formula: the address book goes out as CSV."""

    def clean(self, value: Any) -> str:
        """Return the text. ValidationError where it is too long or begins like a formula."""
        cleaned = super().clean(value)
        if text.is_formula(cleaned):
            raise forms.ValidationError(
                _("計算式の記号（=、+、-、@）で始まっています。記号を取り除いてください。")
            )
        return cleaned


class Person(Form):
    """One person; `seen` says which state of the person the operator looked at."""

    name = Word(limit=40, label=_("氏名"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kana = Word(
        limit=80,
        label=_("ふりがな"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = Word(
        limit=64,
        label=_("利用者コード"),
        required=False,
        help_text=_(
            "職員番号など、団体の中でその人を表す番号です。取り込みのとき本人を見分けます。"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    unit = UnitField(
        label=_("所属"),
        help_text=_("この所属と上位の所属の操作者が、この方を見て連絡できます。"),
    )
    household = Word(
        limit=64,
        label=_("世帯コード"),
        required=False,
        help_text=_("同じコードの人を1つの世帯にまとめます。新しいコードなら、世帯ができます。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("言語"), choices=Language.choices)
    state = forms.TypedChoiceField(label=_("状態"), choices=RecipientState.choices, coerce=int)
    groups = forms.TypedMultipleChoiceField(
        required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    positions = forms.TypedMultipleChoiceField(
        required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = labels.of(operator.organization)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.offer(Unit.objects.visible_to(operator), "" if operator.unit else _("（所属なし）"))
        self._offer("groups", ContactGroup.objects.values_list("pk", "name"))
        self._offer("positions", Position.objects.values_list("pk", "name"))
        self.fields["groups"].label = called[Label.GROUPS]
        self.fields["positions"].label = called[Label.POSITIONS]

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    @property
    def moment_seen(self) -> datetime | None:
        """Return when the person had last changed as the operator looked; None: unreadable."""
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None

    def entry(self, contacts: tuple[Wanted, ...]) -> Entry:
        """Return what the form says, with contacts."""
        said = self.cleaned_data
        return Entry(
            name=said["name"],
            kana=said["kana"],
            code=said["code"],
            unit=said["unit"],
            household=said["household"],
            language=said["language"],
            state=said["state"],
            groups=frozenset(said["groups"]),
            positions=frozenset(said["positions"]),
            contacts=contacts,
        )


def initial_of(person: Recipient) -> dict[str, Any]:
    """Return what the form shows of a person."""
    return {
        "name": person.name,
        "kana": person.kana,
        "code": person.code,
        "unit": person.unit_id or "",
        "household": person.household.code if person.household else "",
        "language": person.language,
        "state": person.state,
        "groups": list(person.memberships.values_list("group", flat=True)),
        "positions": list(person.positions_held.values_list("position", flat=True)),
        "seen": person.updated_at.isoformat(),
    }
