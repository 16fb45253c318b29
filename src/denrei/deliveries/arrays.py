"""Columns of numbers and texts as the text of PostgreSQL's arrays (its manual, 8.15.2).

psycopg's own lists cost eight times as much, and a worker sends a dozen of them for each 250 people.
"""

from __future__ import annotations

from collections.abc import Iterable


def numbers(column: Iterable[float | None]) -> str:
    """Return numbers, None as NULL; enumerations by their value."""
    words = ["NULL" if value is None else repr(value + 0) for value in column]
    return "{" + ",".join(words) + "}"


def texts(column: Iterable[str]) -> str:
    """Return texts, one at the least: quoted each, whatever they hold."""
    words = [value.replace("\\", "\\\\").replace('"', '\\"') for value in column]
    return '{"' + '","'.join(words) + '"}'
