"""The people of a broadcast, whom nothing reached first, page by page (ALL-4, NEW-2).

A page costs what it shows, also the ten-thousandth: it begins behind a person, never at a number.
Everything here reads in the caller's transaction, which must act for the organization.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from importlib import resources
from typing import Any

from django.db import connection

from denrei.directory import searching
from denrei.directory.search import parts_of
from denrei.domain.failures import Reason
from denrei.domain.states import Grade, Look, Medium, State
from denrei.domain.status import Position, Status, status_of
from denrei.responses.models import Response

#: A grade that fewer than this share of the people have is asked for together with others.
_RARE = 0.02
#: The planner walks the key in order only where it sees one grade; else it reads all and sorts.
_ONE_GRADE = "a.grade = %(grade)s AND a.recipient_id > %(after)s"
_GRADES = (
    "a.grade = ANY(%(grades)s::smallint[])"
    " AND (a.grade, a.recipient_id) > (%(grade)s::smallint, %(after)s::bigint)"
)
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Behind whom a page begins."""

    grade: Grade
    recipient_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whom a list is narrowed to; all of it holds at once."""

    grades: frozenset[Grade] = frozenset(Grade)
    looked: Look | None = None
    #: Code of the answer that counts.
    choice: str | None = None
    #: The answer that counts calls for help.
    needs_help: bool | None = None
    #: As frozen at launch. None: of all units, and those of none.
    units: tuple[int, ...] | None = None
    #: Whoever is in the group now.
    group: int | None = None
    #: A part of the name, reading, code, address or number that the address book has now.
    text: str = ""
    #: Whose entries of the address book the text is looked for in. None: everybody's.
    searched: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One delivery that reaches a person, as it stands."""

    medium: Medium
    state: State
    reason: Reason
    tries: int
    #: It may have arrived twice (ALL-2).
    in_doubt: bool
    #: When it is tried next; None where that waits for something else.
    next_at: datetime | None
    #: It stands in the queue of a lane.
    queued: bool
    #: A worker holds it.
    claimed: bool

    @property
    def status(self) -> Status:
        """Return the one status that people read."""
        return status_of(
            Position(
                state=self.state,
                medium=self.medium,
                reason=self.reason,
                tries=self.tries,
                claimed=self.claimed,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person of a broadcast."""

    id: int
    name: str
    #: Of the unit at launch, or "".
    unit: str
    grade: Grade
    looked: Look
    needs_help: bool
    #: The latest change first.
    sent: Sequence[Sent] = ()
    #: The first first.
    answers: Sequence[Response] = field(default=())

    @property
    def place(self) -> Place:
        """Return where a page behind this person begins."""
        return Place(grade=self.grade, recipient_id=self.id)


class People:
    """The people of one broadcast who are wished for."""

    def __init__(self, broadcast_id: int, wish: Wish) -> None:
        self._broadcast = broadcast_id
        self._wish = wish

    def page(self, after: Place | None, most: int) -> list[Person]:
        """Return the people behind a place, with what was sent to them and what they answered."""
        rows = list(self._rows(after, most))
        ids = [row[1] for row in rows]
        sent, answers = _sent(self._broadcast, ids), _answers(self._broadcast, ids)
        return [
            Person(
                grade=Grade(grade),
                id=pk,
                name=name,
                unit=unit,
                looked=Look(looked),
                needs_help=needs_help,
                sent=sent.get(pk, ()),
                answers=answers.get(pk, ()),
            )
            for grade, pk, name, unit, looked, needs_help in rows
        ]

    def _rows(self, after: Place | None, most: int) -> Iterator[Row]:
        """Yield rows, until there are enough."""
        left = most
        for grades in self._batches(after):
            for row in self._of(grades, after, left):
                yield row
                left -= 1
            if left <= 0:
                return

    def _batches(self, after: Place | None) -> list[list[Grade]]:
        """Return the grades that anybody has, from a place on: those that are asked for at once.

        A list of few people reads all of the audience; so does each question for a grade of few.
        """
        counts = {Grade(grade): n for grade, n in _ask("people_grades", self._counted)}
        rare = _RARE * sum(counts.values())
        batches: list[list[Grade]] = []
        is_open = False
        for grade, count in counts.items():
            if grade not in self._wish.grades or (after is not None and grade < after.grade):
                continue
            is_few = self._is_of_few or count < rare
            if is_few and is_open:
                batches[-1].append(grade)
            else:
                batches.append([grade])
            is_open = is_few
        return batches

    def _of(self, grades: Sequence[Grade], after: Place | None, most: int) -> list[Row]:
        behind = after if after and after.grade in grades else None
        asked = {
            "grade": int(behind.grade if behind else grades[0]),
            "after": behind.recipient_id if behind else 0,
            "grades": [int(grade) for grade in grades],
            "units": _listed(self._wish.units),
            "group": self._wish.group,
            "searched": _listed(self._wish.searched),
            "most": most,
        }
        asked |= {**self._counted, **self._text}
        if len(grades) > 1:
            return _ask("people", asked, grades=_GRADES)
        with _in_order():
            return _ask("people", asked, grades=_ONE_GRADE)

    @property
    def _is_of_few(self) -> bool:
        """Whether few of the audience are wished for, whatever their grade."""
        wish = self._wish
        return wish.units is not None or wish.group is not None or self._text["ids"] is not None

    @property
    def _counted(self) -> Mapping[str, Any]:
        """Return the conditions by which the counters count, too."""
        wish = self._wish
        return {
            "broadcast": self._broadcast,
            "looked": None if wish.looked is None else int(wish.looked),
            "choice": wish.choice,
            "needs_help": wish.needs_help,
        }

    @cached_property
    def _text(self) -> Mapping[str, list[int] | list[str] | None]:
        """Return the condition of the text: by ids where they are few, else person by person."""
        wish = self._wish
        parts = parts_of(wish.text)
        if not parts:
            return {"ids": None, "patterns": None}
        ids = searching.found(parts, _listed(wish.searched))
        if len(ids) <= searching.CAP:
            return {"ids": sorted(ids), "patterns": None}
        return {"ids": None, "patterns": [_pattern(part) for part in parts]}


def _listed(ids: tuple[int, ...] | None) -> list[int] | None:
    return None if ids is None else list(ids)


def _pattern(part: str) -> str:
    for special in ("\\", "%", "_"):
        part = part.replace(special, f"\\{special}")
    return f"%{part}%"


def _sent(broadcast_id: int, people: Sequence[int]) -> Mapping[int, list[Sent]]:
    found: defaultdict[int, list[Sent]] = defaultdict(list)
    asked = {"broadcast": broadcast_id, "people": list(people)}
    for row in _ask("people_deliveries", asked):
        person, medium, state, reason, tries, doubts, next_at, queued, claimed = row
        found[person].append(
            Sent(
                medium=Medium(medium),
                state=State(state),
                reason=Reason(reason),
                tries=tries,
                in_doubt=doubts > 0,
                next_at=next_at,
                queued=queued,
                claimed=claimed,
            )
        )
    return found


def _answers(broadcast_id: int, people: Sequence[int]) -> Mapping[int, list[Response]]:
    found: defaultdict[int, list[Response]] = defaultdict(list)
    for answer in Response.objects.filter(
        broadcast_id=broadcast_id, recipient_id__in=people
    ).order_by("id"):
        found[answer.recipient_id].append(answer)
    return found


@contextmanager
def _in_order() -> Iterator[None]:
    """Let a key be walked in order: on young statistics the planner collects all rows first, and sorts them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        yield
        cursor.execute("SET LOCAL enable_bitmapscan TO DEFAULT")


def _ask(name: str, asked: Mapping[str, Any], **parts: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(name).format(**parts), asked)
        return list(cursor.fetchall())


@cache
def _statement(name: str) -> str:
    path = resources.files("denrei.reports") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
