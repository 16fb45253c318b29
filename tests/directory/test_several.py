"""Changing several people at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from denrei.accounts import tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization
from denrei.directory import several
from denrei.directory.models import (
    ContactGroup,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
    RecipientState,
)


@pytest.fixture
def clerk(school: Organization) -> Iterator[Operator]:
    """An operator of the whole school, in whose name the transaction acts."""
    with tenancy.acting_for(school.pk):
        yield Operator.objects.create(organization=school, login="clerk", name="事務 一郎")


@pytest.fixture
def three(clerk: Operator) -> list[Recipient]:
    school = clerk.organization
    return [Recipient.objects.create(organization=school, name=name) for name in "甲乙丙"]


def ids(people: list[Recipient]) -> list[int]:
    return [person.pk for person in people]


def told(action: str) -> dict[str, object]:
    entry = AuditEntry.objects.get(action=action)
    assert entry.after is not None
    return dict(entry.after)


@pytest.mark.spec("MSG-5", "ALL-3")
def test_people_join_a_group_once(clerk: Operator, three: list[Recipient]) -> None:
    group = ContactGroup.objects.create(organization=clerk.organization, code="G", name="1年")
    several.join(clerk, ids(three[:1]), group)
    AuditEntry.objects.get(action="people.joined")

    joined = several.join(clerk, ids(three), group)

    assert (joined, GroupMember.objects.count()) == (2, 3)
    newest = AuditEntry.objects.filter(action="people.joined").latest("id")
    assert newest.after == {"group": "1年", "recipients": ids(three[1:])}


@pytest.mark.spec("MSG-5")
def test_people_part_from_a_group(clerk: Operator, three: list[Recipient]) -> None:
    group = ContactGroup.objects.create(organization=clerk.organization, code="G", name="1年")
    several.join(clerk, ids(three[:2]), group)

    assert several.part(clerk, ids(three[1:]), group) == 1
    assert told("people.parted") == {"group": "1年", "recipients": [three[1].pk]}


@pytest.mark.spec("MSG-5")
def test_a_position_replaces_others(clerk: Operator, three: list[Recipient]) -> None:
    school = clerk.organization
    old = Position.objects.create(organization=school, code="1", name="班員")
    new = Position.objects.create(organization=school, code="2", name="班長")
    several.appoint(clerk, ids(three[:2]), old)

    assert several.appoint(clerk, ids(three[1:]), new) == 2
    assert several.appoint(clerk, ids(three[1:]), new) == 0
    assert several.appoint(clerk, ids(three[:1]), None) == 1

    held = PositionHolder.objects.values_list("recipient", "position__name")
    assert set(held) == {(three[1].pk, "班長"), (three[2].pk, "班長")}


@pytest.mark.spec("MSG-5")
def test_people_leave_and_their_time_of_change_moves(
    clerk: Operator, three: list[Recipient]
) -> None:
    assert several.move(clerk, ids(three[:2]), RecipientState.LEFT) == 2
    assert several.move(clerk, ids(three), RecipientState.LEFT) == 1

    later = Recipient.objects.get(pk=three[0].pk)
    three[0].refresh_from_db(fields=["created_at"])
    assert (later.state, later.updated_at > three[0].created_at) == (RecipientState.LEFT, True)


def test_nothing_done_is_not_recorded(clerk: Operator) -> None:
    assert several.move(clerk, [0], RecipientState.LEFT) == 0
    assert AuditEntry.objects.count() == 0


@pytest.mark.spec("ALL-5")
def test_others_people_are_untouched(clerk: Operator, three: list[Recipient]) -> None:
    school = clerk.organization
    mine = units.add(school, "1", "1年")
    Recipient.objects.filter(pk=three[0].pk).update(unit=mine)
    teacher = Operator.objects.create(organization=school, login="t", name="担任", unit=mine)
    group = ContactGroup.objects.create(organization=school, code="G", name="1年")
    several.join(clerk, ids(three[1:]), group)

    assert several.join(teacher, ids(three), group) == 1
    assert several.part(teacher, ids(three[1:]), group) == 0
    assert several.move(teacher, ids(three), RecipientState.LEFT) == 1
