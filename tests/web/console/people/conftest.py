"""People of the city's address book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.directory import addresses, people
from denrei.directory.contacts import Wanted
from denrei.directory.models import Recipient
from denrei.directory.people import Entry
from denrei.domain.states import Medium

Register = Callable[..., Recipient]


def mail(typed: str, slot: int = 1, **more: bool) -> Wanted:
    """Return a mail address as a form reads it."""
    read = addresses.read(typed, Medium.MAIL)
    return Wanted(medium=Medium.MAIL, address=read.address, key=read.key, slot=slot, **more)


@pytest.fixture
def register(city: Organization) -> Register:
    """Register people of the city: `register("山田 花子", kana=…)`."""
    with tenancy.acting_for(city.pk):
        clerk = Operator.objects.create(organization=city, login="clerk", name="事務 一郎")

    def add(name: str, **facts: Any) -> Recipient:
        with tenancy.acting_for(city.pk):
            return people.add(clerk, Entry(name=name, **facts))

    return add


def typed(*contacts: Mapping[str, object], **person: object) -> dict[str, object]:
    """Return the fields of the form of one person as a browser sends them."""
    data: dict[str, object] = {
        "name": "山田 花子",
        "kana": "",
        "code": "",
        "unit": "",
        "household": "",
        "language": "ja",
        "state": "1",
        "contact-TOTAL_FORMS": len(contacts),
        "contact-INITIAL_FORMS": 0,
        **person,
    }
    for number, contact in enumerate(contacts):
        row = {"medium": 1, "address": "", "slot": "", "receives": "on", **contact}
        data |= {f"contact-{number}-{name}": value for name, value in row.items()}
    return data
