"""Reads the tables that must end alike, with their ids and without their times. Imports nothing of denrei.

Counters are kept in shards, one for each writer: their sums count. A case that a human's word has ended tells what
was known when it ended, and there is none where his word came first: the open ones count.
"""

from __future__ import annotations

import psycopg

Tables = dict[str, list[tuple[object, ...]]]

_QUESTIONS = {
    "delivery": (
        "SELECT id, broadcast_id, recipient_id, contact_id, medium, wave, turn, lane, state, fold_rank, evidence,"
        " reason, tries, misses, doubts, watched, shared, address, next_at IS NULL FROM delivery ORDER BY id"
    ),
    "tally": (
        "SELECT broadcast_id, medium, state, evidence, reason, sum(n) FROM tally"
        " GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4, 5"
    ),
    "people": (
        "SELECT broadcast_id, grade, sum(n) FROM people_tally GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 1, 2"
    ),
    "audience": "SELECT broadcast_id, recipient_id, grade FROM audience ORDER BY 1, 2",
    "suppression": (
        "SELECT medium, address_key, reason, strikes::text, streak, firm_id, until > now(), delivery_id, released_by FROM suppression"
        " ORDER BY 1, 2"
    ),
    "attention": (
        "SELECT contact_id, recipient_id, medium, address_key, status, reason, deliveries::text, times, broadcast_id,"
        " delivery_id, until > now() FROM attention WHERE state = 0 ORDER BY 1"
    ),
    "left": "SELECT source, event_key FROM event_open ORDER BY 1, 2",
}
#: Empty at the end, where every event was folded.
_EMPTY = {"left"}


def read(database: str) -> Tables:
    """Return what stands in the tables."""
    with psycopg.connect(database) as owner:
        found = {name: owner.execute(text.encode()).fetchall() for name, text in _QUESTIONS.items()}
    for name in _EMPTY:
        assert not found.pop(name), "events were left"
    return found


def differing(one: Tables, other: Tables) -> list[str]:
    """Return the tables that differ, with how many rows."""
    return [
        f"{name}: {len(set(one[name]) ^ set(other[name]))}"
        for name in one
        if one[name] != other[name]
    ]


def example(one: Tables, other: Tables) -> str | None:
    """Return rows that differ, of the first table that does; None: no table does."""
    for name in one:
        left, right = (sorted(set(a) - set(b), key=str) for a, b in _both(one[name], other[name]))
        if left or right:
            return f"{name}: {left[:2]} / {right[:2]}"
    return None


def _both(
    one: list[tuple[object, ...]], other: list[tuple[object, ...]]
) -> tuple[tuple[list[tuple[object, ...]], list[tuple[object, ...]]], ...]:
    return (one, other), (other, one)
