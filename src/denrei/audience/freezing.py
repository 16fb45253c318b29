"""Freeze who is meant at the moment of launch, and note what becomes known of each: evidence, answer, looks.

What notes locks people in the ledger's one order, so that no record of a delivery can cross it, and
is the only change of the audience in its transaction: two would lock the counters in two orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import LiteralString

from django.core.exceptions import EmptyResultSet
from django.db import connection

from denrei.accounts import arrays
from denrei.audience.selection import Selection
from denrei.domain.states import Grade, Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The answer that counts for a person."""

    #: "": none, or 受信確認 only.
    choice: str
    needs_help: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an answer makes known of a person."""

    answer: Counted
    #: The evidence that it is.
    grade: Grade


#: A larger audience is named with the press, in pages of so many people, and written by the janitor: to write a million
#: takes seconds that the first mail must not wait for (ADR 0024).
AT_ONCE, PAGE = 20_000, 1_000


def freeze(organization_id: int, broadcast_id: int, selection: Selection) -> int:
    """Settle who is meant by a broadcast; return their number (対象).

    Runs in the caller's transaction, which must act for the organization.
    """
    if selection.people()[AT_ONCE : AT_ONCE + 1].exists():
        return _name(organization_id, broadcast_id, selection)
    return _write(organization_id, broadcast_id, selection)


def _name(organization_id: int, broadcast_id: int, selection: Selection) -> int:
    """Put everybody on the roster, and count them as unreached."""
    chosen, parameters = selection.people().order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO roster (organization_id, broadcast_id, first, people)"  # noqa: S608 - Django's own SQL
            " SELECT %s, %s, min(id), array_agg(id ORDER BY id) FROM ("
            f"SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS page FROM ({chosen}) chosen(id)) numbered"
            " GROUP BY page RETURNING cardinality(people)",
            [organization_id, broadcast_id, PAGE, *parameters],
        )
        people = sum(int(row[0]) for row in cursor.fetchall())
        cursor.execute(
            "INSERT INTO people_tally (organization_id, broadcast_id, grade, shard, n) VALUES (%s, %s, %s, -1, %s)",
            [organization_id, broadcast_id, Grade.UNREACHED, people],
        )
    return people


def _write(organization_id: int, broadcast_id: int, selection: Selection) -> int:
    """Write everybody into the audience."""
    people = selection.people().order_by()
    try:
        chosen, parameters = people.values(
            "id", "household_id", "unit_id", "language", "name"
        ).query.sql_with_params()
    except EmptyResultSet:  # nothing was named: there is no SQL for nobody
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audience (organization_id, broadcast_id, recipient_id, household_id,"  # noqa: S608 - Django's own SQL
            " unit_id, language, name, grade)"
            " SELECT %s, %s, id, household_id, unit_id, language, name, %s"
            f" FROM ({chosen}) chosen(id, household_id, unit_id, language, name)",
            [organization_id, broadcast_id, Grade.UNREACHED, *parameters],
        )
        return int(cursor.rowcount)


def raise_grade(broadcast_id: int, recipient_ids: list[int], grade: Grade) -> int:
    """Note better evidence about people; return how many rose."""
    with connection.cursor() as cursor:
        cursor.execute(
            # By an array of keys: joined with the CTE, young statistics read the whole audience.
            "WITH person AS MATERIALIZED (SELECT recipient_id FROM audience WHERE broadcast_id = %(b)s"
            " AND recipient_id = ANY(%(people)s) AND grade < %(grade)s ORDER BY recipient_id FOR UPDATE)"
            " UPDATE audience a SET grade = %(grade)s WHERE a.broadcast_id = %(b)s"
            " AND a.recipient_id = ANY(ARRAY(SELECT recipient_id FROM person))",
            {"b": broadcast_id, "people": recipient_ids, "grade": int(grade)},
        )
        return int(cursor.rowcount)


def note_answers(broadcast_id: int, answers: Mapping[int, Known]) -> dict[int, Counted]:
    """Let answers count from now on; return for each person the one that counted before.

    Until the transaction ends no other answer of these people is taken: number them afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _statement("answer"),
            {
                "broadcast": broadcast_id,
                "people": arrays.numbers(answers),
                "choices": arrays.texts(known.answer.choice for known in answers.values()),
                "helps": arrays.numbers(int(known.answer.needs_help) for known in answers.values()),
                "grades": arrays.numbers(known.grade for known in answers.values()),
            },
        )
        rows = cursor.fetchall()
    return {person: Counted(choice=choice, needs_help=helped) for person, choice, helped in rows}


def raise_looks(broadcast_id: int, looks: Mapping[int, Look]) -> int:
    """Note who looked at the page of each person; return for how many that is more than was known."""
    with connection.cursor() as cursor:
        cursor.execute(
            _statement("look"),
            {
                "broadcast": broadcast_id,
                "people": arrays.numbers(looks),
                "looks": arrays.numbers(looks.values()),
            },
        )
        return int(cursor.rowcount)


def lower_look(broadcast_id: int, recipient_ids: Sequence[int]) -> int:
    """Note that only programs looked at the page of people after all; return for how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            _statement("unlook"),
            {
                "broadcast": broadcast_id,
                "people": list(recipient_ids),
                "look": int(Look.PROGRAM),
            },
        )
        return int(cursor.rowcount)


@cache
def _statement(name: str) -> LiteralString:
    path = resources.files("denrei.audience") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
