"""Rows of one broadcast in one snapshot, in pieces: memory does not grow with the broadcast."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from denrei.accounts import tenancy

#: People whose rows are held in memory at a time.
PEOPLE = 500
#: Below and above every id.
LEAST, MOST = -(2**63), 2**63 - 1

#: Before the first row of a young table has been analysed the planner reads whole tables.
_BY_KEYS = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
    "SET LOCAL jit = off",
)
#: Columns of JSON, which arrive as text.
_JSON = frozenset({"content", "steps"})
Fields = dict[str, Any]


class Range(NamedTuple):
    """Recipients behind `after`, up to `upto`."""

    after: int
    upto: int


@contextmanager
def opened(organization_id: int) -> Iterator[None]:
    """Open a transaction that sees one moment of an organization's rows.

    Within another transaction that one's isolation stands.
    """
    with transaction.atomic():
        if not _is_nested():
            with connection.cursor() as cursor:
                for setting in _BY_KEYS:
                    cursor.execute(setting)
        with tenancy.acting_for(organization_id):
            yield


def _is_nested() -> bool:
    return bool(connection.savepoint_ids)


def rows(name: str, parameters: Mapping[str, int], *, chosen: bool = False) -> Iterator[Fields]:
    """Yield what a statement tells, by its columns; `chosen`: it needs the deliveries of some people."""
    text = (_text("chosen") if chosen else "") + _text(name)
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        yield from _told([column.name for column in cursor.description], cursor.fetchall())


def streamed(name: str, parameters: Mapping[str, int]) -> Iterator[Fields]:
    """Yield the same by a cursor of the server, for what no range of people bounds."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_text(name), parameters)
        found = cursor.fetchmany(PEOPLE)
        names = [column.name for column in cursor.description]
        while found:
            yield from _told(names, found)
            found = cursor.fetchmany(PEOPLE)


def pieces(broadcast_id: int, bounds: Range) -> Iterator[tuple[Range, list[Fields]]]:
    """Yield ranges of recipients with their people; together they hold every id of the bounds."""
    after, most = bounds
    while True:
        asked = {"broadcast": broadcast_id, "after": after, "upto": most, "most": PEOPLE}
        people = list(rows("people", asked))
        is_last = len(people) < PEOPLE
        upto = most if is_last else people[-1]["recipient"]
        yield Range(after, upto), people
        if is_last:
            return
        after = upto


def _told(names: Sequence[str], found: Sequence[Sequence[Any]]) -> Iterator[Fields]:
    for row in found:
        yield {
            name: json.loads(value) if name in _JSON and value is not None else _said(value)
            for name, value in zip(names, row, strict=True)
        }


def _said(value: Any) -> Any:
    say = _SAID.get(type(value))
    return say(value) if say else value


def time_text(at: datetime) -> str:
    """Return a time as the file has it: to the microsecond, with its offset."""
    return at.isoformat(timespec="microseconds")


_SAID: Mapping[type, Callable[[Any], str]] = {
    datetime: lambda at: time_text(at.astimezone(UTC)),
    UUID: lambda value: value.hex,
    bytes: bytes.hex,
    memoryview: lambda value: bytes(value).hex(),
}


@cache
def _text(name: str) -> str:
    path = resources.files("denrei.reports") / "sql" / f"proof_{name}.sql"
    return path.read_text(encoding="utf-8")
