"""予約: kept once and as it was, until it is cancelled, sent by hand or taken note of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Operator
from denrei.audience.selection import Selection
from denrei.broadcasts.models import Draft
from denrei.deliveries import packing, scheduling
from denrei.deliveries.appointed import Scheduled, ScheduledState
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.launch import Order, Step, launch
from denrei.domain.states import Medium
from tests.deliveries.scheduling.reserving import acts, come, reserve, settled
from tests.deliveries.world import World, content

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-7")]


def test_nothing_is_reserved_that_could_not_be_launched(world: World, draft: Draft) -> None:
    world.lane()

    with pytest.raises(LaunchError, match="対象となる人"):
        reserve(world, draft)

    assert [(0,)] == world.ask("SELECT count(*) FROM scheduled")


def test_the_same_press_twice_is_one_reservation(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)

    assert reserve(world, draft).pk == reserve(world, draft).pk


def test_an_order_is_the_same_after_it_was_kept() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    order = Order(
        key="draft:1:2",
        content=content(),
        selection=Selection(groups=(1, 2), positions=(3,), both=True, within=4),
        steps=(Step(medium=Medium.MAIL), Step(medium=Medium.PHONE, after_seconds=600)),
        give_up_at=now + timedelta(days=1),
    )

    later = packing.unpack(packing.pack(order, now), now + timedelta(hours=1))

    assert order.digest() == later.digest()
    assert order.give_up_at + timedelta(hours=1) == later.give_up_at


def test_a_cancelled_reservation_is_not_launched(
    world: World, draft: Draft, operator: Operator
) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    with tenancy.acting_for(world.organization.pk):
        first = scheduling.cancel(reservation, operator)
        second = scheduling.cancel(reservation, operator)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert (True, False) == (first, second)
    assert ScheduledState.CANCELLED == settled(world, reservation).state
    assert [("broadcast.scheduled", "防災 太郎"), ("schedule.cancelled", "防災 太郎")] == [
        act for act in acts(world) if act[1]
    ]


def test_a_draft_that_was_sent_by_hand_is_not_sent_again_at_its_time(
    world: World, draft: Draft
) -> None:
    world.lane()
    world.people(1)
    order = world.order(key=draft.key)
    reservation = reserve(world, draft, content=order.content)
    sent = launch(world.organization, order)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert sent.broadcast_id == settled(world, reservation).broadcast_id
    assert [(1,)] == world.ask("SELECT count(*) FROM broadcast")


def test_who_took_note_of_a_missed_one_sees_it_no_more(
    world: World, draft: Draft, operator: Operator
) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    come(world, reservation, late=timedelta(hours=3))
    scheduling.launch_due(world.organization.pk, reservation.pk)

    with tenancy.acting_for(world.organization.pk):
        before = Scheduled.objects.unsent().count()
        scheduling.note(reservation, operator)
        after = Scheduled.objects.unsent().count()

    assert (1, 0) == (before, after)
