"""The people of a broadcast, page by page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy, units
from denrei.accounts.models import Operator, Role
from denrei.audience import freezing
from denrei.deliveries import cancel
from denrei.directory.models import ContactGroup, GroupMember, Household, Recipient
from denrei.domain.states import Grade, Look, Medium, State
from denrei.domain.status import Status
from denrei.reports.people import People, Person, Place, Wish
from denrei.responses import noting
from denrei.responses.answering import Reply
from denrei.responses.models import Source
from tests.deliveries.world import World, workers

pytestmark = pytest.mark.usefixtures("committed")

EVERYBODY = Wish()


def listed(
    world: World,
    broadcast: int,
    wish: Wish = EVERYBODY,
    *,
    after: Place | None = None,
    most: int = 50,
) -> list[Person]:
    with tenancy.acting_for(world.organization.pk):
        return People(broadcast, wish).page(after, most)


def names(people: list[Person]) -> list[str]:
    return [person.name for person in people]


def raised(world: World, broadcast: int, person: Recipient, grade: Grade) -> None:
    with tenancy.acting_for(world.organization.pk):
        freezing.raise_grade(broadcast, [person.pk], grade)


def heard(
    world: World, broadcast: int, person: Recipient, choice: str, source: str, operator: Operator
) -> None:
    reply = Reply(recipient_id=person.pk, choice=choice, source=source)
    noting.note(world.organization, broadcast, reply, operator)


def clerk(world: World) -> Operator:
    with tenancy.acting_for(world.organization.pk):
        return Operator.objects.create(
            organization=world.organization, login="clerk", name="係", role=Role.SENDER
        )


@pytest.mark.spec("ALL-4", "NEW-2")
def test_whom_nothing_reached_comes_first_and_everybody_comes_once(world: World) -> None:
    world.lane()
    people = world.people(7)
    broadcast = world.launch().broadcast_id
    for person, grade in zip(people, (4, 1, 0, 3, 2, 4, 0), strict=True):
        raised(world, broadcast, person, Grade(grade))

    pages, after = [], None
    while page := listed(world, broadcast, after=after, most=2):
        pages.append(names(page))
        after = page[-1].place

    assert [
        ["伝令 2", "伝令 6"],
        ["伝令 1", "伝令 4"],
        ["伝令 3", "伝令 0"],
        ["伝令 5"],
    ] == pages


def test_who_has_no_contact_comes_before_all(world: World) -> None:
    world.lane()
    world.people(1)
    world.people(1, Medium.SMS, "09012340000")
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)

    assert [Grade.NO_CONTACT, Grade.UNREACHED] == [
        person.grade for person in listed(world, broadcast)
    ]


def test_a_page_is_the_same_few_questions_for_any_number(world: World) -> None:
    world.lane()
    world.people(40)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)

    with CaptureQueriesContext(connection) as one:
        assert 1 == len(listed(world, broadcast, most=1))
    with CaptureQueriesContext(connection) as many:
        assert 40 == len(listed(world, broadcast))

    assert len(one) == len(many)


@pytest.mark.spec("EMC-1")
def test_each_says_how_his_deliveries_stand(world: World) -> None:
    world.lane(rules={"p0@": ["UNKNOWN_USER"]})
    world.people(2)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    waiting = listed(world, broadcast)
    with workers():
        world.finished(broadcast)

    unreached, reached = listed(world, broadcast)

    assert {(Status.WAITING, True, False)} == {
        (one.status, one.queued, one.claimed) for person in waiting for one in person.sent
    }
    assert [Status.ADDRESS_ERROR] == [one.status for one in unreached.sent]
    assert [(Status.DONE, State.ACCEPTED, False)] == [
        (one.status, one.state, one.in_doubt) for one in reached.sent
    ]


@pytest.mark.spec("NEW-5")
def test_who_shares_an_address_of_the_household_is_reached_by_its_delivery(world: World) -> None:
    world.lane()
    with tenancy.acting_for(world.organization.pk):
        home = Household.objects.create(organization=world.organization, code="H", name="家")
    world.people(2, address="home@example.jp", household=home)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)

    assert [1, 1] == [len(person.sent) for person in listed(world, broadcast)]
    assert [(1,)] == world.ask("SELECT count(*) FROM delivery")


@pytest.mark.spec("NEW-4")
def test_each_brings_his_answers_the_first_first(world: World) -> None:
    world.lane()
    person, _other = world.people(2)
    broadcast = world.launch().broadcast_id
    operator = clerk(world)
    for choice, source in (("1", Source.PHONE), ("3", Source.VISIT)):
        heard(world, broadcast, person, choice, source, operator)

    silent, answered = listed(world, broadcast)

    assert [] == list(silent.answers)
    assert [("1", Source.PHONE, False), ("3", Source.VISIT, True)] == [
        (answer.choice, answer.source, answer.worsened) for answer in answered.answers
    ]
    assert answered.needs_help


@pytest.mark.spec("ALL-4")
def test_the_list_is_narrowed_by_how_people_stand(world: World) -> None:
    world.lane()
    safe, hurt, looked, _silent = world.people(4)
    broadcast = world.launch().broadcast_id
    operator = clerk(world)
    heard(world, broadcast, safe, "1", Source.PHONE, operator)
    heard(world, broadcast, hurt, "3", Source.PHONE, operator)
    with tenancy.acting_for(world.organization.pk):
        freezing.raise_looks(broadcast, {looked.pk: Look.MAYBE})

    def narrowed(wish: Wish) -> list[str]:
        return names(listed(world, broadcast, wish))

    assert ["伝令 1"] == narrowed(Wish(needs_help=True))
    assert ["伝令 0"] == narrowed(Wish(choice="1"))
    assert ["伝令 2"] == narrowed(Wish(looked=Look.MAYBE))
    assert ["伝令 2", "伝令 3"] == narrowed(Wish(grades=frozenset({Grade.UNREACHED})))


@pytest.mark.spec("ALL-4")
def test_the_list_is_narrowed_by_where_people_belong_and_what_they_are_called(
    world: World,
) -> None:
    world.lane()
    school = units.add(world.organization, "S", "第一小学校")
    pupil, member, _neither = world.people(3)
    with tenancy.acting_for(world.organization.pk):
        Recipient.objects.filter(pk=pupil.pk).update(unit=school, search="伝令 れい 100%_a")
        group = ContactGroup.objects.create(organization=world.organization, code="g", name="班")
        GroupMember.objects.create(organization=world.organization, group=group, recipient=member)
    broadcast = world.launch().broadcast_id

    def narrowed(wish: Wish) -> list[str]:
        return names(listed(world, broadcast, wish))

    assert ["伝令 0"] == narrowed(Wish(units=(school.pk,)))
    assert ["第一小学校"] == [one.unit for one in listed(world, broadcast, Wish(text="れい"))]
    assert ["伝令 1"] == narrowed(Wish(group=group.pk))
    assert [] == narrowed(Wish(text="だれか"))
    assert [] == narrowed(Wish(text="れい", searched=(school.pk + 1,)))


def test_a_text_that_very_many_have_is_looked_for_person_by_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.lane()
    people = world.people(3)
    with tenancy.acting_for(world.organization.pk):
        Recipient.objects.filter(pk__in=[person.pk for person in people]).update(search="100%_a")
        Recipient.objects.filter(pk=people[0].pk).update(search="1000xa")
    broadcast = world.launch().broadcast_id
    monkeypatch.setattr("denrei.directory.searching.CAP", 1)

    assert ["伝令 1", "伝令 2"] == names(listed(world, broadcast, Wish(text="0%_A")))


def test_after_a_stop_nothing_waits(world: World) -> None:
    world.lane()
    world.people(1)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    cancel.stop(world.organization.pk, broadcast)
    with workers():
        world.finished(broadcast)

    assert [[Status.CANCELLED]] == [
        [one.status for one in person.sent] for person in listed(world, broadcast)
    ]


@pytest.mark.spec("ALL-5")
def test_people_of_another_organization_are_not_told(world: World) -> None:
    other = World.create()
    other.lane()
    other.people(1)

    assert [] == listed(world, other.launch().broadcast_id)
