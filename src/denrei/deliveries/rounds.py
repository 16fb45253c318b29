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
    """End the streaks of addresses that were handed over to without a bounce."""
    _everywhere(("settle",), {"days": SETTLED_DAYS})


def _moved_lately() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT organization_id, broadcast_id FROM run"
            " WHERE progress_at > now() - interval '10 minutes' OR broken_at IS NOT NULL OR stage = 1"
        )
        return list(cursor.fetchall())


def _everywhere(names: Sequence[str], parameters: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organization ORDER BY id")
        organizations = [row[0] for row in cursor.fetchall()]
    for organization in organizations:
        with tenancy.acting_for(organization), connection.cursor() as cursor:
            for name in names:
                cursor.execute(statement(name), {"organization": organization, **parameters})
