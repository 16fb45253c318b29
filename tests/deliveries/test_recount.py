"""The audit: it recounts the ledger, finds each kind of difference, and says so until it is gone."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from denrei.deliveries import rounds
from denrei.deliveries.recount import recount
from tests.deliveries.world import World, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-1")]


@pytest.fixture
def broadcast(world: World) -> int:
    """Return a broadcast to four people whose deliveries are written."""
    world.lane()
    world.people(4)
    launched = world.launch().broadcast_id
    world.slices(launched)
    return launched


def broken(world: World) -> bool:
    """Tell whether the run is marked as broken."""
    ((found,),) = world.ask("SELECT broken_at IS NOT NULL FROM run")
    return bool(found)


def findings(world: World) -> list[tuple[str, int, int]]:
    """Return what the audit kept."""
    return [
        (what, counted, found)
        for what, counted, found in world.ask(
            "SELECT what, counted, found FROM finding ORDER BY id"
        )
    ]


def test_nothing_is_found_where_all_is_well(world: World, broadcast: int) -> None:
    with workers():
        world.finished(broadcast)

    assert [] == recount(world.organization.pk, broadcast)
    assert ([], False) == (findings(world), broken(world))


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        pytest.param(
            "UPDATE tally SET n = n + 1", [("delivery/1/0/0/0", 5, 4)], id="a counter of deliveries"
        ),
        pytest.param(
            "UPDATE run SET planned = planned - 1", [("planned", 3, 4)], id="the number planned"
        ),
        pytest.param(
            "UPDATE people_tally SET n = n - 2", [("person/0/0", 2, 4)], id="a counter of people"
        ),
        pytest.param(
            "UPDATE run SET people = 9", [("people", 9, 4)], id="the size of the audience"
        ),
        pytest.param("DELETE FROM tally", [("delivery/1/0/0/0", 0, 4)], id="no counter at all"),
    ],
)
def test_each_difference_is_found_kept_and_alarmed(
    world: World,
    broadcast: int,
    damage: str,
    expected: list[tuple[str, int, int]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    world.change(damage)

    with caplog.at_level(logging.ERROR):
        found = recount(world.organization.pk, broadcast)

    assert expected == found == findings(world)
    assert broken(world)
    assert [("conservation broken", broadcast)] == [
        (record.message, vars(record)["broadcast"]) for record in caplog.records
    ]


def test_a_chunk_that_miscounts_what_is_open_is_found(world: World, broadcast: int) -> None:
    world.change("UPDATE chunk SET open = 1")

    ((what, counted, found),) = recount(world.organization.pk, broadcast)

    assert (True, 1, 4) == (what.startswith("chunk/"), counted, found)


def test_a_person_below_his_evidence_is_found(world: World, broadcast: int) -> None:
    with workers():
        world.finished(broadcast)
    world.change(
        "UPDATE audience SET grade = 0 WHERE recipient_id = (SELECT min(recipient_id) FROM audience)"
    )

    assert ("grade", 1, 0) in recount(world.organization.pk, broadcast)


def test_the_mark_keeps_its_first_time_and_goes_with_the_difference(
    world: World, broadcast: int
) -> None:
    world.change("UPDATE run SET people = people + 1")
    recount(world.organization.pk, broadcast)
    first = world.ask("SELECT broken_at FROM run")
    recount(world.organization.pk, broadcast)
    second = world.ask("SELECT broken_at FROM run")
    world.change("UPDATE run SET people = people - 1")
    recount(world.organization.pk, broadcast)

    assert first == second
    assert (False, 2) == (broken(world), len(findings(world)))


@pytest.fixture
def as_worker(committed: None) -> None:
    """Let Django act as the worker's role, as it does in the worker's process."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")


@pytest.mark.usefixtures("as_worker")
def test_a_round_looks_at_every_organization_s_broadcasts_that_moved(
    world: World, broadcast: int
) -> None:
    other = World.create()
    other.lane()
    other.people(1)
    other.launch()
    world.change("UPDATE tally SET n = n + 1")
    other.change("UPDATE people_tally SET n = n + 1")

    assert 2 == rounds.audit()
    assert (True, True) == (broken(world), broken(other))


@pytest.mark.usefixtures("as_worker")
def test_a_round_leaves_what_is_long_over_unless_it_is_marked(world: World, broadcast: int) -> None:
    world.change("UPDATE run SET stage = 2, progress_at = now() - interval '1 hour'")
    world.change("UPDATE tally SET n = n + 1")
    at_rest = rounds.audit()
    world.change("UPDATE run SET broken_at = now()")

    assert (0, 1) == (at_rest, rounds.audit())


@pytest.mark.usefixtures("as_worker")
def test_a_round_seals_what_nobody_sealed(world: World, broadcast: int) -> None:
    with workers():
        world.finished(broadcast)
    world.change("UPDATE seal_horizon SET xid = 0")
    before = len(world.ask("SELECT FROM seal"))

    def sealed() -> bool:
        # A transaction of any database of the cluster that is still open holds the horizon back.
        rounds.audit()
        return len(world.ask("SELECT FROM seal")) > before

    wait_for(sealed)
