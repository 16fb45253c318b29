"""What came of each try, and whether there is another: refusals, faults of ours, doubt."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from denrei.domain.failures import Reason
from denrei.domain.states import Medium, Phase, State
from denrei.domain.status import Position, Status, status_of
from tests.deliveries.world import World, settings_conninfo, workers

pytestmark = pytest.mark.usefixtures("committed")


def _attempts(world: World) -> list[tuple[int, int, int]]:
    """Return (state, reason, phase) of each attempt in order."""
    return world.ask("SELECT state, reason, phase FROM attempt ORDER BY at")


def _counts(world: World) -> tuple[int, int, int]:
    """Return (tries, misses, doubts) of the only delivery."""
    ((tries, misses, doubts),) = world.ask("SELECT tries, misses, doubts FROM delivery")
    return tries, misses, doubts


def _status(world: World) -> Status:
    """Return the status that people see of the only delivery."""
    ((state, medium, reason, tries),) = world.ask(
        "SELECT state, medium, reason, tries FROM delivery"
    )
    return status_of(
        Position(state=State(state), medium=Medium(medium), reason=Reason(reason), tries=tries)
    )


@pytest.mark.spec("ALL-3")
def test_a_temporary_refusal_is_tried_again_until_it_is_taken(world: World) -> None:
    world.lane(retry_seconds=[0, 0], rules={"p0": ["TEMPORARY", "TEMPORARY", "accept"]})
    world.people(2)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    refused = (State.WAITING, Reason.TEMPORARY, Phase.ANSWERED)
    taken = (State.ACCEPTED, Reason.NONE, Phase.ANSWERED)
    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 2}
    assert sorted([refused, refused, taken, taken]) == sorted(_attempts(world))


def test_when_the_pauses_are_used_up_the_last_reason_stands(world: World) -> None:
    world.lane(retry_seconds=[0, 0], rules={"p0": ["TEMPORARY", "MAILBOX_FULL"]})
    world.people(1)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    assert _attempts(world) == [
        (State.WAITING, Reason.TEMPORARY, Phase.ANSWERED),
        (State.WAITING, Reason.MAILBOX_FULL, Phase.ANSWERED),
        (State.EXHAUSTED, Reason.MAILBOX_FULL, Phase.ANSWERED),
    ]
    assert Status.OTHER_ERROR is _status(world)


def test_a_retry_waits_in_no_chunk_until_it_is_due(world: World) -> None:
    world.lane(retry_seconds=[3600], rules={"p0": ["TEMPORARY"]})
    world.people(1)
    launched = world.launch()

    with workers(1):
        world.until(launched.broadcast_id, lambda _: bool(_attempts(world)))
        look = world.conserved(launched.broadcast_id)
        waits = world.ask("SELECT chunk_id, next_at > now() + interval '50 minutes' FROM delivery")

    assert waits == [(None, True)]
    assert (1, 0) == (look.deliveries.waiting, look.deliveries.in_work)
    assert Status.IN_PROGRESS is _status(world)


@pytest.mark.spec("EMC-1")
@pytest.mark.parametrize(
    ("medium", "reason", "status"),
    [
        (Medium.MAIL, Reason.UNKNOWN_USER, Status.ADDRESS_ERROR),
        (Medium.MAIL, Reason.UNKNOWN_HOST, Status.ADDRESS_ERROR),
        (Medium.MAIL, Reason.FILTERED, Status.ADDRESS_ERROR),
        (Medium.MAIL, Reason.TOO_LARGE, Status.OTHER_ERROR),
        (Medium.MAIL, Reason.POLICY, Status.OTHER_ERROR),
        (Medium.SMS, Reason.HANDSET, Status.SMS_FAILED),
        (Medium.PHONE, Reason.REJECTED, Status.CALL_REJECTED),
        (Medium.PHONE, Reason.BAD_NUMBER, Status.WRONG_NUMBER),
        (Medium.APP, Reason.UNREGISTERED, Status.NO_DEVICE),
        (Medium.APP, Reason.BAD_TOKEN, Status.TOKEN_ERROR),
    ],
    ids=lambda value: value.name,
)
def test_a_permanent_answer_ends_it_at_once(
    world: World, medium: Medium, reason: Reason, status: Status
) -> None:
    world.lane(medium, retry_seconds=[0, 0], rules={"p0": [reason.name]})
    world.people(1, medium=medium)
    launched = world.launch()

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert _attempts(world) == [(State.FAILED, reason, Phase.ANSWERED)]
    assert (1, 1) == (look.deliveries.failed, look.people.unreached)
    assert status is _status(world)


@pytest.mark.spec("ALL-3")
def test_an_attempt_keeps_the_raw_answer_the_gateway_and_the_time_it_took(world: World) -> None:
    world.lane(delay=0.02, rules={"p1": ["UNKNOWN_USER"]})
    world.people(2)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    ((gateway,),) = world.ask("SELECT id FROM gateway")
    assert [
        (gateway, True, True, True, "accepted"),
        (gateway, True, True, False, "UNKNOWN_USER"),
    ] == (
        world.ask(
            "SELECT gateway_id, took_ms >= 20, at <= clock_timestamp(), provider_id <> '', reply"
            " FROM attempt ORDER BY delivery_id"
        )
    )


@pytest.mark.spec("ALL-3")
@pytest.mark.parametrize("role", ["denrei_app", "denrei_worker"])
@pytest.mark.parametrize("table", ["attempt", "event", "seal", "finding"])
@pytest.mark.parametrize(
    "act", ["UPDATE {} SET organization_id = organization_id", "DELETE FROM {}"]
)
def test_what_was_recorded_is_never_changed(world: World, role: str, table: str, act: str) -> None:
    world.lane()
    world.people(1)
    broadcast = world.launch().broadcast_id
    with workers(1):
        world.finished(broadcast)
    with psycopg.connect(settings_conninfo()) as connection:
        connection.execute(f"SET ROLE {role}".encode())
        try:
            changed = connection.execute(act.format(table).encode()).rowcount
        except psycopg.errors.InsufficientPrivilege:
            return
    assert (
        changed == 0
    )  # the worker may delete what retention has marked, and this is not (ADR 0028)


@pytest.mark.parametrize("reason", [Reason.THROTTLED, Reason.TIMEOUT, Reason.CONNECTION])
def test_a_fault_of_the_way_uses_up_no_try(world: World, reason: Reason) -> None:
    world.lane(retry_seconds=[0], rules={"p0": [*[reason.name] * 4, "TEMPORARY", "accept"]})
    world.people(1)
    launched = world.launch()

    with workers(1):
        world.until(
            launched.broadcast_id,
            lambda look: bool(world.hurry(launched.broadcast_id)) or look.deliveries.waiting == 0,
        )
        world.until(
            launched.broadcast_id,
            lambda look: (
                not world.hurry(launched.broadcast_id) and look.deliveries.handed_over == 1
            ),
        )

    assert _counts(world) == (2, 4, 0)
    assert len(_attempts(world)) == 6


@pytest.mark.spec("ALL-2")
def test_what_is_in_doubt_is_sent_again_and_marked_for_good(world: World) -> None:
    world.lane(doubt="resend", retry_seconds=[0, 0], rules={"p0": ["IN_DOUBT", "accept"]})
    world.people(1)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    assert _attempts(world) == [
        (State.WAITING, Reason.IN_DOUBT, Phase.IN_DOUBT),
        (State.ACCEPTED, Reason.NONE, Phase.ANSWERED),
    ]
    assert _counts(world) == (2, 0, 1)
    assert Status.DONE is _status(world)


@pytest.mark.spec("ALL-2")
@pytest.mark.parametrize(
    ("lane", "tries"),
    [
        pytest.param({"doubt": "leave", "retry_seconds": [0, 0]}, 1, id="leave"),
        pytest.param({"doubt": "resend", "retry_seconds": [0]}, 2, id="resend, used up"),
    ],
)
def test_doubt_ends_as_unknown_and_never_as_a_failure(
    world: World, lane: dict[str, Any], tries: int
) -> None:
    world.lane(rules={"p0": ["IN_DOUBT"]}, **lane)
    world.people(1)
    launched = world.launch()

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {(State.UNKNOWN, Reason.IN_DOUBT): 1}
    assert _counts(world) == (tries, 0, tries)
    assert (1, 0) == (look.deliveries.unknown, look.deliveries.failed)


@pytest.mark.spec("ALL-2")
@pytest.mark.parametrize(
    ("medium", "state"),
    [(Medium.MAIL, State.ACCEPTED), (Medium.PHONE, State.DELIVERED)],
    ids=lambda value: value.name,
)
def test_what_a_worker_that_was_taken_for_dead_tells_late_is_not_sent_again(
    world: World, medium: Medium, state: State
) -> None:
    world.lane(medium, sequential=medium is Medium.PHONE, chunk_size=1)
    world.people(1, medium)
    launched = world.launch()
    world.slices(launched.broadcast_id)
    chunk = world.die_holding(medium)
    world.change(
        "INSERT INTO attempt (organization_id, broadcast_id, delivery_id, generation, kind, state,"
        " reason, phase) SELECT d.organization_id, d.broadcast_id, d.id, c.generation, 0, %s, 0, %s"
        " FROM delivery d JOIN chunk c ON c.id = d.chunk_id WHERE c.id = %s",
        state,
        Phase.ANSWERED,
        chunk,
    )

    with workers(1):
        world.finished(launched.broadcast_id)

    assert {(state, Reason.NONE): 1} == world.states(launched.broadcast_id)
    assert [(1, 1)] == world.ask(
        "SELECT count(*) FILTER (WHERE kind = 0), count(*) FILTER (WHERE kind = 1) FROM attempt"
    )
