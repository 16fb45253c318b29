"""Reminders: 再通知 by itself at set times, until answered or stopped (OPS-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import cancel, packing, reminding
from denrei.deliveries.appointed import Reminder, ReminderState
from denrei.deliveries.models import Run, WaveKind
from tests.deliveries.world import World, content, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-1")]


def launched(world: World, minutes: Sequence[int], people: int = 2) -> tuple[int, list[int]]:
    """Launch with reminders and hand it over."""
    world.lane()
    found = world.people(people)
    broadcast = world.launch(content=content(), reminders=tuple(minutes)).broadcast_id
    with workers(1):
        world.finished(broadcast)
    return broadcast, [person.pk for person in found]


def come(world: World, minutes: int) -> None:
    """Let so many minutes pass."""
    world.change("UPDATE reminder SET due_at = due_at - %s", timedelta(minutes=minutes))


def standing(world: World) -> list[str]:
    """Return the states of the reminders, the earliest first."""
    with tenancy.acting_for(world.organization.pk):
        return [one.state for one in Reminder.objects.order_by("due_at")]


def kinds(world: World, broadcast: int) -> list[str]:
    """Return why there are waves."""
    with tenancy.acting_for(world.organization.pk):
        return list(Run.objects.of(broadcast).values_list("kind", flat=True))


def settle(world: World) -> None:
    """Look once at each reminder that waits, as a worker does."""
    with tenancy.acting_for(world.organization.pk):
        waiting = list(Reminder.objects.waiting().order_by("due_at").values_list("pk", flat=True))
    for one in waiting:
        reminding.remind_due(world.organization.pk, one)


def test_they_are_kept_with_the_launch(world: World) -> None:
    broadcast, _ = launched(world, [30, 60])

    with tenancy.acting_for(world.organization.pk):
        at = Broadcast.objects.get(pk=broadcast).launched_at
        due = [one.due_at - at for one in Reminder.objects.of(broadcast)]
    assert [timedelta(minutes=30), timedelta(minutes=60)] == due


def test_the_workers_send_one_at_its_time_to_the_silent(world: World) -> None:
    broadcast, people = launched(world, [30, 60])
    world.answers(broadcast, people[:1])
    come(world, 31)

    with workers(2):
        wait_for(lambda: standing(world)[0] == ReminderState.SENT)
        look = world.finished(broadcast)

    assert [ReminderState.SENT, ReminderState.WAITING] == standing(world)
    assert [WaveKind.LAUNCH, WaveKind.REMINDER] == kinds(world, broadcast)
    assert 3 == look.deliveries.total


def test_what_was_due_while_nothing_ran_goes_out_once(world: World) -> None:
    broadcast, _ = launched(world, [10, 20, 30, 500])
    come(world, 40)

    settle(world)

    states = standing(world)
    assert 1 == states.count(ReminderState.SENT)
    assert 2 == states.count(ReminderState.MERGED)
    assert ReminderState.WAITING == states[-1]
    assert 2 == len(kinds(world, broadcast))


def test_when_everybody_has_answered_none_is_sent(world: World) -> None:
    broadcast, people = launched(world, [30])
    world.answers(broadcast, people)
    come(world, 31)

    settle(world)

    assert [ReminderState.NEEDLESS] == standing(world)
    assert 1 == len(kinds(world, broadcast))


def test_a_stop_takes_them_back_also_after_the_end(world: World) -> None:
    broadcast, _ = launched(world, [30])

    assert cancel.stop(world.organization.pk, broadcast)

    come(world, 31)
    settle(world)
    assert [ReminderState.CANCELLED] == standing(world)
    assert 1 == len(kinds(world, broadcast))


def test_one_is_taken_back_by_itself(world: World) -> None:
    launched(world, [30, 60])
    with tenancy.acting_for(world.organization.pk):
        operator = Operator.objects.create(
            organization=world.organization, login="sender", role=Role.SENDER
        )
        first = Reminder.objects.order_by("due_at")[0]

        assert [True, False] == [reminding.cancel(first, operator) for _ in range(2)]
    assert [ReminderState.CANCELLED, ReminderState.WAITING] == standing(world)


def test_before_its_time_none_is_sent(world: World) -> None:
    launched(world, [30])

    settle(world)

    assert [ReminderState.WAITING] == standing(world)


def test_one_whose_medium_lost_its_way_is_told(world: World) -> None:
    launched(world, [30])
    world.change("UPDATE lane SET enabled = false")
    come(world, 31)

    settle(world)

    assert [ReminderState.FAILED] == standing(world)


def test_an_order_that_is_kept_keeps_them(world: World) -> None:
    order = world.order(reminders=(30, 60))
    at = order.give_up_at - timedelta(days=1)

    assert (30, 60) == packing.unpack(packing.pack(order, at), at).reminders
