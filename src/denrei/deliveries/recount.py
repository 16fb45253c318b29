"""The audit: recount the ledger, compare with the counters, raise an alarm on a difference (NEW-1)."""

from __future__ import annotations

import logging

from django.db import connection

from denrei.accounts import tenancy
from denrei.deliveries.retained import emptied
from denrei.deliveries.statements import statement

_log = logging.getLogger(__name__)

#: Each compares in one snapshot.
_CHECKS = ("check_deliveries", "check_people", "check_chunks")
#: Of a broadcast whose rows are deleted: what stays, with itself (OPS-8).
_OF_EMPTIED = ("check_emptied",)


def recount(organization_id: int, broadcast_id: int) -> list[tuple[str, int, int]]:
    """Return (what, counted, found) wherever counters and ledger differ; keep it, and alarm."""
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        differences: list[tuple[str, int, int]] = []
        for check in _OF_EMPTIED if emptied(broadcast_id) else _CHECKS:
            cursor.execute(statement(check), {"broadcast": broadcast_id})
            differences += cursor.fetchall()
        if differences:
            _log.error(
                "conservation broken",
                extra={"broadcast": broadcast_id, "differences": len(differences)},
            )
            cursor.executemany(
                "INSERT INTO finding (organization_id, broadcast_id, what, counted, found)"
                " VALUES (%s, %s, %s, %s, %s)",
                [(organization_id, broadcast_id, *difference) for difference in differences],
            )
        cursor.execute(
            "UPDATE run SET broken_at = CASE WHEN %(broken)s THEN coalesce(broken_at, now()) END"
            " WHERE broadcast_id = %(broadcast)s AND (broken_at IS NOT NULL) <> %(broken)s",
            {"broken": bool(differences), "broadcast": broadcast_id},
        )
    return differences
