"""The doctor and the work that waits: real broadcasts, and time moved by hand."""

from __future__ import annotations

import pytest

from denrei.project.doctor import queue
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import Finding, State
from tests.deliveries.world import World, wait_for, workers

LIVING = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"
SILENT = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')"
#: A wave whose slices are all written, two minutes ago.
WRITTEN = (
    "UPDATE run SET stage = 1, started_at = now() - interval '2 minutes',"
    " progress_at = now() - interval '2 minutes'"
)
CHUNK = (
    "INSERT INTO chunk (organization_id, id, broadcast_id, wave, lane, priority, pass, rank, open, state, lease_until)"
    " SELECT organization_id, 1, broadcast_id, wave, 1, priority, 0, 0, 25, {}, {} FROM run"
)
READY = CHUNK.format(0, "NULL")
LEASED = CHUNK.format(1, "now() + interval '20 seconds'")
ABANDONED = CHUNK.format(1, "now() - interval '2 minutes'")


@pytest.fixture
def launched(committed: None) -> int:
    """Return the number of a broadcast that no worker has seen yet."""
    world = World.create()
    world.lane()
    world.people(2)
    return world.launch().broadcast_id


def told(connection: Connection, *statements: str) -> dict[str, Finding]:
    """Return what is found after some statements, by title."""
    for statement in statements:
        connection.execute(statement.encode())
    return {finding.title: finding for finding in queue.examine(connection)}


def test_an_installation_at_rest_lacks_only_its_worker(
    committed: None, connection: Connection
) -> None:
    found = told(connection)
    states = {title: finding.state for title, finding in found.items()}

    assert {
        "ワーカー": State.WARNING,
        "定期処理": State.OK,
        "連絡の進み": State.OK,
        "2つの式": State.OK,
    } == states
    assert "denrei worker" in found["ワーカー"].remedy


@pytest.mark.parametrize(
    ("statements", "expected", "words"),
    [
        ([LIVING], State.OK, "1つ動いています"),
        ([SILENT], State.WARNING, "動いていません"),
        ([WRITTEN, READY], State.FAULT, "25件の配信を、60秒以上だれも引き受けていません"),
        ([WRITTEN, ABANDONED], State.FAULT, "動いていません"),
        ([LIVING, WRITTEN, READY], State.FAULT, "動いていますが"),
        ([LIVING, WRITTEN, LEASED], State.OK, "動いています"),
        ([READY], State.WARNING, "動いていません"),
    ],
    ids=[
        "alive",
        "fell-silent",
        "nobody-claims",
        "nobody-reaps",
        "alive-but-claims-nothing",
        "at-work",
        "launched-just-now",
    ],
)
@pytest.mark.spec("OPS-5")
def test_a_missing_worker_is_a_fault_when_work_waits(
    launched: int, connection: Connection, statements: list[str], expected: State, words: str
) -> None:
    found = told(connection, *statements)["ワーカー"]

    assert expected == found.state
    assert words in found.words


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], State.OK),
        (["UPDATE run SET progress_at = now() - interval '2 minutes'"], State.FAULT),
        ([WRITTEN, READY], State.FAULT),
        ([WRITTEN, ABANDONED], State.FAULT),
        ([WRITTEN, LEASED], State.OK),
        ([WRITTEN], State.OK),
    ],
    ids=[
        "launched-just-now",
        "no-slice-is-written",
        "nobody-claims",
        "nobody-reaps",
        "at-work",
        "waits-for-a-later-retry",
    ],
)
@pytest.mark.spec("OPS-5")
def test_a_broadcast_that_stands_still_is_named(
    launched: int, connection: Connection, statements: list[str], expected: State
) -> None:
    found = told(connection, *statements)["連絡の進み"]

    assert expected == found.state
    assert (str(launched) in found.words) is (expected is State.FAULT)


@pytest.mark.spec("OPS-5")
def test_a_retry_that_nobody_took_up_is_standing_still(
    committed: None, connection: Connection
) -> None:
    world = World.create()
    world.lane(rules={"p0@": ["TEMPORARY"]}, retry_seconds=[600])
    world.people(1)
    with workers():
        broadcast = world.launch().broadcast_id
        wait_for(lambda: bool(world.ask("SELECT FROM delivery WHERE next_at IS NOT NULL")))
    found = told(
        connection,
        WRITTEN,
        "ALTER TABLE delivery DISABLE TRIGGER USER",
        "UPDATE delivery SET next_at = now() - interval '2 minutes',"
        " updated_at = now() - interval '2 minutes'",
        "ALTER TABLE delivery ENABLE TRIGGER USER",
    )["連絡の進み"]

    assert State.FAULT == found.state
    assert str(broadcast) in found.words


@pytest.mark.spec("OPS-5", "NEW-1")
def test_broken_conservation_is_a_fault(launched: int, connection: Connection) -> None:
    found = told(connection, "UPDATE run SET broken_at = now()")["2つの式"]

    assert State.FAULT == found.state
    assert str(launched) in found.words


@pytest.mark.parametrize(
    ("status", "event", "words"),
    [
        ("doing", "started", "途中で止まった"),
        ("failed", "failed", "失敗した"),
    ],
)
def test_jobs_that_did_not_end_well_are_named(
    committed: None, connection: Connection, status: str, event: str, words: str
) -> None:
    found = told(
        connection,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
        f" VALUES ('default', 'audit', '{status}')",
        f"INSERT INTO procrastinate_events (job_id, type) SELECT id, '{event}' FROM procrastinate_jobs",
    )["定期処理"]

    assert State.WARNING == found.state
    assert words in found.words
    assert "audit" in found.words


def test_a_table_of_the_queue_out_of_reach_is_mended_by_migrate(made: object) -> None:
    assert callable(made)
    scratch = made()
    scratch.execute("REVOKE INSERT ON procrastinate_jobs FROM denrei_app")
    found = list(queue.examine(scratch))

    assert [State.FAULT] == [finding.state for finding in found]
    assert "procrastinate_jobs" in found[0].words
    assert "denrei migrate" in found[0].remedy
