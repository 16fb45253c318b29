"""Adding, changing, leaving and erasing people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization
from denrei.directory import addresses, contacts, households, people
from denrei.directory.contacts import Wanted
from denrei.directory.households import Child
from denrei.directory.models import (
    Contact,
    ContactGroup,
    ContactState,
    Household,
    Position,
    Recipient,
    RecipientState,
    Subject,
)
from denrei.directory.people import Entry
from denrei.domain.states import Medium


@pytest.fixture
def foreign_group(db: None) -> ContactGroup:
    """A group of another organization."""
    other = organizations.create("other", "別の学校")
    with tenancy.acting_for(other.pk):
        return ContactGroup.objects.create(organization=other, code="G", name="1年")


@pytest.fixture
def clerk(school: Organization) -> Iterator[Operator]:
    """An operator of the whole school, in whose name the transaction acts."""
    with tenancy.acting_for(school.pk):
        yield Operator.objects.create(organization=school, login="clerk", name="事務 一郎")


def at(typed: str, medium: Medium = Medium.MAIL, slot: int = 1, **more: bool) -> Wanted:
    """Return a contact as a form reads it."""
    read = addresses.read(typed, medium)
    return Wanted(medium=medium, address=read.address, key=read.key, slot=slot, **more)


HANAKO = Entry(name="山田 花子", kana="やまだ はなこ", code="A-1", contacts=(at("a@example.jp"),))


def changed(clerk: Operator, recipient: Recipient, entry: Entry) -> bool:
    recipient.refresh_from_db()
    return people.change(clerk, recipient.pk, entry, recipient.updated_at)


def held(recipient: Recipient) -> list[tuple[int, str, int, int]]:
    rows = Contact.objects.filter(recipient=recipient).order_by("medium", "slot", "state")
    return [(row.medium, row.address, row.slot, row.state) for row in rows]


@pytest.mark.spec("MSG-5", "ALL-3")
def test_a_person_is_added_with_everything(clerk: Operator) -> None:
    group = ContactGroup.objects.create(organization=clerk.organization, code="G", name="1年")
    position = Position.objects.create(organization=clerk.organization, code="P", name="役員")
    entry = replace(
        HANAKO,
        household="H1",
        groups=frozenset({group.pk}),
        positions=frozenset({position.pk}),
        contacts=(at("a@example.jp", confirmed=True), at("090-1234-5678", Medium.SMS)),
    )

    added = people.add(clerk, entry)

    assert added.search == "山田花子 やまだはなこ a-1 a@example.jp +819012345678"
    assert held(added) == [(1, "a@example.jp", 1, 1), (2, "+819012345678", 1, 0)]
    assert added.household == Household.objects.get(code="H1")
    trail = AuditEntry.objects.get(action="person.added")
    assert (trail.subject_id, trail.actor_name) == (str(added.pk), "事務 一郎")
    assert trail.after is not None
    assert (trail.after["groups"], trail.after["positions"]) == (["1年"], ["役員"])


@pytest.mark.spec("ALL-3")
def test_only_what_changed_is_recorded(clerk: Operator) -> None:
    person = people.add(clerk, HANAKO)

    assert changed(clerk, person, replace(HANAKO, kana="やまだ", code="A-2"))
    assert not changed(clerk, person, replace(HANAKO, kana="やまだ", code="A-2"))

    trail = AuditEntry.objects.get(action="person.changed")
    assert (trail.before, trail.after) == (
        {"kana": "やまだ はなこ", "code": "A-1"},
        {"kana": "やまだ", "code": "A-2"},
    )


def test_a_change_keeps_the_search_and_the_time_true(clerk: Operator) -> None:
    person = people.add(clerk, HANAKO)
    before = person.updated_at

    changed(clerk, person, replace(HANAKO, name="髙﨑 花子", contacts=(at("b@example.jp"),)))

    person.refresh_from_db()
    assert person.search == "高崎花子 やまだはなこ a-1 b@example.jp"
    assert person.updated_at > before


@pytest.mark.spec("SCH-2", "SCH-4")
def test_an_address_that_gives_way_is_retired(clerk: Operator) -> None:
    person = people.add(clerk, replace(HANAKO, contacts=(at("a@example.jp", confirmed=True),)))

    changed(clerk, person, replace(HANAKO, contacts=(at("b@example.jp"),)))

    assert held(person) == [
        (1, "b@example.jp", 1, ContactState.UNCONFIRMED),
        (1, "a@example.jp", 1, ContactState.RETIRED),
    ]


def test_a_retired_address_comes_back_unconfirmed(clerk: Operator) -> None:
    person = people.add(clerk, replace(HANAKO, contacts=(at("a@example.jp", confirmed=True),)))
    changed(clerk, person, replace(HANAKO, contacts=()))

    changed(clerk, person, replace(HANAKO, contacts=(at("A@example.jp", slot=2),)))

    assert held(person) == [(1, "A@example.jp", 2, ContactState.UNCONFIRMED)]


@pytest.mark.spec("EMC-10")
def test_devices_of_the_app_stay(clerk: Operator) -> None:
    person = people.add(clerk, HANAKO)
    Contact.objects.create(
        organization=clerk.organization,
        recipient=person,
        medium=Medium.APP,
        address="token",
        address_key="token",
    )

    changed(clerk, person, replace(HANAKO, contacts=()))

    assert held(person)[-1] == (Medium.APP, "token", 1, ContactState.UNCONFIRMED)


def test_a_person_changed_meanwhile_is_left_as_he_is(clerk: Operator) -> None:
    person = people.add(clerk, HANAKO)
    seen = person.updated_at
    changed(clerk, person, replace(HANAKO, kana="先に変えた"))

    with pytest.raises(people.ChangedMeanwhileError):
        people.change(clerk, person.pk, replace(HANAKO, kana="後から"), seen)

    person.refresh_from_db()
    assert person.kana == "先に変えた"


def test_a_code_belongs_to_one_person(clerk: Operator) -> None:
    people.add(clerk, HANAKO)

    with pytest.raises(people.CodeTakenError):
        people.add(clerk, HANAKO)
    people.add(clerk, replace(HANAKO, code=""))
    people.add(clerk, replace(HANAKO, code=""))


@pytest.mark.spec("MSG-5")
def test_who_left_may_come_back(clerk: Operator) -> None:
    person = people.add(clerk, HANAKO)

    people.move(clerk, person.pk, RecipientState.LEFT)
    people.move(clerk, person.pk, RecipientState.LEFT)
    left = Recipient.objects.get().state
    people.move(clerk, person.pk, RecipientState.ACTIVE)

    assert (left, Recipient.objects.get().state) == (RecipientState.LEFT, RecipientState.ACTIVE)
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["person.added", "person.left", "person.returned"]


@pytest.mark.spec("MSG-5")
def test_erasing_takes_everything_but_the_trail(clerk: Operator) -> None:
    person = people.add(clerk, HANAKO)

    people.erase(clerk, person.pk)

    assert (Recipient.objects.count(), Contact.objects.count()) == (0, 0)
    trail = AuditEntry.objects.get(action="person.erased")
    assert trail.before == {"name": "山田 花子", "code": "A-1"}


@pytest.mark.spec("MSG-5", "OPS-8")
def test_erasing_the_last_of_a_household_takes_its_children(clerk: Operator) -> None:
    mother = people.add(clerk, replace(HANAKO, household="H1"))
    father = people.add(clerk, replace(HANAKO, code="", household="H1"))
    people.add(clerk, replace(HANAKO, code="", household="H2"))
    assert mother.household
    households.set_children(clerk, mother.household, [Child(id=None, name="一郎")])

    people.move(clerk, father.pk, RecipientState.LEFT)
    people.erase(clerk, mother.pk)
    assert ({"H1", "H2"}, 1) == (_codes(), Subject.objects.count())
    people.erase(clerk, father.pk)

    assert ({"H2"}, 0) == (_codes(), Subject.objects.count())


def _codes() -> set[str]:
    return set(Household.objects.values_list("code", flat=True))


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_keeps_to_it(clerk: Operator) -> None:
    school = clerk.organization
    mine, other = units.add(school, "1", "1年"), units.add(school, "2", "2年")
    teacher = Operator.objects.create(organization=school, login="t", name="担任", unit=mine)
    elsewhere = people.add(clerk, replace(HANAKO, unit=other))
    here = people.add(teacher, replace(HANAKO, code="", unit=mine))

    for unit in (other, None):
        with pytest.raises(people.UnitOutOfReachError):
            people.add(teacher, replace(HANAKO, code="", unit=unit))
        with pytest.raises(people.UnitOutOfReachError):
            changed(teacher, here, replace(HANAKO, code="", unit=unit))
    with pytest.raises(Recipient.DoesNotExist):
        changed(teacher, elsewhere, replace(HANAKO, unit=mine))
    with pytest.raises(Recipient.DoesNotExist):
        people.erase(teacher, elsewhere.pk)
    with pytest.raises(Recipient.DoesNotExist):
        people.move(teacher, elsewhere.pk, RecipientState.LEFT)


@pytest.mark.spec("ALL-5")
def test_groups_of_another_organization_count_as_none(
    foreign_group: ContactGroup, clerk: Operator
) -> None:
    person = people.add(clerk, replace(HANAKO, groups=frozenset({foreign_group.pk})))

    assert person.memberships.count() == 0


def test_the_same_address_outside_the_household_is_told(clerk: Operator) -> None:
    hanako = people.add(clerk, replace(HANAKO, household="H1"))
    people.add(clerk, replace(HANAKO, code="", name="夫", household="H1"))
    other = people.add(clerk, replace(HANAKO, code="", name="別の方", household=""))

    found = contacts.elsewhere(hanako, Contact.objects.all())

    assert [contact.recipient_id for contact in found] == [other.pk]
