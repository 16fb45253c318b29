"""保留: keep the details of one broadcast whatever their age, and let go of it again (OPS-8)."""

from __future__ import annotations

from django.db import connection, transaction

from denrei.accounts import audit, mandate
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.retained import Emptied, Hold


class TooLateError(Exception):
    """The details of the broadcast are deleted, or being deleted: there is nothing to hold."""


def hold(broadcast: Broadcast, actor: Operator | None, reason: str) -> bool:
    """Hold a broadcast; False: it was held before, and the reason of then stands.

    Raises TooLateError; RefusedError where the operator may not.
    """
    with mandate.held(broadcast.organization_id, actor, Right.ORGANIZATION) as holder:
        lock_waves(broadcast.pk)
        if Emptied.objects.filter(pk=broadcast.pk).exists():
            raise TooLateError
        _, created = Hold.objects.get_or_create(
            broadcast=broadcast,
            defaults={
                "organization_id": broadcast.organization_id,
                "reason": reason,
                "by": holder.actor,
            },
        )
        if created:
            _record("broadcast.held", broadcast, holder.actor, after={"reason": reason})
    return created


def release(broadcast: Broadcast, actor: Operator | None) -> bool:
    """Let go of it: from the next night on its age counts. False: it was not held."""
    with mandate.held(broadcast.organization_id, actor, Right.ORGANIZATION) as holder:
        lock_waves(broadcast.pk)
        held = Hold.objects.of(broadcast.pk).first()
        if held is None:
            return False
        held.delete()
        _record("broadcast.let_go", broadcast, holder.actor, before={"reason": held.reason})
    return True


def lock_waves(broadcast_id: int) -> None:
    """Lock the waves of a broadcast until the transaction ends."""
    assert transaction.get_connection().in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM run WHERE broadcast_id = %s ORDER BY wave FOR UPDATE", [broadcast_id]
        )


def _record(
    action: str,
    broadcast: Broadcast,
    actor: Operator | None,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    audit.record(broadcast.organization_id, action, broadcast, actor, before, after)
