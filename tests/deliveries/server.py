"""What the database's server knows of its connections, and how they are ended."""

from __future__ import annotations

import psycopg

from tests.deliveries.world import settings_conninfo


def blocked() -> bool:
    """Tell whether somebody waits for a lock in this test's database."""
    with psycopg.connect(settings_conninfo()) as connection:
        waiting = connection.execute(
            "SELECT FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return waiting.rowcount > 0


def end_backends(which: str) -> int:
    """End the connections that `which`, a condition on pg_stat_activity, means; return how many."""
    with psycopg.connect(settings_conninfo()) as connection:
        (ended,) = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND pid <> pg_backend_pid() AND {which}"
        ).fetchone() or (0,)
    return int(ended)
