"""予約: launched at its time, once, however many workers look; else told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Broadcast, Draft
from denrei.broadcasts.typed import Typed
from denrei.deliveries import scheduling
from denrei.deliveries.appointed import ScheduledState
from tests.deliveries.scheduling.reserving import SOON, acts, come, reserve, settled
from tests.deliveries.world import World, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-7")]


def test_a_worker_launches_at_the_time_and_not_before(world: World, draft: Draft) -> None:
    world.lane()
    world.people(3)
    early = reserve(world, draft)

    with workers():
        assert ScheduledState.WAITING == settled(world, early).state
        come(world, early)
        wait_for(lambda: settled(world, early).state == ScheduledState.LAUNCHED)
        broadcast = settled(world, early).broadcast_id
        assert broadcast is not None
        world.finished(broadcast)

    with tenancy.acting_for(world.organization.pk):
        draft.refresh_from_db()
        assert (broadcast, "防災 太郎") == (
            draft.broadcast_id,
            Broadcast.objects.get().launched_by.name,  # type: ignore[union-attr] # launched by the operator
        )


@pytest.mark.spec("ALL-1")
def test_two_workers_launch_once(world: World, draft: Draft) -> None:
    world.lane()
    world.people(50)
    reservation = reserve(world, draft)
    come(world, reservation)

    with workers(2):
        wait_for(lambda: settled(world, reservation).state == ScheduledState.LAUNCHED)

    assert [(1,)] == world.ask("SELECT count(*) FROM broadcast")


def test_looks_at_once_launch_once(world: World, draft: Draft) -> None:
    world.lane()
    world.people(50)
    reservation = reserve(world, draft)
    come(world, reservation)

    def look(_: int) -> None:
        scheduling.launch_due(world.organization.pk, reservation.pk)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(look, range(8)))

    assert [(1,)] == world.ask("SELECT count(*) FROM broadcast")
    assert ScheduledState.LAUNCHED == settled(world, reservation).state


@pytest.mark.spec("ALL-5")
def test_a_worker_that_sees_all_lanes_sends_by_the_organizations_own(world: World) -> None:
    world.lane()  # of another organization, and older
    own = World.create()
    lane = own.lane()
    own.people(1)
    with tenancy.acting_for(own.organization.pk):
        actor = Operator.objects.create(
            organization=own.organization, login="b", name="B", role=Role.SENDER
        )
        draft = drafts.create(own.organization, actor, Typed())
    reservation = reserve(own, draft)
    come(own, reservation)

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
    try:
        scheduling.launch_due(own.organization.pk, reservation.pk)
    finally:
        connection.close()

    assert [(lane.pk,)] == own.ask("SELECT (steps->0->>'lane')::int FROM run")


def test_people_are_selected_at_the_launch(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    world.people(2, address="new{0}@example.jp")
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert [(3,)] == world.ask("SELECT people FROM run")


def test_after_the_deadline_nothing_is_sent_and_it_is_recorded(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)
    launch_at = datetime.now(UTC) + SOON
    reservation = reserve(
        world, draft, launch_at=launch_at, deadline=launch_at + timedelta(minutes=10)
    )
    come(world, reservation, late=timedelta(minutes=11))

    scheduling.launch_due(world.organization.pk, reservation.pk)

    found = settled(world, reservation)
    assert ScheduledState.MISSED == found.state
    assert "期限" in found.words
    assert [(0,)] == world.ask("SELECT count(*) FROM broadcast")
    assert ("schedule.missed", "") in acts(world)


def test_without_a_deadline_an_hour_is_the_latest(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)

    assert scheduling.LATEST == reservation.not_after - reservation.launch_at


def test_a_late_worker_launches_within_the_deadline(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    come(world, reservation, late=timedelta(minutes=59))

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert ScheduledState.LAUNCHED == settled(world, reservation).state


def test_what_a_launch_refuses_is_kept_with_the_reason(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    world.change("UPDATE lane SET enabled = false")
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    found = settled(world, reservation)
    assert ScheduledState.FAILED == found.state
    assert "送信経路" in found.words


def test_what_another_version_kept_is_told_not_tried_for_ever(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    world.change("UPDATE scheduled SET \"order\" = '{}'")
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert ScheduledState.FAILED == settled(world, reservation).state
