"""Seal now what the janitor would seal within seconds: before a file or a head leaves the house."""

from __future__ import annotations

from django.db import connection

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.statements import statement


def seal(organization_id: int) -> None:
    """Chain what has certainly committed; in the caller's transaction, or in one of its own.

    What a transaction wrote that is still open, the caller's too, stays for a later seal.
    """
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        for name in ("seal_lock", "seal"):
            cursor.execute(statement(name), {"organization": organization_id})


def record_export(
    organization_id: int,
    broadcast_id: int,
    actor: Operator | None,
    recipient_id: int | None = None,
) -> None:
    """Note in the trail that a broadcast, or one person of it, leaves the house as a file."""
    told = None if recipient_id is None else {"person": recipient_id}
    audit.record(
        organization_id, "broadcast.exported", Broadcast(pk=broadcast_id), actor, after=told
    )
