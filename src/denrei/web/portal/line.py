"""The database connection of a lane: for the same few statements, thousands of times.

PostgreSQL plans each of them once, not for each group: values go beside the words. A plan that was made
when a table was small would be followed when it no longer is, so none may read a whole table, and none
is kept for long.
"""

from __future__ import annotations

from time import monotonic

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections
from django.db.utils import load_backend

#: Seconds until plans are made anew, and until a connection that nobody used is looked at before it is used.
_FRESH, _QUIET = 10.0, 1.0
_SETTINGS = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "jit": "off"}


class Line:
    """The connection of the thread that makes it, whatever other threads have. Not a pool's."""

    def __init__(self) -> None:
        given = connections.settings[DEFAULT_DB_ALIAS]
        options = {name: value for name, value in given["OPTIONS"].items() if name != "pool"}
        words = [options.get("options", "")]
        words += [f"-c {name}={value}" for name, value in _SETTINGS.items()]
        options |= {
            "options": " ".join(words),
            "server_side_binding": True,
            "prepare_threshold": 1,
        }
        ours = {**given, "CONN_MAX_AGE": None, "OPTIONS": options}
        connections[DEFAULT_DB_ALIAS] = load_backend(given["ENGINE"]).DatabaseWrapper(
            ours, DEFAULT_DB_ALIAS
        )
        self._planned = self._used = monotonic()

    def ready(self) -> None:
        """Make ready for the next group."""
        now = monotonic()
        if now - self._used > _QUIET:
            close_old_connections()
        if now - self._planned > _FRESH and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("DISCARD PLANS")
            self._planned = now
        self._used = now
