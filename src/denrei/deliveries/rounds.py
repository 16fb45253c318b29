"""Rounds over all organizations, as `denrei_worker`: the audit, late seals, settling."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from denrei.accounts import tenancy
from denrei.deliveries.recount import recount
from denrei.deliveries.statements import statement

#: A mail that did not come back for so many days has arrived (OPS-7).
SETTLED_DAYS = 5


def audit() -> int:
    """Recount broadcasts that moved in the last minutes, and seal; return differences."""
    found = 0
    for organization, broadcast in _moved_lately():
        found += len(recount(organization, broadcast))
    _everywhere(("seal_lock", "seal"), {})
    return found


def settle() -> None:
    """End the streaks of addresses that were handed over to without a bounce, count the silent ones."""
    _everywhere(("settle", "silence_heard"), {"days": SETTLED_DAYS})
    for organization in _organizations():
        while _count_silence(organization):
            pass


def _count_silence(organization: int) -> bool:
    """Count the silent contacts of one settled broadcast (NEW-2); False: none is left to be counted."""
    with tenancy.acting_for(organization), connection.cursor() as cursor:
        cursor.execute(statement("silence"), {"organization": organization, "days": SETTLED_DAYS})
        return bool(cursor.rowcount)


def _moved_lately() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT organization_id, broadcast_id FROM run"
            " WHERE progress_at > now() - interval '10 minutes' OR broken_at IS NOT NULL OR stage = 1"
        )
        return list(cursor.fetchall())


def _organizations() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organization ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def _everywhere(names: Sequence[str], parameters: dict[str, int]) -> None:
    for organization in _organizations():
        with tenancy.acting_for(organization), connection.cursor() as cursor:
            for name in names:
                cursor.execute(statement(name), {"organization": organization, **parameters})
