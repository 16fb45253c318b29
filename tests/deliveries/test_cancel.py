"""Nothing more is sent: after an answer, a stop, or the time to give up (EMC-5, OPS-7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from functools import partial

import psycopg
import pytest

from denrei.accounts import tenancy
from denrei.deliveries import bell, cancel
from denrei.deliveries.launch import Step
from denrei.deliveries.release import release
from denrei.deliveries.stages import Stage
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from tests.deliveries.world import Look, World, settings_conninfo, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("EMC-5", "NEW-1")]

_LATER = (Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=600))


def _answer(world: World, broadcast: int) -> None:
    people = [row[0] for row in world.ask("SELECT recipient_id FROM audience")]
    world.answers(broadcast, people)


def _stop(world: World, broadcast: int) -> None:
    assert cancel.stop(world.organization.id, broadcast)


def _give_up(world: World, broadcast: int) -> None:
    world.change("UPDATE run SET give_up_at = now() WHERE broadcast_id = %s", broadcast)


class End(Enum):
    """What ends a broadcast for its people, and what becomes of a delivery that waits."""

    ANSWER = (partial(_answer), State.CANCELLED, Reason.ANSWERED_ELSEWHERE)
    STOP = (partial(_stop), State.CANCELLED, Reason.STOPPED)
    GIVE_UP = (partial(_give_up), State.EXPIRED, Reason.GIVEN_UP)

    @property
    def act(self) -> Callable[[World, int], None]:
        """Do it."""
        return self.value[0]

    @property
    def fate(self) -> tuple[State, Reason]:
        """State and reason of what waited."""
        return self.value[1:]


every_end = pytest.mark.parametrize("end", End, ids=lambda end: end.name)


@pytest.mark.spec("OPS-7")
@every_end
def test_what_waits_for_a_later_medium_is_not_sent(world: World, end: End) -> None:
    world.lane(Medium.MAIL)
    world.lane(Medium.SMS)
    world.people(3, Medium.MAIL)
    world.change(
        "INSERT INTO contact (organization_id, recipient_id, medium, address, address_key)"
        " SELECT organization_id, id, 2, '0901234567' || id, id FROM recipient"
    )
    launched = world.launch(steps=_LATER)

    with workers(1):
        world.until(launched.broadcast_id, lambda look: look.deliveries.handed_over == 3)
        end.act(world, launched.broadcast_id)
        world.finished(launched.broadcast_id)

    assert {(State.ACCEPTED, Reason.NONE): 3, end.fate: 3} == world.states(launched.broadcast_id)


@every_end
def test_a_retry_that_waits_is_not_made(world: World, end: End) -> None:
    world.lane(retry_seconds=[3600, 3600], rules={"": ["TEMPORARY"]})
    world.people(5)
    launched = world.launch()

    with workers(1):
        world.until(launched.broadcast_id, lambda _: _attempts(world) == 5)
        end.act(world, launched.broadcast_id)
        world.finished(launched.broadcast_id)

    assert {end.fate: 5} == world.states(launched.broadcast_id)
    assert _attempts(world) == 5


def _attempts(world: World) -> int:
    ((count,),) = world.ask("SELECT count(*) FROM attempt")
    return int(count)


@every_end
@pytest.mark.parametrize(
    ("outcome", "fate"),
    [
        ("accept", (State.ACCEPTED, Reason.NONE)),
        ("UNKNOWN_USER", (State.FAILED, Reason.UNKNOWN_USER)),
        ("TEMPORARY", None),
        ("THROTTLED", None),
        ("IN_DOUBT", None),
    ],
)
def test_what_is_in_flight_ends_with_its_true_status_and_is_not_tried_again(
    world: World, end: End, outcome: str, fate: tuple[State, Reason] | None
) -> None:
    world.lane(delay=0.6, rules={"": [outcome, "accept"]})
    world.people(2)
    launched = world.launch()

    with workers(1):
        wait_for(lambda: _opened(world))
        time.sleep(0.1)  # past the gate, which follows at once, and long before the answer
        end.act(world, launched.broadcast_id)
        world.finished(launched.broadcast_id)

    doubts = [(int(outcome == "IN_DOUBT"),)] * 2
    assert {fate or end.fate: 2} == world.states(launched.broadcast_id)
    assert (_attempts(world), doubts) == (2, world.ask("SELECT doubts FROM delivery"))


def _opened(world: World) -> bool:
    return bool(world.ask("SELECT FROM chunk WHERE in_doubt_max > 0"))


@every_end
def test_what_a_worker_held_when_it_died_is_not_sent_and_stays_marked(
    world: World, end: End
) -> None:
    world.lane(window=2)
    world.people(3)
    launched = world.launch()
    world.slices(launched.broadcast_id)
    world.die_holding(window=2)
    end.act(world, launched.broadcast_id)

    with workers(1):
        world.finished(launched.broadcast_id)

    assert {end.fate: 3} == world.states(launched.broadcast_id)
    assert [(0,), (1,), (1,)] == world.ask("SELECT doubts FROM delivery ORDER BY 1")


@pytest.mark.spec("EMC-1")
@every_end
def test_its_status_says_so(end: End) -> None:
    state, reason = end.fate

    status = status_of(Position(state=state, medium=Medium.MAIL, reason=reason))

    assert (Status.OTHER_ERROR if end is End.GIVE_UP else Status.CANCELLED) is status


@pytest.mark.parametrize("written", [0, 10, 20])
@pytest.mark.parametrize("end", [End.STOP, End.GIVE_UP], ids=lambda end: end.name)
def test_a_broadcast_that_is_ended_while_it_is_prepared_is_written_to_the_end_and_sent_to_nobody(
    world: World, end: End, written: int
) -> None:
    world.lane()
    world.people(25)
    launched = world.launch()
    world.slices(launched.broadcast_id, people=10, most=written // 10)
    end.act(world, launched.broadcast_id)

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert {end.fate: 25} == world.states(launched.broadcast_id)
    assert (25, 0) == (look.deliveries.total, _attempts(world))


def test_a_stop_in_the_middle_ends_everything_that_was_not_on_the_wire(world: World) -> None:
    world.lane(chunk_size=50, delay=0.02, lines=10)
    world.people(1500)
    launched = world.launch()

    def under_way(look: Look) -> bool:
        return look.deliveries.handed_over > 50

    with workers(2):
        world.until(launched.broadcast_id, under_way)
        _stop(world, launched.broadcast_id)
        look = world.finished(launched.broadcast_id)
    sent = look.deliveries.handed_over

    assert {
        (State.ACCEPTED, Reason.NONE): sent,
        (State.CANCELLED, Reason.STOPPED): 1500 - sent,
    } == world.states(launched.broadcast_id)
    assert sent == _attempts(world)
    assert sent < 1000
    assert [(0,)] == world.ask("SELECT count(*) FROM chunk WHERE state < 2")


def test_answers_in_the_middle_cancel_no_one_else(world: World) -> None:
    world.lane(chunk_size=50, delay=0.02, lines=10)
    people = world.people(600)
    answered = [person.pk for person in people[300::2]]
    launched = world.launch()

    with workers(2):
        world.until(launched.broadcast_id, lambda look: look.deliveries.handed_over > 20)
        for first in range(0, len(answered), 10):
            world.answers(launched.broadcast_id, answered[first : first + 10])
        look = world.finished(launched.broadcast_id)

    cancelled = world.ask("SELECT recipient_id FROM delivery WHERE state = 5")
    assert {recipient for (recipient,) in cancelled} <= set(answered)
    assert look.deliveries.handed_over + len(cancelled) == 600
    assert (150, 450) == (look.people.answered, look.people.reached_only)


def test_a_second_stop_stops_nothing_more(world: World) -> None:
    world.lane()
    world.people(2)
    launched = world.launch()

    stops = [cancel.stop(world.organization.id, launched.broadcast_id) for _ in range(2)]

    assert [True, False] == stops
    assert [("broadcast.stopped",)] == world.ask(
        "SELECT action FROM audit_entry WHERE action = 'broadcast.stopped'"
    )


def test_a_stop_after_the_end_stops_nothing_and_changes_nothing(world: World) -> None:
    world.lane()
    world.people(2)
    launched = world.launch()
    with workers(1):
        before = world.finished(launched.broadcast_id)
        stopped = cancel.stop(world.organization.id, launched.broadcast_id)
        after = world.conserved(launched.broadcast_id)

    assert (stopped, before) == (False, after)


def test_there_is_nothing_to_stop_in_a_broadcast_of_somebody_else(world: World) -> None:
    world.lane()
    world.people(1)
    launched = world.launch()

    assert not cancel.stop(World.create().organization.id, launched.broadcast_id)
    assert world.ask("SELECT * FROM halt") == []


@pytest.mark.parametrize("end", [End.STOP, End.GIVE_UP], ids=lambda end: end.name)
def test_answers_are_taken_after_the_end(world: World, end: End) -> None:
    world.lane()
    people = world.people(4)
    launched = world.launch()
    end.act(world, launched.broadcast_id)
    with workers(1):
        world.finished(launched.broadcast_id)

    world.answers(launched.broadcast_id, [people[0].pk])
    look = world.conserved(launched.broadcast_id)

    assert (1, 3) == (look.people.answered, look.people.unreached)
    assert Stage.FINISHED is look.stage


def test_a_release_after_a_stop_sends_nothing(world: World) -> None:
    world.lane(Medium.MAIL)
    world.people(1)
    world.suppress("p0@example.jp")
    launched = world.launch()
    world.slices(launched.broadcast_id)
    _stop(world, launched.broadcast_id)

    released = release(world.organization.id, Medium.MAIL, "p0@example.jp")

    assert released == 0
    assert world.states(launched.broadcast_id) == {(State.SUPPRESSED, Reason.KNOWN_BAD): 1}


def test_a_halt_rings_once_and_only_where_it_is_new(world: World) -> None:
    world.lane()
    people = [person.pk for person in world.people(3)]
    broadcast = world.launch().broadcast_id

    with psycopg.connect(settings_conninfo(), autocommit=True) as ear:
        ear.execute(f"LISTEN {bell.CHANNEL}")
        rings = []
        for halted in (people[:2], people[:2], people):
            with tenancy.acting_for(world.organization.id):
                cancel.halt(world.organization.id, broadcast, halted)
            rings.append(len(list(ear.notifies(timeout=0.2))))

    assert rings == [1, 0, 1]
