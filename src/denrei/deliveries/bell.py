"""The bell that wakes janitors and senders: LISTEN/NOTIFY within the transaction that made work.

A lost bell costs half a second: everybody looks by themselves, too.
"""

from __future__ import annotations

from django.db import connection

CHANNEL = "denrei_bell"


def ring() -> None:
    """Ring when the caller's transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
