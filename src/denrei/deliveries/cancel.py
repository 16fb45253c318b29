"""Nothing more: for people who answered, or for everybody when the operator stops a broadcast.

A halt is one row. What waits in the database is then safe, what a worker holds is stopped by its
gate; what is on the wire finishes with its true status and is not tried again (EMC-5).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from denrei.accounts import arrays, audit, tenancy
from denrei.accounts.models import Operator
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import reminding
from denrei.deliveries.models import Run
from denrei.deliveries.statements import statement
from denrei.domain.failures import Reason


def halt(
    organization_id: int,
    broadcast_id: int,
    recipient_ids: Sequence[int],
    reason: Reason = Reason.ANSWERED_ELSEWHERE,
    actor_id: int | None = None,
) -> list[int]:
    """Send nothing more to these people; return who was not halted before.

    Runs in the caller's transaction, which must act for the organization.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            statement("halt"),
            {
                "organization": organization_id,
                "broadcast": broadcast_id,
                "people": arrays.numbers(recipient_ids),
                "reason": int(reason),
                "actor": actor_id,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def stop(organization_id: int, broadcast_id: int, actor: Operator | None = None) -> bool:
    """Stop a broadcast and its reminders; False: nothing was left. Answers are taken all the same."""
    with tenancy.acting_for(organization_id):
        broadcast = Broadcast(pk=broadcast_id, organization_id=organization_id)
        # first: it waits for a reminder that is starting, and what started is then among the waves
        reminders = reminding.cancel_all(broadcast, actor)
        waves = Run.objects.unfinished(broadcast_id).values_list("wave", flat=True)
        halted = halt(
            organization_id,
            broadcast_id,
            [-wave for wave in waves],
            Reason.STOPPED,
            actor.pk if actor else None,
        )
        if halted:
            audit.record(organization_id, "broadcast.stopped", broadcast, actor)
        return bool(halted or reminders)
