"""What a night would delete, and what room each kind takes: counted, nothing is changed (OPS-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from denrei.accounts import tenancy
from denrei.domain.retention import Period
from denrei.retention import emptying, rounds
from denrei.retention.kinds import KINDS, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What would go of one kind."""

    kind: Kind
    period: Period
    #: None: nothing ever.
    until: datetime | None
    things: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the next round would delete of one organization."""

    expected: tuple[Expected, ...]
    #: Broadcasts that stay although their time is over: held, broken, open, unsettled → how many.
    staying: Mapping[str, int]

    @property
    def things(self) -> int:
        """Return how much would go."""
        return sum(one.things for one in self.expected)


def preview(organization: int) -> Preview:
    """Count what would go at this moment."""
    with tenancy.acting_for(organization):
        expected = tuple(_expected(organization, kind) for kind in KINDS if not kind.is_shared)
        scope = rounds.scope_of(organization, KINDS[0])
        staying = emptying.overdue(scope).staying if scope else {}
    return Preview(expected=expected, staying=staying)


def _expected(organization: int, kind: Kind) -> Expected:
    scope = rounds.scope_of(organization, kind)
    return Expected(
        kind=kind,
        period=Period.of(scope.kept) if scope else Period.FOREVER,
        until=scope.until if scope else None,
        things=sum(step.count(scope) for step in kind.steps) if scope else 0,
    )


def room() -> Mapping[str, int]:
    """Return kind → octets that its tables and their indexes take, of all organizations together."""
    return {kind.code: _octets(kind.tables) for kind in KINDS if kind.tables}


def _octets(tables: Iterable[str]) -> int:
    whole = [table for table in tables if "." not in table]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint"
            " FROM unnest(%s::text[]) name",
            [whole],
        )
        return int(cursor.fetchone()[0])
