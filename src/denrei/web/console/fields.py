"""Fields that several forms of the console ask for: a unit, a mail address."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise

from denrei.accounts import tree
from denrei.accounts.models import Unit
from denrei.domain import email_address

#: A level of the tree in a list of choices, where nothing but text can show it.
_STEP = "\u3000"
#: Digits of a number that a page may post.
_LONGEST = 12


def number(typed: str) -> int | None:
    """Return a number as people type it: full-width digits, commas and 人 are no fault."""
    digits = unicodedata.normalize("NFKC", typed).strip().removesuffix("人").replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST else None


class UnitField(forms.ChoiceField):
    """One of the units that are offered, shown as a tree; None where no unit may be chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._offered: dict[str, Unit] = {}
        self._no_unit = ""

    def offer(self, units: Iterable[Unit], empty: str | Promise = "", *, named: str = "") -> None:
        """Set the choices; `empty` are the words for none of them, "" where one is needed.

        Who posts nothing chose none of them; where `named` is given, the choice of none has that
        value and must be posted like any other: nobody gets the whole organization by a gap.
        """
        rows = list(tree.in_order(units))
        self.required = bool(named) or not empty
        self._no_unit = named
        self._offered = {str(unit.pk): unit for _, unit in rows}
        self.choices = [
            *([(named, str(empty))] if empty else []),
            *((str(unit.pk), f"{_STEP * depth}{unit.name}（{unit.code}）") for depth, unit in rows),
        ]

    def prepare_value(self, value: Any) -> Any:
        """Return what the choice is called in the page."""
        if value is None:
            return self._no_unit
        return value.pk if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        """Return the unit. ValidationError where it isn't, or is no longer, offered."""
        if self.disabled:  # then it is the initial value
            return value
        return self._offered.get(super().clean(value))


class MailField(forms.CharField):
    """One mail address, as it is sent; "" where none is needed and none was given."""

    def __init__(self, **kwargs: Any) -> None:
        # type="email" would refuse full-width letters before anybody could mend them
        widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the address. ValidationError with what to mend."""
        typed = str(super().clean(value))
        if not typed:
            return ""
        try:
            return email_address.parse(typed).address
        except email_address.InvalidAddressError as error:
            raise forms.ValidationError(str(error)) from error
