"""The nightly round: gives way to sending, goes on after its death, tells what it did (OPS-8)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from denrei.domain.retention import Period, Standing
from denrei.project import working
from denrei.retention import arming, rounds, tasks
from denrei.retention.kinds import KINDS
from denrei.retention.nights import night_of
from denrei.retention.preview import preview, room
from denrei.retention.rounds import End, Turn
from tests.deliveries.world import World, settings_conninfo, wait_for
from tests.reports.proof.eventful import eventful, simple
from tests.retention.past import age, choose, count, details, keep_all, known, night, owner

pytestmark = pytest.mark.spec("OPS-8")

YEAR = timedelta(days=366)
#: A round of a process of its own, in steps of one row, that says when it has begun to delete.
_PROCESS = """
import django
django.setup()
from denrei.retention import rounds
rounds.work(rounds.Turn(night=rounds.tonight(), most=1))
"""


def old(world: World, entries: int) -> None:
    """Add entries of the trail that are over."""
    owner(
        "INSERT INTO audit_entry (organization_id, action, at)"
        " SELECT %(o)s, 'old', now() - interval '11 years' FROM generate_series(1, %(n)s)",
        o=world.organization.pk,
        n=entries,
    )


def left() -> int:
    ((n,),) = owner("SELECT count(*) FROM audit_entry WHERE action = 'old'")
    return int(n)


def reported(kind: str) -> list[tuple[object, ...]]:
    return owner(
        "SELECT removed, rows, ended_at IS NOT NULL, trouble FROM retention_run WHERE kind = %(kind)s",
        kind=kind,
    )


@pytest.mark.usefixtures("as_worker")
def test_it_gives_way_to_whatever_is_being_sent_and_goes_on_afterwards(world: World) -> None:
    old(world, 3)
    other = World.create()
    other.lane()
    other.people(1)
    launched = other.launch().broadcast_id

    assert End.GAVE_WAY is night()
    other.slices(launched)
    assert End.GAVE_WAY is night()
    assert 3 == left()

    owner("UPDATE chunk SET state = 2")  # what is left is due later
    assert End.DONE is night()
    assert 0 == left()


@pytest.mark.usefixtures("as_worker")
def test_a_night_is_done_once(world: World) -> None:
    old(world, 2)
    assert End.DONE is night()
    old(world, 1)

    assert End.DONE is night()

    assert 1 == left()
    assert [(2, 2, True, "")] == reported("trail")


@pytest.mark.usefixtures("as_worker")
def test_a_period_that_is_prolonged_meanwhile_is_heeded(world: World) -> None:
    old(world, 2)
    choose(world.organization, trail=Period.FOREVER)

    assert End.DONE is night()

    assert 2 == left()
    assert [] == reported("trail")


def tonight(nights_on: int = 0) -> End:
    """Do the round of this night, or of a later one, as the clock of the workers does."""
    return rounds.work(Turn(night=rounds.tonight() + timedelta(days=nights_on)))


def a_day_later() -> None:
    """Let what made the last round ready be a night and 24 hours ago."""
    owner(
        "UPDATE retention_run SET night = night - 1, until = until - interval '24 hours' WHERE kind = 'armed'"
    )


@pytest.mark.usefixtures("as_worker")
def test_the_first_night_only_makes_ready_and_a_day_later_it_deletes(world: World) -> None:
    old(world, 2)

    assert End.HELD_BACK is tonight()
    assert End.HELD_BACK is tonight()
    assert (2, []) == (left(), reported("trail"))
    assert [(0, 0, True, "")] * 2 == reported("armed")  # of the organization, and of none

    a_day_later()
    assert End.DONE is tonight()
    assert (0, [(2, 2, True, "")]) == (left(), reported("trail"))


@pytest.mark.usefixtures("as_worker")
def test_within_the_day_after_it_was_made_ready_the_next_night_waits(world: World) -> None:
    old(world, 2)
    tonight()
    owner("UPDATE retention_run SET night = night - 1")

    assert End.HELD_BACK is tonight()
    assert 2 == left()


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize(
    ("nights", "end", "is_left"),
    [
        pytest.param(1, End.DONE, 0, id="last night"),
        pytest.param(2, End.HELD_BACK, 2, id="a night is missing"),
        pytest.param(7, End.HELD_BACK, 2, id="a week is missing"),
        pytest.param(8, End.HELD_BACK, 2, id="the clock may be wrong"),
    ],
)
def test_it_deletes_only_after_a_night_that_is_known(
    world: World, nights: int, end: End, is_left: int
) -> None:
    old(world, 2)
    known(nights)

    assert (end, is_left) == (tonight(), left())

    armed = 2 if 2 <= nights <= 7 else 0
    assert [(armed,)] == owner(
        "SELECT count(*) FROM retention_run WHERE kind = 'armed' AND night = %(night)s",
        night=rounds.tonight(),
    )


@pytest.mark.usefixtures("as_worker")
def test_a_clock_that_jumped_deletes_nothing_however_long_it_stays_so(world: World) -> None:
    old(world, 2)
    known()

    for later in (26_000, 26_001, 26_002):
        assert End.HELD_BACK is tonight(later)

    assert 2 == left()
    assert End.DONE is tonight()  # it was put right


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize("nights", [None, 1, 3, 9])
def test_a_human_may_order_it_whatever_is_known(world: World, nights: int | None) -> None:
    old(world, 2)
    if nights:
        known(nights)
    tonight()

    assert End.DONE is rounds.work(Turn(night=rounds.tonight(), again=True))

    assert 0 == left()
    old(world, 1)
    owner("UPDATE retention_run SET ended_at = NULL WHERE kind = 'trail'")
    assert (End.DONE, 0) == (tonight(), left())  # the clock goes on with what was ordered


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize(
    ("nights", "expected"),
    [
        (None, Standing.UNARMED),
        (0, Standing.WAITS),
        (1, Standing.WAITS),
        (5, Standing.UNARMED),
        (9, Standing.ASKS),
    ],
)
def test_after_a_restore_it_waits_or_asks(
    world: World, nights: int | None, expected: Standing
) -> None:
    if nights is not None:
        known(nights)
        owner("UPDATE retention_run SET kind = 'trail' WHERE organization_id IS NOT NULL")

    arming.disarm(rounds.tonight())

    for organization in (world.organization.pk, None):
        with rounds._acting(organization):
            now = rounds._now()
            assert expected is arming.standing(organization, rounds.tonight(), now)
    assert (End.HELD_BACK, []) == (tonight(), reported("sessions"))


@pytest.mark.usefixtures("as_worker")
def test_what_is_to_be_done_is_noted_before_any_of_it_is_done(world: World) -> None:
    old(world, 2)
    choose(world.organization, looks=Period.FOREVER)
    other = World.create()
    other.lane()
    other.people(1)
    other.launch()

    assert End.GAVE_WAY is night()

    noted = owner(
        "SELECT kind FROM retention_run WHERE organization_id = %(o)s AND ended_at IS NULL",
        o=world.organization.pk,
    )
    forever = {"looks", "left_people"}
    assert {k.code for k in KINDS if not k.is_shared} - forever == {kind for (kind,) in noted}


@pytest.mark.usefixtures("as_worker")
def test_what_fails_is_told_does_not_stop_the_others_and_is_tried_again(world: World) -> None:
    old(world, 2)
    owner(
        "INSERT INTO alarm (organization_id, kind, since, ended_at)"
        " VALUES (%(o)s, 'stall', now() - interval '3 years', now() - interval '3 years')",
        o=world.organization.pk,
    )
    with psycopg.connect(settings_conninfo()) as held:
        held.execute("LOCK TABLE audit_entry IN SHARE MODE")
        assert End.FAILED is night()

    ((removed, _, is_done, trouble),) = reported("trail")
    assert (0, False, True) == (removed, is_done, "lock timeout" in str(trouble))
    assert (2, 0) == (left(), count("alarm"))
    assert End.DONE is night()
    assert (0, [(2, 2, True, "")]) == (left(), reported("trail"))


@pytest.mark.usefixtures("as_worker")
def test_what_a_night_left_undone_is_the_next_one_s_and_fails_no_more(world: World) -> None:
    old(world, 2)
    owner(
        "INSERT INTO retention_run (organization_id, night, kind, until, trouble)"
        " VALUES (%(o)s, current_date - 3, 'trail', now(), 'disk full')",
        o=world.organization.pk,
    )

    assert End.DONE is night()

    assert 0 == left()
    assert [(2, True, False), (0, True, True)] == owner(
        "SELECT removed, ended_at IS NOT NULL, handed_on FROM retention_run"
        " WHERE kind = 'trail' ORDER BY night DESC"
    )


def test_killed_in_the_middle_it_goes_on_where_it_was(world: World) -> None:
    told = eventful(world)
    keep_all(world.organization, but="broadcasts")
    age(world, told.broadcast, YEAR)
    at_first = sum(details(told.broadcast).values())
    known()
    environment = {
        **os.environ,
        "DATABASE_URL": settings_conninfo(),
        "DENREI_DATABASE_ROLE": "worker",
        "DJANGO_SETTINGS_MODULE": "denrei.project.settings",
    }
    process = subprocess.Popen([sys.executable, "-c", _PROCESS], env=environment)
    try:
        wait_for(lambda: 0 < sum(details(told.broadcast).values()) < at_first)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    in_between = sum(details(told.broadcast).values())
    assert 0 < in_between < at_first
    ((removed, rows, is_done, _),) = reported("broadcasts")
    assert (0, False) == (removed, is_done)
    assert at_first - in_between <= rows  # halts are no details, and are counted

    jobs_of_the_night()

    assert {} == details(told.broadcast)
    ((removed, after, is_done, _),) = reported("broadcasts")
    assert (1, True) == (removed, is_done)
    assert int(str(after)) >= at_first


def jobs_of_the_night() -> None:
    """Let the clock's job run, as a worker runs it."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
    tasks.retain.func(0)


def test_the_job_has_a_queue_of_its_own_that_workers_run() -> None:
    served = {queue for queues in working._QUEUES for queue in queues}

    assert tasks.retain.queue == tasks.RETENTION
    assert tasks.RETENTION in served


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(datetime(2026, 11, 30, 16, 59, tzinfo=UTC), date(2026, 11, 30), id="1:59"),
        pytest.param(datetime(2026, 11, 30, 17, 0, tzinfo=UTC), date(2026, 12, 1), id="2:00"),
    ],
)
def test_a_night_begins_at_two_in_the_morning(now: datetime, expected: date) -> None:
    assert expected == night_of(now)


@pytest.mark.usefixtures("as_worker")
def test_a_preview_counts_what_the_night_deletes_and_why_others_stay(world: World) -> None:
    gone, held = simple(world, 2), simple(world, 2)
    keep_all(world.organization, but="broadcasts")
    for told in (gone, held):
        age(world, told.broadcast, YEAR)
    owner(
        "INSERT INTO hold (organization_id, broadcast_id, reason) VALUES (%(o)s, %(b)s, '訴訟')",
        o=world.organization.pk,
        b=held.broadcast,
    )
    choose(world.organization, broadcasts=Period.YEAR)
    old(world, 4)

    found = preview(world.organization.pk)

    expected = {one.kind.code: one.things for one in found.expected if one.things}
    assert {"broadcasts": 1, "trail": 4} == expected
    assert {"held": 1} == dict(found.staying)
    assert 5 == found.things
    night()
    assert [(1,)] == owner("SELECT removed FROM retention_run WHERE kind = 'broadcasts'")
    assert [(4,)] == owner("SELECT removed FROM retention_run WHERE kind = 'trail'")
    assert {} != details(held.broadcast)


@pytest.mark.usefixtures("as_worker")
def test_the_room_of_each_kind_is_told(world: World) -> None:
    assert room()["broadcasts"] > 0
