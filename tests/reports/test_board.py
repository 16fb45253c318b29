"""The board of a broadcast: both equations, statuses, grades, read from counters alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.deliveries import cancel
from denrei.deliveries.recount import recount
from denrei.deliveries.stages import Stage
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Grade, Medium, State
from denrei.domain.status import Status
from denrei.reports.board import Board, UnknownBroadcastError, board
from tests.deliveries.world import World, workers

pytestmark = pytest.mark.usefixtures("committed")

COUNTERS = {"run", "people_tally", "tally", "chunk", "lane", "halt"}


def look(world: World, broadcast: int) -> Board:
    """Return the board, of which both equations must hold."""
    found = board(world.organization.pk, broadcast)
    assert found.holds, (found.people.equation(), found.deliveries.equation())
    return found


def move(world: World, address: str, **columns: Any) -> None:
    """Let the deliveries to an address stand elsewhere."""
    setting = ", ".join(f"{name} = %s" for name in columns)
    changed = world.change(
        f"UPDATE delivery SET {setting} WHERE address = %s", *columns.values(), address
    )
    assert changed


@pytest.mark.spec("ALL-4", "NEW-1")
def test_a_broadcast_is_shown_from_the_press_to_the_end(world: World) -> None:
    world.lane(rules={"p1@": ["UNKNOWN_USER"]})
    world.people(3)
    broadcast = world.launch().broadcast_id

    pressed = look(world, broadcast)
    world.slices(broadcast)
    waiting = look(world, broadcast)
    with workers():
        world.finished(broadcast)
    ended = look(world, broadcast)

    assert ("準備中", 3, 0) == (pressed.words, pressed.people.unreached, pressed.deliveries.total)
    assert {(Medium.MAIL, Status.WAITING): 3} == waiting.statuses
    assert ("連絡終了", True) == (ended.words, ended.finished)
    assert {
        (Medium.MAIL, Status.DONE): 2,
        (Medium.MAIL, Status.ADDRESS_ERROR): 1,
    } == ended.statuses
    assert {Grade.UNREACHED: 1, Grade.HANDED_OVER: 2} == ended.grades
    assert {Evidence.NONE: 1, Evidence.HANDED_OVER: 2} == {
        kind: n for kind, n in ended.evidence.items() if n
    }
    assert ended.finished_at is not None
    assert ended.finished_at >= ended.started_at


@pytest.mark.spec("EMC-1")
def test_what_a_worker_holds_is_taken_from_what_waits_untried_first(world: World) -> None:
    world.lane()
    world.people(4)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    move(world, "p0@example.jp", reason=Reason.MAILBOX_FULL, tries=1)

    world.change("UPDATE chunk SET state = 1, open = 2")
    held = board(world.organization.pk, broadcast)

    assert (2, 2) == (held.deliveries.waiting, held.deliveries.in_work)
    assert ({Medium.MAIL: 2}, {Medium.MAIL: 2}) == (held.waiting, held.in_work)
    assert {
        (Medium.MAIL, Status.WAITING): 1,
        # two on the wire, one to be tried again
        (Medium.MAIL, Status.IN_PROGRESS): 3,
    } == held.statuses


def test_each_medium_has_statuses_of_its_own(world: World) -> None:
    world.lane(Medium.MAIL)
    world.lane(Medium.SMS)
    world.people(2)
    world.people(3, Medium.SMS, "0901234000{0}")
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    world.change("UPDATE chunk SET state = 1 WHERE lane = %s", world.lanes[Medium.SMS].pk)

    assert {
        (Medium.MAIL, Status.WAITING): 2,
        (Medium.SMS, Status.SMS_IN_PROGRESS): 3,
    } == look(world, broadcast).statuses


@pytest.mark.spec("EMC-6", "OPS-5")
def test_our_own_fault_is_an_alarm(world: World) -> None:
    world.lane(rules={"p1@": ["POLICY"], "p2@": ["UNKNOWN_USER"]})
    world.people(3)
    broadcast = world.launch().broadcast_id
    with workers():
        world.finished(broadcast)

    assert {Reason.POLICY: 1} == look(world, broadcast).alarms


@pytest.mark.spec("OPS-7")
def test_a_stopped_broadcast_says_so(world: World) -> None:
    world.lane()
    world.people(2)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    running = look(world, broadcast).words

    cancel.stop(world.organization.pk, broadcast)

    assert ("連絡中", "停止") == (running, look(world, broadcast).words)


@pytest.mark.spec("NEW-1", "OPS-5")
def test_a_difference_that_the_audit_found_is_shown_until_it_is_gone(world: World) -> None:
    world.lane()
    world.people(2)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)

    world.change("UPDATE people_tally SET n = n + 1")
    world.change("UPDATE tally SET n = n - 1")
    found = recount(world.organization.pk, broadcast)
    shown = board(world.organization.pk, broadcast)
    world.change("UPDATE people_tally SET n = n - 1")
    world.change("UPDATE tally SET n = n + 1")
    recount(world.organization.pk, broadcast)

    assert found
    assert (True, False, False, False) == (
        shown.broken,
        shown.holds,
        shown.people.holds,
        shown.deliveries.holds,
    )
    assert not look(world, broadcast).broken


def test_the_audit_alone_can_say_that_it_does_not_hold(world: World) -> None:
    world.lane()
    world.people(1)
    sound = look(world, world.launch().broadcast_id)

    assert (True, False) == (sound.holds, replace(sound, broken=True).holds)


@pytest.mark.spec("ALL-5")
def test_another_organization_s_broadcast_is_unknown_as_one_that_never_was(world: World) -> None:
    other = World.create()
    other.lane()
    other.people(1)
    theirs = other.launch().broadcast_id

    for broadcast in (theirs, theirs + 4711):
        with pytest.raises(UnknownBroadcastError):
            board(world.organization.pk, broadcast)


def test_it_reads_counters_only_and_costs_the_same_for_any_number(world: World) -> None:
    world.lane()
    world.people(600)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)

    with tenancy.acting_for(world.organization.pk):
        before = _rows_read()
        found = board(world.organization.pk, broadcast)
        read = _rows_read() - before

    assert (600, Stage.RUNNING) == (found.deliveries.total, world.look(broadcast).stage)
    assert read.keys() <= COUNTERS
    assert read.total() < 50


def _rows_read() -> Counter[str]:
    """Return how many rows of each table this connection has read, and not yet reported."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        )
        return Counter(dict(cursor.fetchall()))


def test_states_make_up_the_equation_of_deliveries(world: World) -> None:
    world.lane()
    world.people(6)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    for number, state in enumerate(
        (State.ACCEPTED, State.DELIVERED, State.EXHAUSTED, State.EXPIRED, State.SUPPRESSED)
    ):
        move(world, f"p{number}@example.jp", state=state, chunk_id=None)

    assert (
        "全配信 6 = 送信待ち 1 + 処理中 0 + 引渡し 1 + 到達 1 + 失敗 1 + 期限切れ・不明 1 + 抑止 1 + 取消 0"
        == look(world, broadcast).deliveries.equation()
    )
