"""A broadcast whose time is over: details go, figures, seals and earlier proofs stay (OPS-8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from denrei.accounts import signing, tenancy
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import holding, rounds, waves
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.recount import recount
from denrei.deliveries.retained import emptied
from denrei.deliveries.waves import Again, Target
from denrei.domain.proof import keys
from denrei.domain.retention import Period
from denrei.domain.states import Medium
from denrei.reports.board import board
from denrei.reports.proof import heads
from denrei.responses import pages
from denrei.retention.rounds import End
from tests.deliveries.world import World, settings_conninfo
from tests.reports.proof.eventful import Eventful, eventful, proven, simple
from tests.retention.past import age, choose, count, details, keep_all, night, owner

pytestmark = [pytest.mark.usefixtures("as_worker"), pytest.mark.spec("OPS-8")]

YEAR = timedelta(days=366)


def broadcast_of(told: Eventful) -> Broadcast:
    with tenancy.acting_for(told.world.organization.pk):
        return Broadcast.objects.get(pk=told.broadcast)


def test_details_go_and_figures_seals_and_a_file_of_before_stay(world: World) -> None:
    told = eventful(world)
    file, key = told.file(), keys.fingerprint(signing.public_key())
    organization, broadcast = world.organization.pk, told.broadcast
    before, head = board(organization, broadcast), heads.head(organization, broadcast)
    assert head is not None
    keep_all(world.organization, but="broadcasts")
    age(world, broadcast, YEAR)
    assert {
        "audience",
        "delivery",
        "attempt",
        "event",
        "response",
        "page_view",
        "help_call",
    } <= set(details(broadcast))

    assert End.DONE is night(most=7)

    assert {} == details(broadcast)
    after = board(organization, broadcast)
    for name in ("people", "deliveries", "grades", "crowds", "evidence", "statuses", "words"):
        assert getattr(before, name) == getattr(after, name)
    assert after.holds
    assert after.stopped
    assert head == heads.head(organization, broadcast)
    assert proven(file, key=key, head=head.hash.hex()).holds
    with tenancy.acting_for(organization):
        mark = emptied(broadcast)
    assert mark is not None
    assert (Period.YEAR, True) == (mark.period, mark.done_at is not None)


def test_the_audit_is_silent_about_it_and_finds_what_is_changed_later(world: World) -> None:
    told = simple(world, 3)
    keep_all(world.organization, but="broadcasts")
    age(world, told.broadcast, YEAR)
    night()

    assert [] == recount(world.organization.pk, told.broadcast)
    owner("UPDATE run SET progress_at = now()")
    assert 0 == rounds.audit()
    owner("UPDATE tally SET n = n + 1")
    owner("UPDATE seal SET root = hash WHERE no = 1")
    found = {what for what, _, _ in recount(world.organization.pk, told.broadcast)}
    assert {"planned", "seal/1"} == found


def test_nothing_of_it_can_be_opened_or_sent_again(world: World) -> None:
    told = simple(world, 2)
    (delivery, *_) = told.deliveries(told.people[0].pk)
    keep_all(world.organization, but="broadcasts")
    age(world, told.broadcast, YEAR)
    owner(
        "INSERT INTO emptied (organization_id, broadcast_id, kept) SELECT organization_id, id, '1y' FROM broadcast"
    )

    with tenancy.acting_for(world.organization.pk):
        assert pages.load(world.organization.pk, delivery) is None  # marked, and not yet deleted
    night()
    asked = Again(broadcast_id=told.broadcast, wave=2, target=Target.SILENT, media=(Medium.MAIL,))
    with pytest.raises(LaunchError, match="保存期間"):
        waves.again(world.organization, asked, None)


def _open_call(told: Eventful) -> None:
    owner(
        "INSERT INTO response (organization_id, broadcast_id, recipient_id, needs_help, at, choice, choice_words)"
        " SELECT organization_id, broadcast_id, recipient_id, true, now() - interval '2 years', '3', '' FROM audience LIMIT 1"
    )
    owner(
        "INSERT INTO help_call (organization_id, broadcast_id, recipient_id, response_id)"
        " SELECT organization_id, broadcast_id, recipient_id, id FROM response"
    )


def _open_case(told: Eventful) -> None:
    owner(
        "INSERT INTO attention (organization_id, contact_id, recipient_id, medium, address_key, status, reason, since,"
        " last_at, times, broadcast_id, delivery_id, state)"
        " SELECT organization_id, contact_id, recipient_id, 1, address, 1, 21, now(), now(), 1, broadcast_id, id, 0"
        " FROM delivery LIMIT 1"
    )


def _late_answer(told: Eventful) -> None:
    owner(
        "INSERT INTO response (organization_id, broadcast_id, recipient_id, choice, choice_words)"
        " SELECT organization_id, broadcast_id, recipient_id, '1', '' FROM audience LIMIT 1"
    )


STAYING: dict[str, Callable[[Eventful], object]] = {
    "it is held": lambda told: holding.hold(broadcast_of(told), None, "訴訟のため"),
    "it goes on": lambda told: owner("UPDATE run SET stage = 1, finished_at = NULL"),
    "a later wave goes on": lambda told: owner(
        "INSERT INTO run (organization_id, broadcast_id, wave, stage, priority, people, steps, give_up_at)"
        " SELECT organization_id, broadcast_id, 2, 1, 1, 0, steps, now() FROM run"
    ),
    "it ended a moment later": lambda told: owner(
        "UPDATE run SET finished_at = now() - interval '1 year' + interval '1 hour'"
    ),
    "the audit found a difference": lambda told: owner("UPDATE run SET broken_at = now()"),
    "somebody calls for help": _open_call,
    "a contact asks to be corrected": _open_case,
    "an answer is younger": _late_answer,
    "its silent contacts are not counted": lambda told: owner("UPDATE run SET counted_at = NULL"),
    "a reminder waits": lambda told: owner(
        "INSERT INTO reminder (organization_id, broadcast_id, due_at, state)"
        " SELECT organization_id, broadcast_id, now() + interval '1 day', 'waiting' FROM run"
    ),
}


@pytest.mark.parametrize("why", STAYING)
def test_it_stays_where(why: str, world: World) -> None:
    told = simple(world, 2)
    keep_all(world.organization, but="broadcasts")
    age(world, told.broadcast, YEAR)
    STAYING[why](told)
    before = details(told.broadcast)

    assert End.DONE is night()

    assert before == details(told.broadcast)
    assert 0 == count("emptied")


def test_it_stays_where_something_can_not_be_sealed_yet(world: World) -> None:
    told = simple(world, 2)
    keep_all(world.organization, but="broadcasts")
    age(world, told.broadcast, YEAR)

    with psycopg.connect(settings_conninfo()) as held:
        held.execute("SELECT pg_current_xact_id()")  # what has a higher number is sealed later
        owner("UPDATE attempt SET xid = pg_current_xact_id()::text::bigint")
        night()
        assert 0 == count("emptied")


def test_a_hold_that_is_let_go_of_counts_no_more(world: World) -> None:
    told = simple(world, 2)
    keep_all(world.organization, but="broadcasts")
    age(world, told.broadcast, YEAR)
    broadcast = broadcast_of(told)

    assert holding.hold(broadcast, None, "検証のため")
    assert not holding.hold(broadcast, None, "もう一度")
    assert [("検証のため",)] == owner("SELECT reason FROM hold")
    assert holding.release(broadcast, None)
    assert not holding.release(broadcast, None)
    night()

    assert {} == details(told.broadcast)
    with pytest.raises(holding.TooLateError):
        holding.hold(broadcast, None, "遅すぎた")
    assert ["broadcast.held", "broadcast.let_go"] == [
        action
        for (action,) in owner(
            "SELECT action FROM audit_entry WHERE action IN ('broadcast.held', 'broadcast.let_go') ORDER BY id"
        )
    ]


def test_each_organization_s_own_period_counts(world: World) -> None:
    other = World.create()
    mine, theirs = simple(world, 2), simple(other, 2)
    keep_all(world.organization, but="broadcasts", period=Period.YEAR)
    keep_all(other.organization, but="broadcasts", period=Period.YEARS_2)
    for told in (mine, theirs):
        age(told.world, told.broadcast, YEAR)

    night()

    assert {} == details(mine.broadcast)
    assert {} != details(theirs.broadcast)


@pytest.mark.parametrize("table", ["attempt", "event", "response", "page_view", "audit_entry"])
def test_the_database_refuses_what_is_not_over(world: World, table: str) -> None:
    told = eventful(world)
    choose(world.organization, broadcasts=Period.YEAR)  # an entry of the trail
    before = count(table)
    assert before

    assert 0 == _delete(world, table)

    assert before == count(table)
    assert told.broadcast


def _delete(world: World, table: str) -> int:
    with psycopg.connect(settings_conninfo()) as connection:
        connection.execute("SET ROLE denrei_worker")
        connection.execute(
            "SELECT set_config('denrei.organization', %s, true)", (str(world.organization.pk),)
        )
        return connection.execute(f"DELETE FROM {table}".encode()).rowcount


@pytest.mark.parametrize("table", ["attempt", "event", "response", "page_view", "audit_entry"])
def test_pages_may_delete_none_of_it(world: World, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        world.change(f"DELETE FROM {table}")
