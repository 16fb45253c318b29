"""Whom broadcasts have meant, of some people."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

#: The audience, and what of a large one is not written into it yet (ADR 0024).
_NAMED = """
SELECT recipient_id FROM unnest(%(people)s::bigint[]) meant (recipient_id)
 WHERE EXISTS (SELECT FROM audience a WHERE a.recipient_id = meant.recipient_id)
    OR EXISTS (SELECT FROM roster r WHERE meant.recipient_id = ANY (r.people))
"""


def among(people: Sequence[int]) -> list[int]:
    """Return those of the people whom any broadcast of the organization has meant."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"people": list(people)})
        return [row[0] for row in cursor.fetchall()]
