"""A city with groups, positions, people and a mail lane, and what a browser posts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Unit
from denrei.broadcasts.models import AnswerChoice, Draft, IncidentType, Instruction, Situation
from denrei.channels.simulator import Simulator
from denrei.deliveries import gateways
from denrei.deliveries.models import Gateway, Lane
from denrei.directory.models import (
    Contact,
    ContactGroup,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
)
from denrei.domain import text
from denrei.domain.states import Medium


@dataclass
class Desktop:
    """What the city's lists hold, by name, and a form that may be sent."""

    city: Organization
    groups: dict[str, str] = field(default_factory=dict)
    positions: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    situations: dict[str, str] = field(default_factory=dict)
    instructions: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)

    def form(self, **changes: Any) -> dict[str, Any]:
        """Return what a browser posts for a form without a fault; None leaves a field out."""
        given: dict[str, Any] = {
            "mode": "live",
            "incident": self.incidents["地震発生"],
            "occurred-day": "2026-11-21",
            "occurred-hour": "16",
            "occurred-minute": "13",
            "place": "汐見原市全域",
            "situation": self.situations["震度5弱以上を観測"],
            "situation_note": "市内で停電が発生しています。",
            "instruction": self.instructions["自宅で待機してください"],
            "instruction_note": "",
            "ask": "yes",
            "choices": self.answers,
            "confirm": "on",
            "sender": "髙﨑𠮷",
            "groups": [self.groups["消防団"]],
            "match": "any",
            "ways": ["mail"],
            "wait-mail": "0",
            "do": "confirm",
        }
        return {name: value for name, value in (given | changes).items() if value is not None}


@pytest.fixture
def desktop(city: Organization, first_school: Unit, second_school: Unit) -> Desktop:
    """Return the city's lists: 消防団 and 本庁, 課長 and 団員, a person of each school."""
    found = Desktop(city)
    with tenancy.acting_for(city.pk):
        found.groups = _masters(city, ContactGroup, ("消防団", "本庁"))
        found.positions = _masters(city, Position, ("課長", "団員"))
        _lane(city, Medium.MAIL)
        _person(found, "髙﨑 𠮷", first_school, ["消防団"], ["団員"])
        _person(found, "青木", second_school, ["消防団"], ["課長"])
        _person(found, "井上", None, ["本庁"], ["課長"])
        found.incidents = _ids(IncidentType.objects.all())
        found.situations = _ids(Situation.objects.all())
        found.instructions = _ids(Instruction.objects.all())
        found.answers = list(_ids(AnswerChoice.objects.all()).values())
    return found


def _ids(rows: Iterable[Any]) -> dict[str, str]:
    return {row.name: str(row.pk) for row in rows}


def _masters(city: Organization, kind: Any, names: tuple[str, ...]) -> dict[str, str]:
    return _ids(
        kind.objects.create(organization=city, code=str(number), name=name, order=number)
        for number, name in enumerate(names, 1)
    )


def _lane(city: Organization, medium: Medium) -> None:
    lane = Lane.objects.create(organization=city, medium=medium, name="mail")
    safe = gateways.vault([settings.SECRET_KEY])
    Gateway.objects.create(
        organization=city,
        lane=lane,
        kind=Simulator.kind,
        name="市のサーバー",
        settings=gateways.to_settings(Simulator(rules={"refused": ["UNKNOWN_USER"]}), safe),
    )


def _person(
    found: Desktop, name: str, unit: Unit | None, groups: list[str], positions: list[str]
) -> None:
    city = found.city
    person = Recipient.objects.create(
        organization=city, name=name, kana=name, search=text.fold(name), unit=unit
    )
    for group in groups:
        GroupMember.objects.create(
            organization=city, group_id=int(found.groups[group]), recipient=person
        )
    for position in positions:
        PositionHolder.objects.create(
            organization=city, position_id=int(found.positions[position]), recipient=person
        )
    address = f"p{person.pk}@example.jp"
    Contact.objects.create(
        organization=city, recipient=person, medium=1, address=address, address_key=address
    )
    found.people[name] = str(person.pk)


def words(response: HttpResponse) -> str:
    """Return the words of a page, without tags and with single spaces."""
    page = re.sub(r"<[^>]*>", "", response.content.decode())
    return re.sub(r"\s+", " ", page)


def value_of(response: HttpResponse, name: str) -> str:
    """Return the value of the first input field of a name."""
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', response.content.decode())
    assert found, f"no field {name}"
    return found[1]


def draft_of(city: Organization) -> Draft:
    """Return the only draft."""
    with tenancy.acting_for(city.pk):
        return Draft.objects.get()
