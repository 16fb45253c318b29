"""Reservations: made, come to their time, and as they stand then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator
from denrei.broadcasts.models import Draft
from denrei.deliveries import scheduling
from denrei.deliveries.appointed import Scheduled
from tests.deliveries.world import World

SOON = timedelta(hours=2)


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
