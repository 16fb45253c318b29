"""What somebody typed of a person, before it is stored: to show it again and to compare it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from denrei.directory import facts
from denrei.directory.facts import Facts
from denrei.directory.models import ContactGroup, ContactState, Position, Recipient
from denrei.directory.people import Entry
from denrei.domain.states import Medium


def into(form: forms.Form, data: QueryDict) -> dict[str, Any]:
    """Return what was typed into a form as initial values, judged by nobody."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def facts_of(entry: Entry, person: Recipient) -> Facts:
    """Return an entry in the form of `directory.facts.of`; devices stay as they are."""
    groups = ContactGroup.objects.filter(pk__in=entry.groups)
    positions = Position.objects.filter(pk__in=entry.positions)
    contacts = sorted(entry.contacts, key=lambda one: (one.medium, one.slot))
    return {
        "name": entry.name,
        "kana": entry.kana,
        "code": entry.code,
        "unit": entry.unit.name if entry.unit else "",
        "household": entry.household,
        "language": entry.language,
        "state": entry.state,
        "groups": list(groups.values_list("name", flat=True)),
        "positions": list(positions.values_list("name", flat=True)),
        "contacts": [
            {
                "medium": int(one.medium),
                "slot": one.slot,
                "address": one.address,
                "receives": one.receives,
                "state": int(ContactState.CONFIRMED if one.confirmed else ContactState.UNCONFIRMED),
            }
            for one in contacts
        ]
        + _devices(person),
    }


def _devices(person: Recipient) -> list[Any]:
    known: Any = facts.of(person)["contacts"]
    return [contact for contact in known if contact["medium"] == Medium.APP]
