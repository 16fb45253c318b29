"""Children of a household, as operators see and change them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from denrei.accounts import tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization
from denrei.directory import households
from denrei.directory.households import Child
from denrei.directory.models import Household, Recipient, Subject


@pytest.fixture
def clerk(school: Organization) -> Iterator[Operator]:
    """An operator of the whole school, in whose name the transaction acts."""
    with tenancy.acting_for(school.pk):
        yield Operator.objects.create(organization=school, login="clerk", name="事務 一郎")


@pytest.fixture
def home(clerk: Operator) -> Household:
    return Household.objects.create(organization=clerk.organization, code="H1")


@pytest.mark.spec("NEW-5", "ALL-3")
def test_children_come_change_and_go(clerk: Operator, home: Household) -> None:
    first = (Child(id=None, name="一郎", kana="いちろう"), Child(id=None, name="二葉"))
    assert households.set_children(clerk, home, first)
    known = Subject.objects.get(name="一郎")

    then = (Child(id=known.pk, name="一郎", class_name="3年2組"),)
    assert households.set_children(clerk, home, then)
    assert not households.set_children(clerk, home, then)

    rows = Subject.objects.values_list("pk", "name", "kana", "class_name")
    assert list(rows) == [(known.pk, "一郎", "", "3年2組")]
    assert AuditEntry.objects.filter(action="household.changed").count() == 2


@pytest.mark.spec("ALL-5")
def test_children_of_other_units_are_neither_seen_nor_touched(
    clerk: Operator, home: Household
) -> None:
    school = clerk.organization
    mine, other = units.add(school, "1", "1年"), units.add(school, "2", "2年")
    teacher = Operator.objects.create(organization=school, login="t", name="担任", unit=mine)
    hidden = households.Child(id=None, name="他校の子", unit=other)
    households.set_children(clerk, home, (hidden, Child(id=None, name="子", unit=mine)))
    kept = Subject.objects.get(unit=other)

    households.set_children(teacher, home, (Child(id=kept.pk, name="書き換え", unit=mine),))

    assert set(Subject.objects.values_list("name", "unit")) == {
        ("他校の子", other.pk),
        ("書き換え", mine.pk),
    }


@pytest.mark.spec("ALL-5")
def test_a_household_is_seen_by_who_sees_a_member(clerk: Operator, home: Household) -> None:
    school = clerk.organization
    mine = units.add(school, "1", "1年")
    teacher = Operator.objects.create(organization=school, login="t", name="担任", unit=mine)
    before = households.visible_to(teacher).count()

    Recipient.objects.create(organization=school, name="保護者", unit=mine, household=home)

    assert (before, households.visible_to(teacher).count()) == (0, 1)
    assert households.visible_to(clerk).count() == 1
