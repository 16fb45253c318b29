"""予約: launched at its time, once, however many workers look; else told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from denrei.accounts import tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Role
from denrei.audience.selection import Selection
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Broadcast, Draft, IncidentType, SentBy
from denrei.broadcasts.typed import Typed
from denrei.deliveries import packing, scheduling
from denrei.deliveries.appointed import Scheduled, ScheduledState
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.launch import Order, Step, launch
from denrei.domain.states import Medium
from tests.deliveries.world import World, content, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-7")]

SOON = timedelta(hours=2)


@pytest.fixture
def operator(world: World) -> Operator:
    with tenancy.acting_for(world.organization.pk):
        return Operator.objects.create(
            organization=world.organization, login="sender", name="防災 太郎", role=Role.SENDER
        )


@pytest.fixture
def draft(world: World, operator: Operator) -> Draft:
    with tenancy.acting_for(world.organization.pk):
        return drafts.create(world.organization, operator, Typed())


def reserve(
    world: World,
    draft: Draft,
    *,
    launch_at: datetime | None = None,
    deadline: datetime | None = None,
    **changes: Any,
) -> Scheduled:
    """Reserve a launch to everybody in two hours."""
    launch_at = launch_at or datetime.now(UTC) + SOON
    with tenancy.acting_for(world.organization.pk):
        actor = Operator.objects.get()
        order = world.order(key=draft.key, **changes)
        return scheduling.schedule(draft, order, launch_at, deadline, actor)


def come(world: World, reservation: Scheduled, late: timedelta = timedelta()) -> None:
    """Let the time of a reservation have come, and be over by `late`."""
    world.change(
        "UPDATE scheduled SET not_after = not_after - (launch_at - now()) - %s, launch_at = now() - %s"
        " WHERE id = %s",
        late,
        late,
        reservation.pk,
    )


def settled(world: World, reservation: Scheduled) -> Scheduled:
    """Return the reservation as it stands now."""
    with tenancy.acting_for(world.organization.pk):
        return Scheduled.objects.get(pk=reservation.pk)


def acts(world: World) -> list[tuple[str, str]]:
    """Return (action, actor) in order, without the draft's."""
    with tenancy.acting_for(world.organization.pk):
        rows = AuditEntry.objects.exclude(subject_kind="draft").order_by("id")
        return [(row.action, row.actor_name) for row in rows if row.actor_id or not row.actor_name]


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


@pytest.mark.spec("OPS-4")
@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.VIEWER}])
def test_nothing_is_sent_for_who_may_not_send_any_more(
    world: World, draft: Draft, change: dict[str, Any]
) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.update(**change)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    found = settled(world, reservation)
    assert ScheduledState.FAILED == found.state
    assert "権限" in found.words
    assert [(0,)] == world.ask("SELECT count(*) FROM broadcast")


@pytest.mark.spec("OPS-4")
@pytest.mark.parametrize(
    ("is_deleted", "state"), [(False, ScheduledState.FAILED), (True, ScheduledState.LAUNCHED)]
)
def test_an_incident_type_that_went_into_other_hands_is_not_sent_one_that_is_gone_is(
    world: World, operator: Operator, is_deleted: bool, state: ScheduledState
) -> None:
    world.lane()
    world.people(1)
    with tenancy.acting_for(world.organization.pk):
        incident = IncidentType.objects.create(organization=world.organization, code="1", name="a")
        draft = drafts.create(world.organization, operator, Typed(incident=str(incident.pk)))
    reservation = reserve(world, draft)
    with tenancy.acting_for(world.organization.pk):
        if is_deleted:
            incident.delete()
        else:
            IncidentType.objects.update(sent_by=SentBy.ADMINS)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert state == settled(world, reservation).state


@pytest.mark.spec("ALL-5")
def test_nothing_is_sent_beyond_the_unit_that_its_operator_has_by_then(
    world: World, draft: Draft
) -> None:
    world.lane()
    world.people(3)
    school = units.add(world.organization, "S1", "第一小学校")
    world.change("UPDATE recipient SET unit_id = %s WHERE name = '伝令 0'", school.pk)
    reservation = reserve(world, draft)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.update(unit=school)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    found = settled(world, reservation)
    assert ScheduledState.FAILED == found.state
    assert "範囲" in found.words
    assert [(0,)] == world.ask("SELECT count(*) FROM broadcast")


@pytest.mark.spec("ALL-5")
def test_who_has_more_by_then_sends_to_the_unit_that_was_meant(world: World, draft: Draft) -> None:
    world.lane()
    world.people(3)
    city = units.add(world.organization, "C", "教育委員会")
    school = units.add(world.organization, "S1", "第一小学校", city)
    world.change("UPDATE recipient SET unit_id = %s WHERE name = '伝令 0'", school.pk)
    meant = Selection(everybody=True, within=school.pk)
    reservation = reserve(world, draft, selection=meant)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.update(unit=city)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert ScheduledState.LAUNCHED == settled(world, reservation).state
    assert [(1,)] == world.ask("SELECT people FROM run")


def test_what_another_version_kept_is_told_not_tried_for_ever(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    world.change("UPDATE scheduled SET \"order\" = '{}'")
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert ScheduledState.FAILED == settled(world, reservation).state


def test_nothing_is_reserved_that_could_not_be_launched(world: World, draft: Draft) -> None:
    world.lane()

    with pytest.raises(LaunchError, match="対象となる人"):
        reserve(world, draft)

    assert [(0,)] == world.ask("SELECT count(*) FROM scheduled")


def test_the_same_press_twice_is_one_reservation(world: World, draft: Draft) -> None:
    world.lane()
    world.people(1)

    assert reserve(world, draft).pk == reserve(world, draft).pk


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
