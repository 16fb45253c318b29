"""Which broadcasts ended and still owe the administrators the head of their chain (NEW-1)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from denrei.accounts import tenancy
from denrei.deliveries.statements import statement

#: Seconds until a mail that nobody took is tried again, times the number of tries; and how often.
PAUSE, MOST = 300, 6


def due() -> list[tuple[int, int]]:
    """Return (organization, broadcast) of what is to be mailed; a worker sees all organizations."""
    with connection.cursor() as cursor:
        cursor.execute(statement("head_due"), {"most": MOST})
        return list(cursor.fetchall())


def take(organization_id: int, broadcast_id: int) -> tuple[int, datetime] | None:
    """Take a head to mail it; return the newest wave and when; None where another has it."""
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(statement("head_take"), {"broadcast": broadcast_id, "pause": PAUSE})
        row = cursor.fetchone()
    return (int(row[0]), row[1]) if row else None


def told(organization_id: int, broadcast_id: int, wave: int, taken: datetime) -> None:
    """Note that it was mailed: it is not mailed again, unless a later wave ends."""
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(
            statement("head_told"), {"broadcast": broadcast_id, "wave": wave, "taken": taken}
        )
