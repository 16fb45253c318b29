"""Alarms begin when something is wrong, once for each thing, and end when it is not (OPS-5)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Operator
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.direct import Handed
from denrei.deliveries.models import Gateway, Lane
from denrei.deliveries.recount import recount
from denrei.deliveries.watch import alarms, own_mail
from denrei.deliveries.watch.alarms import Patience
from denrei.domain.failures import Reason
from tests.deliveries.watch.looking import look, move, round_once
from tests.deliveries.world import World, settings_conninfo

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-5")]
#: Nothing is waited for.
AT_ONCE = Patience(stall=0.0, trouble=0.0, gone=0.0, calm=60.0)


@pytest.fixture
def broadcast(world: World) -> int:
    """Return a broadcast to four people of which everything is due."""
    world.lane()
    world.people(4)
    launched = world.launch().broadcast_id
    world.slices(launched)
    return launched


def opened(world: World) -> list[tuple[Any, ...]]:
    """Return kind, broadcast, gateway, operator of what is open."""
    return world.ask(
        "SELECT kind, broadcast_id, gateway_id, operator_id FROM alarm WHERE ended_at IS NULL"
        " ORDER BY id"
    )


def wait(world: World, seconds: int) -> None:
    """Let time pass for what the watch has written down."""
    world.change(
        "UPDATE motion SET still_since = still_since - %s * interval '1 second',"
        " seen_at = seen_at - interval '2 seconds'",
        seconds,
    )
    world.change("UPDATE alarm SET seen_at = seen_at - %s * interval '1 second'", seconds)


def test_a_minute_without_progress_of_what_is_due(world: World, broadcast: int) -> None:
    move(world, broadcast)
    wait(world, 59)
    move(world, broadcast)
    look(world)
    early = opened(world)
    wait(world, 2)
    move(world, broadcast)
    look(world)

    assert ([], [("stall", broadcast, None, None)]) == (early, opened(world))
    assert [({"left": 4},)] == world.ask("SELECT words FROM alarm")


def test_it_ends_some_seconds_after_something_moved(world: World, broadcast: int) -> None:
    move(world, broadcast)
    wait(world, 61)
    look(world)
    world.change("UPDATE delivery SET state = 1 WHERE id = (SELECT min(id) FROM delivery)")
    move(world, broadcast)
    look(world)
    still = opened(world)
    wait(world, 7)
    look(world)

    assert ([("stall", broadcast, None, None)], []) == (still, opened(world))


@pytest.mark.parametrize(
    "later",
    [
        pytest.param("next_at = now() + interval '1 hour'", id="a retry in the future"),
        pytest.param("next_at = NULL", id="a later medium or turn"),
    ],
)
def test_what_only_waits_for_later_is_no_stall(world: World, broadcast: int, later: str) -> None:
    world.change("UPDATE chunk SET state = 2, open = 0")
    world.change(f"UPDATE delivery SET chunk_id = NULL, {later}")
    move(world, broadcast)
    wait(world, 600)
    move(world, broadcast)
    look(world)

    assert [] == opened(world)


@pytest.mark.parametrize(
    "due",
    [
        pytest.param("UPDATE chunk SET state = 1, lease_until = now()", id="leased"),
        pytest.param("UPDATE delivery SET next_at = now() - interval '1 s'", id="retry due"),
    ],
)
def test_what_is_leased_or_overdue_is_due(world: World, broadcast: int, due: str) -> None:
    world.change("UPDATE chunk SET state = 2")
    world.change(due)
    move(world, broadcast)
    wait(world, 61)
    move(world, broadcast)
    look(world)

    assert [("stall", broadcast, None, None)] == opened(world)


def test_what_happened_while_nobody_looked_is_not_held_against_it(
    world: World, broadcast: int
) -> None:
    move(world, broadcast)
    world.change(
        "UPDATE motion SET still_since = now() - interval '1 hour',"
        " seen_at = now() - interval '1 hour'"
    )
    move(world, broadcast)
    look(world)

    assert [] == opened(world)


@pytest.fixture
def gateway(world: World) -> int:
    world.lane()
    world.change("UPDATE gateway SET trouble = '接続できません', trouble_since = now()")
    return int(world.ask("SELECT id FROM gateway")[0][0])


def test_trouble_that_lasts_is_an_alarm(world: World, gateway: int) -> None:
    look(world)
    early = opened(world)
    world.change("UPDATE gateway SET trouble_since = now() - interval '11 seconds'")
    look(world)

    assert ([], [("gateway", None, gateway, None)]) == (early, opened(world))
    facts = {"name": "simulated", "trouble": "接続できません", "others": 0}
    assert [(facts,)] == world.ask("SELECT words FROM alarm")


def test_one_of_all_organizations_is_an_alarm_of_each(world: World) -> None:
    other = World.create()
    world.lane(shared=True)
    world.ask_worker(
        "UPDATE gateway SET trouble = 'x', trouble_since = now() - interval '1 minute' RETURNING id"
    )
    look(world)
    look(other)

    assert (1, 1) == (len(opened(world)), len(opened(other)))


def test_another_organization_hears_nothing_of_ours(world: World, gateway: int) -> None:
    other = World.create()
    look(other, AT_ONCE)

    assert ([], []) == (opened(world), opened(other))


def test_one_that_is_switched_off_is_no_alarm(world: World, gateway: int) -> None:
    with tenancy.acting_for(world.organization.pk):
        Lane.objects.update(enabled=False)
    look(world, AT_ONCE)

    assert [] == opened(world)


def test_one_that_comes_and_goes_is_one_alarm(world: World, gateway: int) -> None:
    look(world, AT_ONCE)
    for trouble in ("", "x", "", "x"):
        with tenancy.acting_for(world.organization.pk):
            Gateway.objects.update(trouble=trouble, trouble_since=timezone.now())
        wait(world, 3)
        look(world, AT_ONCE)

    assert [(1, 1)] == world.ask(
        "SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM alarm"
    )


def test_one_that_returns_after_its_end_was_told_is_a_new_alarm(world: World, gateway: int) -> None:
    look(world, AT_ONCE)
    world.change("UPDATE alarm SET ended_at = now(), end_told_at = now()")
    look(world, AT_ONCE)

    assert [(2,)] == world.ask("SELECT count(*) FROM alarm")
    assert [("gateway", None, gateway, None)] == opened(world)


@pytest.mark.spec("NEW-1")
def test_a_difference_that_the_audit_found_is_an_alarm_until_it_is_gone(
    world: World, broadcast: int
) -> None:
    world.change("UPDATE tally SET n = n + 1")
    recount(world.organization.pk, broadcast)
    look(world)
    during = opened(world)
    world.change("UPDATE tally SET n = n - 1")
    recount(world.organization.pk, broadcast)
    wait(world, 7)
    look(world)

    assert ([("broken", broadcast, None, None)], []) == (during, opened(world))


@pytest.fixture
def operator(world: World) -> Operator:
    with tenancy.acting_for(world.organization.pk):
        return Operator.objects.create(
            organization=world.organization, login="me", name="担当", email="Me@example.jp"
        )


def told(world: World, operator: Operator, handed: Handed) -> None:
    """Let a message to an operator have come to this."""
    with tenancy.acting_for(world.organization.pk):
        own_mail.note(operator, handed)


_REFUSED = Handed(accepted=False, words="", reply="550 no", reason=Reason.UNKNOWN_USER)
_ACCEPTED = Handed(accepted=True, words="")


def test_an_operator_s_suppressed_address_is_an_alarm(world: World, operator: Operator) -> None:
    world.suppress("me@example.jp")
    look(world)
    during = opened(world)
    world.change("DELETE FROM suppression")
    wait(world, 7)
    look(world)

    assert ([("operator_mail", None, None, operator.pk)], []) == (during, opened(world))


def test_a_refused_test_is_an_alarm_until_one_is_accepted(world: World, operator: Operator) -> None:
    told(world, operator, _REFUSED)
    wait(world, 7)
    look(world)
    during = opened(world)
    told(world, operator, _ACCEPTED)
    wait(world, 7)
    look(world)

    assert ([("operator_mail", None, None, operator.pk)], []) == (during, opened(world))


def test_another_address_of_the_operator_ends_the_alarm(world: World, operator: Operator) -> None:
    told(world, operator, _REFUSED)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.update(email="other@example.jp")
    wait(world, 7)
    look(world)

    assert [] == opened(world)


@pytest.mark.parametrize("reason", [Reason.NONE, Reason.CONNECTION, Reason.TEMPORARY])
def test_what_says_nothing_of_the_address_is_no_alarm(
    world: World, operator: Operator, reason: Reason
) -> None:
    told(world, operator, Handed(accepted=False, words="", reason=reason))
    look(world)

    assert [] == opened(world)


def test_several_watchers_open_one_alarm(world: World, broadcast: int) -> None:
    move(world, broadcast)
    wait(world, 61)

    async def all_at_once() -> None:
        async with (
            LedgerConnection(settings_conninfo()) as one,
            LedgerConnection(settings_conninfo()) as two,
        ):
            await asyncio.gather(
                *(alarms.look(each, world.organization.pk) for each in (one, two) * 5)
            )

    asyncio.run(all_at_once())

    assert [("stall", broadcast, None, None)] == opened(world)


def test_a_quiet_organization_is_looked_at_now_and_then(world: World) -> None:
    world.lane()
    world.change("UPDATE gateway SET trouble = 'x', trouble_since = now() - interval '1 minute'")

    assert [world.organization.pk] == round_once()
