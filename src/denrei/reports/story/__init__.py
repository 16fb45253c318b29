"""The story of one person in one broadcast: everything that happened, newest first (ALL-3).

Read by keys in one statement and therefore from one snapshot; it costs the same in a broadcast to a
hundred people and to a million.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from django.db import connection

from denrei.accounts import tenancy
from denrei.deliveries.fold import Source
from denrei.deliveries.stages import Stage
from denrei.domain.states import Grade
from denrei.reports.story import reading
from denrei.reports.story.entries import Answered, Delivery, Entry

#: Attempts of a delivery, looks at its page, answers of a person that are shown: the newest.
MOST = 200


class UnknownPersonError(LookupError):
    """There is no such broadcast in this organization, or it was not for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The call for help of the person, while nobody closed it."""

    #: The answer before it had said that no help is needed (NEW-4).
    worsened: bool
    #: The operator who takes care, "" for nobody.
    taken_by: str
    taken_by_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One person in one broadcast."""

    broadcast_id: int
    recipient_id: int
    #: As at launch.
    name: str
    unit_id: int | None
    grade: Grade
    #: Nothing waits and nothing is in flight (連絡終了); answers may still come.
    finished: bool
    #: Those that reach the person, an address of others too.
    deliveries: tuple[Delivery, ...]
    #: The first first.
    answers: tuple[Answered, ...]
    call: Call | None
    #: Newest first.
    entries: tuple[Entry, ...]

    @property
    def latest(self) -> Answered | None:
        """The answer that counts (MSG-8)."""
        return self.answers[-1] if self.answers else None

    @property
    def version(self) -> str:
        """A short text that is another one as soon as anything here is."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@cache
def _statement() -> str:
    path = resources.files("denrei.reports") / "sql" / "story.sql"
    return path.read_text(encoding="utf-8")


def story(organization_id: int, broadcast_id: int, recipient_id: int) -> Story:
    """Return the story of a person. Raises UnknownPersonError."""
    asked = {
        "broadcast": broadcast_id,
        "recipient": recipient_id,
        "answer": int(Source.ANSWER),
        "most": MOST,
    }
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(_statement(), asked)
        person, *lists = (json.loads(part or "{}") for part in cursor.fetchone())
    if not person:
        raise UnknownPersonError(broadcast_id, recipient_id)
    return _story(broadcast_id, recipient_id, person, reading.Rows.of(lists))


def _story(
    broadcast_id: int, recipient_id: int, person: Mapping[str, Any], rows: reading.Rows
) -> Story:
    deliveries = reading.deliveries(rows, recipient_id)
    answers = reading.answers(rows)
    return Story(
        broadcast_id=broadcast_id,
        recipient_id=recipient_id,
        name=person["name"],
        unit_id=person["unit_id"],
        grade=Grade(person["grade"]),
        finished=all(wave["stage"] == Stage.FINISHED for wave in rows.waves),
        deliveries=deliveries,
        answers=answers,
        call=_call(rows.calls),
        entries=tuple(reading.entries(rows, deliveries, answers)),
    )


def _call(calls: Sequence[Mapping[str, Any]]) -> Call | None:
    return next(
        (
            Call(
                worsened=call["worsened"],
                taken_by=call["by"] or "",
                taken_by_id=call["taken_by_id"],
            )
            for call in calls
            if call["closed_at"] is None
        ),
        None,
    )
