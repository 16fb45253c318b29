"""The contacts of a person as rows of a form: judged as typed, placed in slots (SMS-2, SCH-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.directory import addresses
from denrei.directory.addresses import InvalidContactError
from denrei.directory.contacts import SLOTS, Wanted
from denrei.directory.models import Contact, ContactState
from denrei.domain.states import Medium
from denrei.web.console.forms import Faults, Form
from denrei.web.console.people import rows, typed

#: Rows of one form.
MOST = 30
PREFIX = "contact"


class ContactLine(Form):
    """One contact; a new row without an address says nothing."""

    #: The address that the row began with, as its key; "" for a new row.
    known = forms.CharField(required=False, widget=forms.HiddenInput)
    medium = forms.TypedChoiceField(
        label=_("種類"),
        coerce=lambda value: Medium(int(value)),
        choices=[(medium.value, _(medium.label)) for medium in addresses.TYPED],
    )
    address = forms.CharField(label=_("アドレス・番号"), required=False, max_length=320)
    slot = forms.TypedChoiceField(
        label=_("順番"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("自動")), *((slot, slot) for slot in range(1, SLOTS + 1))],
    )
    receives = forms.BooleanField(label=_("連絡を受け取る"), required=False)
    confirmed = forms.BooleanField(label=_("確認済にする"), required=False)
    remove = forms.BooleanField(label=_("この連絡先を削除する"), required=False)

    def clean(self) -> dict[str, Any]:
        """Read the address in the sense of the medium."""
        cleaned = super().clean() or {}
        said = cleaned.get("address", "")
        if cleaned.get("remove") or "medium" not in cleaned:
            return cleaned
        if said:
            try:
                cleaned["read"] = addresses.read(said, cleaned["medium"])
            except InvalidContactError as error:
                self.add_error("address", _advised(str(error), said, cleaned["medium"]))
        elif cleaned.get("known"):
            self.add_error(
                "address", _("入力するか、「この連絡先を削除する」に印を付けてください。")
            )
        return cleaned

    @property
    def is_known(self) -> bool:
        """Whether the row shows a contact that exists."""
        return bool(self["known"].value())

    @property
    def icon(self) -> str:
        """Name of the symbol of its medium."""
        return rows.ICONS[self._medium]

    @property
    def medium_words(self) -> str:
        """What people call its medium."""
        return gettext(self._medium.label)

    @property
    def _medium(self) -> Medium:
        value = str(self["medium"].value() or "")
        typed_ones = {str(medium.value): medium for medium in addresses.TYPED}
        return typed_ones.get(value, Medium.MAIL)


def _advised(words: str, said: str, medium: Medium) -> str:
    """Add what to do where the number only needs another medium (SMS-2)."""
    if medium is not Medium.SMS:
        return words
    try:
        addresses.read(said, Medium.PHONE)
    except InvalidContactError:
        return words
    return words + str(_("電話だけに使う場合は、種類で「電話」を選んでください。"))


if TYPE_CHECKING:  # the class takes a parameter in its stubs only
    _Formset = forms.BaseFormSet[ContactLine]
else:
    _Formset = forms.BaseFormSet


class ContactLines(_Formset):
    """All rows: no address twice, no slot twice."""

    def clean(self) -> None:
        """Find rows that contradict each other."""
        places: set[tuple[Medium, str]] = set()
        slots: set[tuple[Medium, int]] = set()
        counts: defaultdict[Medium, int] = defaultdict(int)
        for line in self._filled():
            medium, slot = line.cleaned_data["medium"], line.cleaned_data["slot"]
            place = (medium, line.cleaned_data["read"].key)
            counts[medium] += 1
            if place in places:
                line.add_error(
                    "address", _("同じ連絡先が上の行にあります。どちらかを消してください。")
                )
            elif slot and (medium, slot) in slots:
                line.add_error("slot", _("この順番は上の行と同じです。別の順番を選んでください。"))
            elif counts[medium] > SLOTS:
                line.add_error("address", _("同じ種類の連絡先は9件までです。"))
            places.add(place)
            slots.add((medium, slot))

    def _filled(self) -> Iterator[ContactLine]:
        for line in self.forms:
            if "read" in getattr(line, "cleaned_data", {}):
                yield line

    def wanted(self) -> tuple[Wanted, ...]:
        """Return the contacts that the person shall have; what has no slot gets the next free."""
        taken = {
            (line.cleaned_data["medium"], line.cleaned_data["slot"]) for line in self._filled()
        }
        return tuple(self._wanted(line, taken) for line in self._filled())

    def _wanted(self, line: ContactLine, taken: set[tuple[Medium, int]]) -> Wanted:
        said = line.cleaned_data
        medium, slot = said["medium"], said["slot"]
        if not slot:
            slot = next(n for n in range(1, SLOTS + 1) if (medium, n) not in taken)
            taken.add((medium, slot))
        return Wanted(
            medium=medium,
            address=said["read"].address,
            key=said["read"].key,
            slot=slot,
            receives=said["receives"],
            confirmed=said["confirmed"] and said["known"] == said["read"].key,
        )


_Lines = cast(
    "type[ContactLines]",
    forms.formset_factory(
        ContactLine, formset=ContactLines, extra=0, max_num=MOST, absolute_max=MOST
    ),
)


def read(data: QueryDict) -> ContactLines:
    """Return the rows as they were sent."""
    return _Lines(data, prefix=PREFIX, error_class=Faults)


def shown(contacts: Iterable[Contact], new: Iterable[Medium] = ()) -> ContactLines:
    """Return rows of contacts in use, and empty rows for these media."""
    known = [_initial(contact) for contact in contacts if contact.medium != Medium.APP]
    return _Lines(prefix=PREFIX, initial=[*known, *map(empty, new)])


def kept(data: QueryDict) -> ContactLines:
    """Return the rows as they were typed, judged by nobody, and one more."""
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "0")
    count = min(int(total), MOST) if total.isdigit() else 0
    rows_typed = [
        typed.into(ContactLine(prefix=f"{PREFIX}-{number}"), data) for number in range(count)
    ]
    return _Lines(prefix=PREFIX, initial=[*rows_typed, empty(Medium.MAIL)][:MOST])


def empty(medium: Medium) -> dict[str, Any]:
    """Return the values of a row that says nothing."""
    return {"medium": medium.value, "receives": True}


def _initial(contact: Contact) -> dict[str, Any]:
    medium = Medium(contact.medium)
    return {
        "known": contact.address_key,
        "medium": medium.value,
        "address": addresses.written(contact.address, medium),
        "slot": contact.slot,
        "receives": contact.receives,
        "confirmed": contact.state == ContactState.CONFIRMED,
    }
