"""Emptying a broadcast whose time is over: details go, figures and seals stay (OPS-8, ADR 0028).

First a mark, from which on nothing of it is shown, answered or sent again; then table by table,
in transactions of some thousand rows. Whatever dies in between, the next turn goes on at the mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import LiteralString

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models.functions import Now

from denrei.deliveries import holding
from denrei.deliveries.retained import Emptied
from denrei.retention.steps import NOTHING, Removed, Scope

#: Deliveries of a transaction: each has some attempts and events.
_FEW = 500
#: Rows of one table that name the broadcast, in this order; `chunk` and `motion` name nobody and serve nobody any more.
_BEFORE = ("page_view", "help_call", "response")
_AFTER = ("audience", "roster", "chunk", "motion")
#: What the planner must do without, to go by keys however young the statistics are.
_AVOIDED = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """Broadcasts whose time is over."""

    #: To be emptied, the oldest first.
    ready: tuple[int, ...]
    #: Why others stay → how many: held, broken, open, unsettled.
    staying: Mapping[str, int]


class Empty:
    """Empty the broadcasts whose time is over, one after the other."""

    def batch(self, scope: Scope, most: int) -> Removed:
        """Take the next some thousand rows out, or mark the next broadcast."""
        begun = Emptied.objects.filter(done_at=None).order_by("begun_at", "pk").first()
        if begun is None:
            return self._mark(scope)
        rows = _rows(begun.pk, most)
        if rows:
            return Removed(0, rows)
        Emptied.objects.filter(pk=begun.pk).update(done_at=Now())
        return Removed(1, 0, goes_on=True)

    def count(self, scope: Scope) -> int:
        """Return how many broadcasts it would empty, those that it is at as well."""
        return len(overdue(scope).ready) + Emptied.objects.filter(done_at=None).count()

    @staticmethod
    def _mark(scope: Scope) -> Removed:
        for broadcast in overdue(scope).ready:
            holding.lock_waves(broadcast)
            if overdue(scope, broadcast).ready:  # as it stands now that nobody else can change it
                assert scope.organization is not None
                Emptied.objects.create(
                    broadcast_id=broadcast, organization_id=scope.organization, kept=scope.kept
                )
                return Removed(0, 0, goes_on=True)
        return NOTHING


def overdue(scope: Scope, broadcast: int | None = None) -> Overdue:
    """Return the broadcasts that ended before the moment of the scope; or say so of one."""
    with _keyed() as cursor:
        cursor.execute(_statement("overdue"), {**scope.named, "broadcast": broadcast})
        rows = cursor.fetchall()
    return Overdue(
        ready=tuple(one for one, why in rows if not why),
        staying=Counter(why for _, why in rows if why),
    )


def _rows(broadcast: int, most: int) -> int:
    """Delete the next rows of a broadcast that is being emptied; 0: none is left."""
    asked = {"broadcast": broadcast, "most": most, "few": min(most, _FEW)}
    with _keyed() as cursor:
        for text in _texts():
            cursor.execute(text, asked)
            (rows,) = cursor.fetchone()
            if rows:
                return int(rows)
        cursor.execute("UPDATE run SET chosen = NULL WHERE broadcast_id = %(broadcast)s", asked)
    return 0


@contextmanager
def _keyed() -> Iterator[CursorWrapper]:
    """Give a cursor whose statements go by keys; what follows in the transaction does as it likes."""
    with connection.cursor() as cursor:
        _let(cursor, "off")
        yield cursor
        _let(cursor, "on")


def _let(cursor: CursorWrapper, value: str) -> None:
    cursor.execute(
        "SELECT set_config(name, %s, true) FROM unnest(%s::text[]) name", [value, [*_AVOIDED]]
    )


@cache
def _texts() -> tuple[str, ...]:
    """Return the statements in their order; each tells how many rows it deleted."""
    return (
        *(_delete(table) for table in _BEFORE),
        _statement("empty_deliveries"),
        _delete("event", " AND delivery_id IS NULL"),  # answers that operators noted
        *(_delete(table) for table in _AFTER),
        _delete("halt", " AND recipient_id > 0"),  # that the broadcast was stopped stays
    )


def _delete(table: str, more: str = "") -> str:
    return (
        f"WITH gone AS (DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table}"
        f" WHERE broadcast_id = %(broadcast)s{more} LIMIT %(most)s)) RETURNING 1) SELECT count(*) FROM gone"
    )


@cache
def _statement(name: str) -> LiteralString:
    path = resources.files("denrei.retention") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
