"""Freeze who is meant at the moment of launch, in one statement."""

from __future__ import annotations

from django.core.exceptions import EmptyResultSet
from django.db import connection

from denrei.audience.selection import Selection
from denrei.domain.states import Grade


def freeze(organization_id: int, broadcast_id: int, selection: Selection) -> int:
    """Write the audience of a broadcast; return its number of people (対象).

    Runs in the caller's transaction, which must act for the organization.
    """
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
    """Note better evidence about people; return how many rose.

    Locks people in the ledger's one order, so that no record of a delivery can cross it.
    """
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
