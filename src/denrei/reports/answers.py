"""What people answered, and who calls for help: for the board of one broadcast (ALL-4, NEW-4).

Counts are read from counters and lists have an end, so that it costs the same for a hundred people and
a million.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import LiteralString

from django.db import connection

from denrei.accounts import tenancy
from denrei.broadcasts.content import Choice, Content
from denrei.domain.states import Grade, Look
from denrei.reports.board import UnknownBroadcastError

#: Untaken calls that are counted; beyond it there are "more than" so many.
COUNTED = 1000
#: Untaken calls that are listed by name.
LISTED = 20
_Row = tuple[int, int, str, bool, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How the people of a broadcast answered."""

    #: Each choice in the order of the page, with its people; also those that nobody took.
    given: tuple[tuple[Choice, int], ...]
    #: People who neither answered nor confirmed.
    silent: int
    #: People whose latest answer calls for help.
    needs_help: int
    #: People without evidence of a human, by who looked at their page.
    looks: Mapping[Look, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call for help that nobody has taken."""

    call_id: int
    recipient_id: int
    #: As it was at launch.
    name: str
    opened_at: datetime
    #: The answer before it had said that no help is needed.
    worsened: bool
    #: The answer in Japanese, as it read then.
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls for help of a broadcast that nobody has taken."""

    #: At most COUNTED.
    untaken: int
    #: Who was well before comes first, then who has waited longest; at most LISTED.
    listed: tuple[Call, ...]


def answers(organization_id: int, broadcast_id: int) -> Answers:
    """Return how people answered. Raises UnknownBroadcastError."""
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(_statement("answers"), {"broadcast": broadcast_id})
        row = cursor.fetchone()
    if row is None:
        raise UnknownBroadcastError(broadcast_id)
    return _answers(Content.from_json(row[0]), json.loads(row[1]))


def calls(organization_id: int, broadcast_id: int) -> Calls:
    """Return the calls that wait for somebody; none for a broadcast that is unknown."""
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(
            _statement("calls"),
            {"broadcast": broadcast_id, "counted": COUNTED, "most": LISTED},
        )
        rows = cursor.fetchall()
    listed = tuple(
        Call(
            call_id=call_id,
            recipient_id=recipient_id,
            name=name,
            opened_at=opened_at,
            worsened=worsened,
            words=words,
        )
        for _, call_id, recipient_id, name, opened_at, worsened, words in rows
    )
    return Calls(untaken=rows[0][0] if rows else 0, listed=listed)


def _answers(content: Content, rows: Sequence[_Row]) -> Answers:
    by_choice: Counter[str] = Counter()
    looks: Counter[Look] = Counter()
    enough = Grade.ANSWERED if content.choices else Grade.READ
    silent = needs_help = 0
    for grade, looked, choice, helped, people in rows:
        by_choice[choice] += people
        needs_help += people if helped else 0
        silent += people if grade < enough else 0
        looks[Look(looked)] += people if grade < Grade.READ else 0
    return Answers(
        given=tuple((choice, by_choice[choice.code]) for choice in content.choices),
        silent=silent,
        needs_help=needs_help,
        looks={look: looks[look] for look in Look},
    )


@cache
def _statement(name: str) -> LiteralString:
    path = resources.files("denrei.reports") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
