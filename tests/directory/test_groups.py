"""How many people are in groups and hold positions."""

from __future__ import annotations

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Operator, Role
from denrei.broadcasts.models import IncidentType
from denrei.directory import groups
from denrei.directory.groups import Headcount
from denrei.directory.models import (
    ContactGroup,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
    RecipientState,
)

pytestmark = pytest.mark.django_db


@pytest.mark.spec("ALL-5")
def test_an_operator_counts_the_people_of_his_unit() -> None:
    city = organizations.create("city", "市")
    with tenancy.acting_for(city.pk):
        school = units.add(city, "1", "小学校")
        group = ContactGroup.objects.create(organization=city, code="1", name="全員")
        empty = ContactGroup.objects.create(organization=city, code="2", name="空")
        for unit, state in (
            (school, RecipientState.ACTIVE),
            (school, RecipientState.LEFT),
            (None, RecipientState.ACTIVE),
        ):
            person = Recipient.objects.create(
                organization=city, name="見本", unit=unit, state=state
            )
            GroupMember.objects.create(organization=city, group=group, recipient=person)
        everywhere, here = (
            Operator(organization=city, role=Role.ADMIN, unit=unit) for unit in (None, school)
        )
        ids = [group.pk, empty.pk]

        counts = [groups.headcounts(ContactGroup, ids, operator) for operator in (everywhere, here)]

    assert [{group.pk: Headcount(active=2, left=1)}, {group.pk: Headcount(active=1, left=1)}] == (
        counts
    )


def test_holders_of_a_position_are_counted() -> None:
    city = organizations.create("city", "市")
    with tenancy.acting_for(city.pk):
        chief = Position.objects.create(organization=city, code="1", name="課長")
        for number in range(3):
            person = Recipient.objects.create(organization=city, name=f"見本{number}")
            PositionHolder.objects.create(organization=city, position=chief, recipient=person)

        counts = groups.headcounts(Position, [chief.pk], Operator(organization=city))

    assert (3, 3) == (counts[chief.pk].active, counts[chief.pk].all)


def test_lists_that_people_do_not_have_have_no_headcount() -> None:
    assert {} == groups.headcounts(IncidentType, [1], Operator())
