"""Columns of numbers and texts as the text of PostgreSQL's arrays (its manual, 8.15.2).

psycopg's own lists cost eight times as much, and a worker sends a dozen of them for each 250 people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def ids(column: Sequence[int]) -> str:
    """Return plain integers, no enumerations: as Python itself writes a list of them."""
    return "{" + repr(list(column))[1:-1] + "}"


def numbers(column: Iterable[float | None]) -> str:
    """Return numbers, None as NULL; enumerations by their value."""
    given = list(column)
    if _are_one(given):
        return "{" + ",".join([_number(given[0])] * len(given)) + "}"
    return "{" + ",".join([_number(value) for value in given]) + "}"


def texts(column: Iterable[str]) -> str:
    """Return texts, one at the least: quoted each, whatever they hold."""
    given = list(column)
    if _are_one(given):
        return '{"' + '","'.join([_quoted(given[0])] * len(given)) + '"}'
    return '{"' + '","'.join([_quoted(value) for value in given]) + '"}'


def _are_one(given: list[Any]) -> bool:
    """Tell whether all are the same, as they are in most columns of a record: written once then."""
    return bool(given) and given.count(given[0]) == len(given)


def _number(value: float | None) -> str:
    return "NULL" if value is None else repr(value + 0)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
