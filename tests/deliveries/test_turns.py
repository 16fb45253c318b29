"""Calls: one contact of a person after the other, in rounds, each number by one caller at a time."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from denrei.accounts import tenancy
from denrei.deliveries.release import release
from denrei.directory.models import Household
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from tests.deliveries.server import blocked
from tests.deliveries.world import World, settings_conninfo, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("EMC-4")]

_AT_ONCE = {"turn_gap_seconds": 0, "round_gap_seconds": 0}


def _phone(world: World, **changes: Any) -> None:
    """Give the world a lane for calls; its gaps are 0 unless given."""
    world.lane(Medium.PHONE, sequential=True, chunk_size=1, **(_AT_ONCE | changes))


def _calls(world: World) -> list[tuple[str, int]]:
    """Return (address, state) of each call in the order of claims."""
    return world.ask(
        "SELECT d.address, a.state FROM attempt a JOIN delivery d ON d.id = a.delivery_id"
        " ORDER BY a.generation"
    )


def _statuses(world: World) -> dict[str, Status]:
    """Return address → the status that people see."""
    rows = world.ask(
        "SELECT d.address, d.state, d.reason, d.tries, coalesce(c.state = 1, false)"
        " FROM delivery d LEFT JOIN chunk c ON c.id = d.chunk_id"
    )
    return {
        address: status_of(
            Position(
                state=State(state),
                medium=Medium.PHONE,
                reason=Reason(reason),
                tries=tries,
                claimed=claimed,
            )
        )
        for address, state, reason, tries, claimed in rows
    }


@pytest.mark.parametrize("rounds", [1, 2])
def test_contacts_are_called_in_turn_round_by_round(world: World, rounds: int) -> None:
    _phone(world, rounds=rounds, rules={"": ["NO_ANSWER"]})
    world.people(1, Medium.PHONE, "slot {1}", slots=3)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    one_round = ["slot 1", "slot 2", "slot 3"]
    assert one_round * rounds == [address for address, _ in _calls(world)]
    assert dict.fromkeys(one_round, Status.NO_ANSWER) == _statuses(world)
    assert world.states(launched.broadcast_id) == {(State.EXHAUSTED, Reason.NO_ANSWER): 3}


@pytest.mark.parametrize(
    ("first", "state"),
    [
        # A connected call may be an answering machine: only an answer ends the round (EMC-4).
        ("accept", State.DELIVERED),
        ("REJECTED", State.FAILED),
        ("BUSY", State.WAITING),
    ],
)
def test_whatever_came_of_the_first_call_the_next_contact_has_its_turn(
    world: World, first: str, state: State
) -> None:
    _phone(world, rules={"slot 1": [first, "accept"]})
    world.people(1, Medium.PHONE, "slot {1}", slots=2)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    assert [("slot 1", state), ("slot 2", State.DELIVERED)] == _calls(world)[:2]


@pytest.mark.spec("EMC-1")
def test_between_two_calls_the_last_outcome_stands_and_who_waits_for_a_turn_waits(
    world: World,
) -> None:
    _phone(world, turn_gap_seconds=600, rules={"slot 1": ["BUSY"]})
    world.people(1, Medium.PHONE, "slot {1}", slots=3)
    launched = world.launch()

    with workers(1):
        world.until(launched.broadcast_id, lambda _: bool(_calls(world)))
        look = world.conserved(launched.broadcast_id)
        due = world.ask("SELECT address FROM delivery WHERE next_at > now() + interval '9 minutes'")

    assert {
        "slot 1": Status.BUSY,
        "slot 2": Status.WAITING,
        "slot 3": Status.WAITING,
    } == _statuses(world)
    assert (look.deliveries.waiting, due) == (3, [("slot 2",)])


@pytest.mark.spec("EMC-5")
def test_an_answer_by_another_medium_ends_the_rounds(world: World) -> None:
    _phone(world, turn_gap_seconds=600, rules={"slot": ["NO_ANSWER"]})
    person, *_ = world.people(1, Medium.PHONE, "slot {1}", slots=3)
    launched = world.launch()

    with workers(1):
        world.until(launched.broadcast_id, lambda _: bool(_calls(world)))
        world.answers(launched.broadcast_id, [person.pk])
        look = world.finished(launched.broadcast_id)

    assert len(_calls(world)) == 1
    assert (look.deliveries.cancelled, look.people.answered) == (3, 1)


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    "moment", ["before the first call", "while the first is called", "after the last call"]
)
def test_a_number_that_is_released_waits_for_its_turn(world: World, moment: str) -> None:
    _phone(world, rounds=1, delay=0.3)
    world.people(1, Medium.PHONE, "slot {1}", slots=2)
    world.suppress("slot 2", medium=Medium.PHONE)
    world.people(1, Medium.PHONE, "other {1}", slots=2)  # keeps the broadcast open
    launched = world.launch()
    world.slices(launched.broadcast_id)
    if moment == "before the first call":
        assert release(world.organization.id, Medium.PHONE, "slot 2") == 1

    with workers(1):
        if moment == "while the first is called":
            world.until(launched.broadcast_id, lambda look: look.deliveries.in_work == 2)
            assert release(world.organization.id, Medium.PHONE, "slot 2") == 1
        if moment == "after the last call":
            world.until(launched.broadcast_id, lambda look: look.deliveries.delivered == 2)
            assert release(world.organization.id, Medium.PHONE, "slot 2") == 1
        world.finished(launched.broadcast_id)

    assert _overlaps(world, "d.recipient_id") == []
    assert world.states(launched.broadcast_id) == {(State.DELIVERED, Reason.NONE): 4}


@pytest.mark.spec("EMC-6")
def test_a_number_that_is_released_in_the_moment_when_the_call_before_it_ends_has_its_turn(
    world: World,
) -> None:
    _phone(world, rounds=1, delay=0.3)
    world.people(1, Medium.PHONE, "slot {1}", slots=2)
    world.suppress("slot 2", medium=Medium.PHONE)
    launched = world.launch()

    with workers(1):
        world.until(launched.broadcast_id, lambda look: look.deliveries.in_work == 1)
        with tenancy.acting_for(world.organization.id):  # open while the call is recorded
            release(world.organization.id, Medium.PHONE, "slot 2")
            wait_for(lambda: blocked() or bool(_calls(world)))
        world.finished(launched.broadcast_id)

    assert _calls(world) == [("slot 1", State.DELIVERED), ("slot 2", State.DELIVERED)]


@pytest.mark.spec("EMC-5", "NEW-5")
def test_the_number_of_the_household_has_its_turn_when_one_of_them_has_answered(
    world: World,
) -> None:
    _phone(world)
    with tenancy.acting_for(world.organization.id):
        household = Household.objects.create(organization=world.organization, code="1")
    (first,) = world.people(1, Medium.PHONE, "slot {1}", household=household, slots=2)
    world.people(1, Medium.PHONE, "slot 2", household=household)
    launched = world.launch()
    world.slices(launched.broadcast_id)
    world.answers(launched.broadcast_id, [first.pk])

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert [("slot 2", State.DELIVERED)] == _calls(world)
    assert (look.people.answered, look.people.reached_only) == (1, 1)


@pytest.mark.spec("NEW-11")
@pytest.mark.parametrize("count", [1, 2])
def test_nobody_is_called_a_second_time_before_everybody_was_called_once(
    world: World, count: int
) -> None:
    _phone(world, rounds=2, delay=0.004, lines=3, rules={"": ["NO_ANSWER"]})
    people = world.people(12, Medium.PHONE, "{0}/{1}", slots=2)
    launched = world.launch()

    with workers(count):
        world.finished(launched.broadcast_id)

    called = [address.partition("/")[0] for address, _ in _calls(world)]
    assert len(people) == len(set(called[: len(people)]))
    assert len(people) * 4 == len(called)


@pytest.mark.spec("NEW-11")
def test_a_call_stands_behind_all_who_were_called_less_often(world: World) -> None:
    _phone(world, rounds=3, rules={"": ["NO_ANSWER"]})
    world.people(4, Medium.PHONE, "{0}/{1}", slots=3)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    passes = world.ask(
        "SELECT array_agg(c.pass ORDER BY a.generation) FROM attempt a JOIN chunk c USING (generation)"
        " JOIN delivery d ON d.id = a.delivery_id GROUP BY d.recipient_id"
    )
    assert [(list(range(9)),)] * 4 == passes


def test_two_calls_of_one_person_are_never_under_way_at_once(world: World) -> None:
    _phone(world, delay=0.01, rules={"": ["NO_ANSWER"]})
    world.people(3, Medium.PHONE, "{0}/{1}", slots=2)
    launched = world.launch()

    with workers(2):
        world.finished(launched.broadcast_id)

    assert _overlaps(world, "d.recipient_id") == []


def _overlaps(world: World, what: str) -> list[tuple[Any, ...]]:
    """Return pairs of calls that were under way at once, of the same person or the same number."""
    with psycopg.connect(settings_conninfo()) as connection:
        return connection.execute(
            "WITH calls AS (SELECT a.delivery_id, a.generation, d.recipient_id, d.address, a.at AS ended,"
            " a.at - a.took_ms * interval '1 ms' AS began FROM attempt a JOIN delivery d ON d.id = a.delivery_id)"
            " SELECT d.*, o.* FROM calls d JOIN calls o"
            f"   ON {what} = {what.replace('d.', 'o.')} AND d.generation < o.generation"
            " WHERE d.began < o.ended AND o.began < d.ended"
        ).fetchall()


def test_two_organizations_never_call_one_number_at_once() -> None:
    worlds = World.create(), World.create()
    for world in worlds:
        _phone(world, delay=0.15)
        world.people(2, Medium.PHONE, "0312345678")
    launched = [world.launch() for world in worlds]

    with workers(2):
        for world, one in zip(worlds, launched, strict=True):
            world.until(
                one.broadcast_id,
                lambda look, world=world, one=one: (
                    (  # type: ignore[misc]
                        bool(world.hurry(one.broadcast_id)) and look.deliveries.delivered == 2
                    )
                    or look.deliveries.delivered == 2
                ),
            )

    assert _overlaps(worlds[0], "d.address") == []
    assert [2, 2] == [len(_calls(world)) for world in worlds]


def test_a_number_in_use_waits_without_using_up_a_try(world: World) -> None:
    _phone(world, rounds=1, delay=1.5)
    world.people(2, Medium.PHONE, "0312345678")
    launched = world.launch()

    with workers(1):
        world.until(
            launched.broadcast_id,
            lambda look: (look.deliveries.in_work, look.deliveries.waiting) == (1, 1),
        )
        waiting = world.ask(
            "SELECT tries, misses, reason, next_at IS NULL FROM delivery d"
            " WHERE NOT EXISTS (SELECT FROM chunk c WHERE c.id = d.chunk_id AND c.state = 1)"
        )
        world.until(launched.broadcast_id, lambda look: look.deliveries.delivered == 1)
        world.hurry(launched.broadcast_id)
        world.finished(launched.broadcast_id)

    assert waiting == [(0, 0, Reason.NUMBER_IN_USE, False)]
    assert Status.WAITING is status_of(
        Position(state=State.WAITING, medium=Medium.PHONE, reason=Reason.NUMBER_IN_USE)
    )
    assert world.states(launched.broadcast_id) == {(State.DELIVERED, Reason.NONE): 2}


def test_a_number_whose_caller_died_after_its_record_is_free(world: World) -> None:
    _phone(world, delay=0.2)
    world.people(1, Medium.PHONE, "0312345678")
    first = world.launch()
    with workers(1), psycopg.connect(settings_conninfo()) as owner:
        wait_for(lambda: bool(_numbers_in_use(owner)))
        left_behind = _numbers_in_use(owner)
        world.finished(first.broadcast_id)
        owner.execute("INSERT INTO number_in_use VALUES (%s, %s, %s)", left_behind[0])
        owner.commit()
        second = world.launch()
        world.finished(second.broadcast_id)

    assert world.states(second.broadcast_id) == {(State.DELIVERED, Reason.NONE): 1}


def _numbers_in_use(owner: psycopg.Connection) -> list[tuple[Any, ...]]:
    rows = owner.execute("SELECT number, generation, until FROM number_in_use").fetchall()
    owner.commit()
    return rows


@pytest.mark.spec("ALL-1")
def test_when_a_caller_died_and_doubt_is_left_alone_the_next_contact_has_its_turn(
    world: World,
) -> None:
    _phone(world, doubt="leave")
    world.people(1, Medium.PHONE, "slot {1}", slots=2)
    launched = world.launch()
    world.slices(launched.broadcast_id)
    world.die_holding(Medium.PHONE, window=1)

    with workers(1):
        world.finished(launched.broadcast_id)

    assert _calls(world) == [("slot 1", State.UNKNOWN), ("slot 2", State.DELIVERED)]
