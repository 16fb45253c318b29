"""Two things at the same time: nothing is lost, doubled or held up by whichever came first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connections, transaction

from denrei.accounts import tenancy
from denrei.deliveries import cancel, reminding
from denrei.deliveries.appointed import Reminder, ReminderState
from denrei.deliveries.models import Gateway, Lane
from denrei.deliveries.statements import statement
from denrei.domain.states import Grade, Medium, State
from tests.deliveries.test_waves import SAFE, again
from tests.deliveries.world import World, content, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-1")]


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Run `work` in a thread: it begins within the block and is over behind it."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        yield
        thread.start()
        time.sleep(0.5)  # it waits for what the block holds
    thread.join()


def come(world: World) -> None:
    """Let the next reminder be due."""
    world.change("UPDATE reminder SET due_at = now() - interval '1 second' WHERE state = 'waiting'")


def reminder(world: World) -> int:
    with tenancy.acting_for(world.organization.pk):
        return Reminder.objects.get().pk


def test_a_wave_waits_until_the_first_one_is_written_out(world: World) -> None:
    world.lane()
    last = [person.pk for person in world.people(3)][-1]
    broadcast = world.launch(content=content(choices=(SAFE,))).broadcast_id
    world.slices(broadcast, people=1, most=1)
    assert again(world, broadcast, recipients=(last,))

    world.slices(broadcast, wave=2)
    assert Grade.NO_CONTACT not in world.grades(broadcast).values()

    with workers():
        world.finished(broadcast)
    assert [] == world.differences(broadcast)
    assert [(1, 3), (2, 1)] == world.ask(
        "SELECT wave, count(*) FROM delivery WHERE broadcast_id = %s GROUP BY 1 ORDER BY 1",
        broadcast,
    )


def test_reminders_do_not_pile_up_behind_a_gateway_that_is_down(world: World) -> None:
    lane = world.lane()
    world.people(1)
    broadcast = world.launch(content=content(choices=(SAFE,)), reminders=(5, 10, 15)).broadcast_id
    world.slices(broadcast)
    with tenancy.acting_for(world.organization.pk):
        Gateway.objects.filter(lane=lane).update(enabled=False)
        waiting = list(Reminder.objects.order_by("due_at").values_list("pk", flat=True))
    for wave, one in enumerate(waiting, 2):
        world.change("UPDATE reminder SET due_at = now() - interval '1 second' WHERE id = %s", one)
        reminding.remind_due(world.organization.pk, one)
        world.slices(broadcast, wave=wave)
    with tenancy.acting_for(world.organization.pk):
        Gateway.objects.filter(lane=lane).update(enabled=True)

    with workers():
        world.finished(broadcast)

    assert [(1, int(State.ACCEPTED))] == world.ask("SELECT wave, state FROM delivery ORDER BY wave")


@pytest.mark.spec("EMC-7")
def test_the_ledger_never_waits_for_somebody_who_edits_the_address_book(world: World) -> None:
    world.lane(rules={"p0@": ["UNKNOWN_USER"]})
    world.people(1)
    first = world.launch().broadcast_id
    with workers():
        world.finished(first)
    world.change("DELETE FROM suppression")
    second = world.launch().broadcast_id

    with world.acting() as importing:
        importing.execute("UPDATE contact SET state = state")
        with workers():
            world.finished(second)
        importing.rollback()

    assert [(1,)] == world.ask("SELECT count(*) FROM attention")


def test_a_stop_while_a_reminder_starts_stops_the_reminder_too(world: World) -> None:
    world.lane()
    world.people(2)
    broadcast = world.launch(content=content(choices=(SAFE,)), reminders=(5,)).broadcast_id
    world.slices(broadcast)
    come(world)
    due = reminder(world)

    with beside(lambda: cancel.stop(world.organization.pk, broadcast)):
        reminding.remind_due(world.organization.pk, due)

    with workers():
        world.finished(broadcast)
    assert [(int(State.CANCELLED),)] == world.ask("SELECT DISTINCT state FROM delivery")


def test_a_reminder_goes_by_the_media_that_are_left(world: World) -> None:
    world.lane()
    sms = world.lane(Medium.SMS)
    world.people(1)
    world.people(1, Medium.SMS, "+8190{0}")
    broadcast = world.launch(content=content(choices=(SAFE,)), reminders=(5,)).broadcast_id
    with workers():
        world.finished(broadcast)
        with tenancy.acting_for(world.organization.pk):
            Lane.objects.filter(pk=sms.pk).update(enabled=False)
        come(world)
        wait_for(
            lambda: [(ReminderState.SENT,)] == world.ask("SELECT state FROM reminder"),
        )
        world.finished(broadcast)

    assert [(int(Medium.MAIL),)] == world.ask("SELECT medium FROM delivery WHERE wave = 2")


@pytest.mark.spec("NEW-1")
def test_the_head_of_a_second_wave_is_mailed_whatever_became_of_the_first(world: World) -> None:
    world.lane()
    world.people(1)
    broadcast = world.launch(content=content(choices=(SAFE,))).broadcast_id
    with workers():
        world.finished(broadcast)
        world.change("UPDATE run SET head_tries = 6, finished_at = now() - interval '2 hours'")
        assert again(world, broadcast)
        world.finished(broadcast)
    world.change("UPDATE run SET finished_at = now() - interval '1 minute' WHERE wave = 2")

    due = world.ask_worker(statement("head_due").replace("%(most)s", "6"))

    assert [(world.organization.pk, broadcast)] == due


_CAME_BACK = "UPDATE delivery SET state = 3, evidence = 0, fold_rank = 40 WHERE address = %s"


@pytest.mark.spec("NEW-1", "NEW-2")
def test_of_two_messages_that_come_back_at_once_neither_counts_on_the_other(world: World) -> None:
    world.lane()
    world.people(1, address="slot{1}@example.jp", slots=2)
    broadcast = world.launch().broadcast_id
    with workers():
        world.finished(broadcast)
    before = world.grades(broadcast)

    with world.acting() as first, ThreadPoolExecutor(1) as other:
        first.execute(_CAME_BACK, ("slot1@example.jp",))
        second = other.submit(world.change, _CAME_BACK, "slot2@example.jp")
        time.sleep(0.5)  # it waits for the person
        assert not second.done()
        first.commit()
        second.result()

    assert {Grade.HANDED_OVER: 1} == before
    assert {Grade.UNREACHED: 1} == world.grades(broadcast)
    assert [] == world.differences(broadcast)
