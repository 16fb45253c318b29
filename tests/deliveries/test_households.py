"""One address of several people of one household: one message, and whose it is (NEW-5)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from denrei.accounts import tenancy
from denrei.audience import freezing
from denrei.deliveries.launch import Step
from denrei.directory.models import Household, Recipient
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from tests.deliveries.world import World, workers

pytestmark = [pytest.mark.usefixtures("committed", "freezing_at_once"), pytest.mark.spec("NEW-5")]

HOME = "home@example.jp"


@pytest.fixture(params=[20_000, 0], ids=["at once", "from the roster"])
def freezing_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the audience with the press, or page by page while its slices are written."""
    monkeypatch.setattr(freezing, "AT_ONCE", request.param)
    monkeypatch.setattr(freezing, "PAGE", 2)


def _household(
    world: World, count: int, code: str = "1", address: str = HOME
) -> tuple[Household, list[Recipient]]:
    """Return a household whose people all hold one address."""
    with tenancy.acting_for(world.organization.id):
        household = Household.objects.create(organization=world.organization, code=code)
    return household, world.people(count, address=address, household=household)


def _sent(world: World) -> list[tuple[str, int]]:
    """Return (address, attempts) of each delivery that was tried."""
    return world.ask(
        "SELECT d.address, count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id"
        " GROUP BY d.id, d.address ORDER BY 1"
    )


@pytest.mark.parametrize("slice_people", [20_000, 3, 2, 1])
def test_one_address_of_a_household_gets_one_message_however_the_slices_fall(
    world: World, slice_people: int
) -> None:
    world.lane()
    household, _ = _household(world, 4)
    world.people(1, address="neighbour@example.jp")
    world.people(1, address="own@example.jp", household=household)
    launched = world.launch()

    world.slices(launched.broadcast_id, people=slice_people)
    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert _sent(world) == [(HOME, 1), ("neighbour@example.jp", 1), ("own@example.jp", 1)]
    assert (6, 6) == (look.people.total, look.people.reached_only)


def test_people_of_different_households_or_of_none_get_a_message_each(world: World) -> None:
    world.lane()
    _household(world, 2, "1")
    _household(world, 1, "2")
    world.people(2, address=HOME)
    launched = world.launch()

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert [(HOME, 1)] * 4 == _sent(world)
    assert look.people.reached_only == 5


def test_another_medium_of_the_household_is_another_message(world: World) -> None:
    world.lane(Medium.MAIL)
    world.lane(Medium.SMS)
    household, _ = _household(world, 2)
    world.people(1, medium=Medium.SMS, address=HOME, household=household)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    assert [(HOME, 1), (HOME, 1)] == _sent(world)


def test_who_does_not_receive_at_the_address_neither_gets_nor_hides_the_message(
    world: World,
) -> None:
    world.lane()
    _, people = _household(world, 3)
    world.change("UPDATE contact SET receives = false WHERE recipient_id = %s", people[0].pk)
    launched = world.launch()

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert [(HOME, 1)] == _sent(world)
    assert (2, 1) == (look.people.reached_only, look.people.no_contact)


@pytest.mark.parametrize("who", [[0], [1], [2], [0, 1], [1, 2]], ids=str)
def test_the_answer_of_some_does_not_cancel_the_message_of_the_others(
    world: World, who: Sequence[int]
) -> None:
    world.lane()
    _, people = _household(world, 3)
    launched = world.launch()
    world.slices(launched.broadcast_id, people=2)
    world.answers(launched.broadcast_id, [people[n].pk for n in who])

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 1}
    assert (len(who), 3 - len(who)) == (look.people.answered, look.people.reached_only)


def test_the_answers_of_all_cancel_it(world: World) -> None:
    world.lane()
    _, people = _household(world, 3)
    launched = world.launch()
    world.slices(launched.broadcast_id)
    for person in people:
        world.answers(launched.broadcast_id, [person.pk])

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {(State.CANCELLED, Reason.ANSWERED_ELSEWHERE): 1}
    assert look.people.answered == 3
    assert _sent(world) == []


@pytest.mark.parametrize(
    "freezing_at_once", [20_000], indirect=True
)  # who is on the roster can't answer yet
def test_an_answer_before_the_slices_are_written_cancels_no_message_of_the_others(
    world: World,
) -> None:
    world.lane()
    _, people = _household(world, 2)
    launched = world.launch()
    world.answers(launched.broadcast_id, [people[0].pk])

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 1}
    assert (1, 1) == (look.people.answered, look.people.reached_only)


def test_the_answers_of_all_before_the_slices_are_written_cancel_it(world: World) -> None:
    world.lane()
    _, people = _household(world, 2)
    launched = world.launch()
    world.answers(launched.broadcast_id, [person.pk for person in people])

    with workers(1):
        world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {(State.CANCELLED, Reason.ANSWERED_ELSEWHERE): 1}


@pytest.mark.parametrize(
    ("who", "states"),
    [
        ([0], {(State.ACCEPTED, Reason.NONE): 2}),
        (
            [0, 1],
            {(State.ACCEPTED, Reason.NONE): 1, (State.CANCELLED, Reason.ANSWERED_ELSEWHERE): 1},
        ),
    ],
    ids=["some answered", "all answered"],
)
def test_a_later_medium_of_the_household_is_cancelled_only_when_all_have_answered(
    world: World, who: Sequence[int], states: dict[tuple[int, int], int]
) -> None:
    world.lane(Medium.MAIL)
    world.lane(Medium.SMS)
    _household(world, 2)
    world.change(
        "INSERT INTO contact (organization_id, recipient_id, medium, address, address_key)"
        " SELECT organization_id, id, 2, '09012345678', '09012345678' FROM recipient"
    )
    people = [row[0] for row in world.ask("SELECT id FROM recipient ORDER BY id")]
    launched = world.launch(
        steps=(Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=600))
    )

    with workers(1):
        world.until(launched.broadcast_id, lambda look: look.deliveries.handed_over == 1)
        world.answers(launched.broadcast_id, [people[n] for n in who])
        world.until(launched.broadcast_id, lambda _: not _unswept(world))
        world.hurry(launched.broadcast_id)
        world.finished(launched.broadcast_id)

    assert states == world.states(launched.broadcast_id)


def _unswept(world: World) -> list[tuple[int]]:
    return world.ask("SELECT recipient_id FROM halt WHERE NOT swept")


@pytest.mark.spec("EMC-6")
def test_a_shared_address_that_is_known_as_bad_reaches_nobody_of_the_household(
    world: World,
) -> None:
    world.lane()
    _household(world, 3)
    world.people(1, address="other@example.jp")
    world.suppress(HOME)
    launched = world.launch()

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {
        (State.SUPPRESSED, Reason.KNOWN_BAD): 1,
        (State.ACCEPTED, Reason.NONE): 1,
    }
    assert (1, 3) == (look.people.reached_only, look.people.unreached)


@pytest.mark.spec("NEW-2")
def test_a_shared_message_that_came_back_lowers_everybody_whom_nothing_else_reached(
    world: World,
) -> None:
    world.lane()
    _household(world, 3)
    world.people(1, address="own@example.jp")
    launched = world.launch()
    with workers(1):
        before = world.finished(launched.broadcast_id)
        world.bounces(launched.broadcast_id, HOME)
        after = world.until(launched.broadcast_id, lambda look: look.deliveries.failed == 1)

    assert (4, 0) == (before.people.reached_only, before.people.unreached)
    assert (1, 3) == (after.people.reached_only, after.people.unreached)
