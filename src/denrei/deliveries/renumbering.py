"""Numbers of transactions that only rise, also when a dump is restored into another cluster.

Seals chain what committed by the number of its transaction. A dump takes the rows along, not the
counter: in a new cluster it begins anew, below what is sealed, and SEAL would pass over every new
attempt. Therefore the ledger writes the cluster's number plus a shift, `ledger_shift()`, and knows
by `ledger_cluster()` where that counts (ADR 0019). A physical copy keeps cluster and counter.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction

_log = logging.getLogger(__name__)

#: Where numbers are kept; the owner is bound by row-level security as well (FORCE).
_NUMBERED = ("attempt", "event", "seal_horizon")
_HERE = """
SELECT system_identifier::text, ledger_cluster(),
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint + ledger_shift()
  FROM pg_control_system()
"""
_SEEN = """
SELECT greatest((SELECT coalesce(max(xid), 0) FROM attempt), (SELECT coalesce(max(xid), 0) FROM event),
                (SELECT coalesce(max(xid), 0) FROM seal_horizon))
"""
_SET = """
CREATE OR REPLACE FUNCTION {name}() RETURNS {kind} IMMUTABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT {value}::{kind} $$
"""


def renumber() -> bool:
    """Let numbers go on above all there are, where this is another cluster; tell whether they had to.

    Only for the owner, before anything is written to the ledger here. May be repeated.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HERE)
        here, known, following = cursor.fetchone()
    if here == known:
        return False
    seen = _seen()
    began_anew = seen >= following
    with transaction.atomic(), connection.cursor() as cursor:
        if began_anew:
            cursor.execute(_SET.format(name="ledger_shift", kind="bigint", value=seen))
        cursor.execute(_SET.format(name="ledger_cluster", kind="text", value=f"'{int(here)}'"))
    if began_anew:
        _log.info("transaction numbers began anew", extra={"shift": seen})
    return bool(began_anew)


def _seen() -> int:
    """Return the highest number that the ledger knows, whose row ever it is.

    The owner is let through the wall for as long as that takes; others are not, and none of them
    waits meanwhile: the tables are locked for two moments only.
    """
    with connection.cursor() as cursor:
        try:
            for table in _NUMBERED:
                cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(_SEEN)
            (seen,) = cursor.fetchone()
        finally:
            for table in _NUMBERED:
                cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    return int(seen)
