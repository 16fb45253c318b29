"""Times moved into the past, which only the owner of the database can do; and what is left of tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg

from denrei.accounts import preferences
from denrei.accounts.models import Organization
from denrei.domain.retention import ARMED, BOUNDS, Period
from denrei.retention import rounds
from denrei.retention.rounds import End, Turn
from tests.deliveries.world import World, settings_conninfo
from tests.reports.proof.eventful import seal_all

#: Tables that hold the details of a broadcast.
DETAILS = (
    *("audience", "delivery", "attempt", "response", "page_view", "help_call"),
    *("cover", "roster", "chunk", "motion", "event"),
)


_AGED = (
    """UPDATE run SET started_at = started_at - %(time)s, finished_at = finished_at - %(time)s,
         progress_at = progress_at - %(time)s, give_up_at = give_up_at - %(time)s, counted_at = now()
       WHERE broadcast_id = %(broadcast)s""",
    """UPDATE broadcast SET launched_at = launched_at - %(time)s, give_up_at = give_up_at - %(time)s
       WHERE id = %(broadcast)s""",
    "UPDATE response SET at = at - %(time)s WHERE broadcast_id = %(broadcast)s",
    "UPDATE page_view SET at = at - %(time)s WHERE broadcast_id = %(broadcast)s",
)


def owner(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Ask or change as the owner, whom no policy binds here."""
    with psycopg.connect(settings_conninfo()) as connection:
        cursor = connection.execute(sql.encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def count(table: str, broadcast: int | None = None) -> int:
    """Return how many rows a table has, of all organizations."""
    where = "" if broadcast is None else f" WHERE broadcast_id = {broadcast}"
    ((found,),) = owner(f"SELECT count(*) FROM {table}{where}")
    return int(found)


def details(broadcast: int) -> dict[str, int]:
    """Return the tables that hold details of a broadcast, and how many."""
    found = {table: count(table, broadcast) for table in DETAILS}
    return {table: n for table, n in found.items() if n}


def choose(organization: Organization, **periods: Period) -> None:
    """Let an organization choose."""
    wanted = {kind: period.code for kind, period in periods.items()}
    preferences.change(organization, None, {"retention": wanted})


def keep_all(organization: Organization, *, but: str = "", period: Period = Period.YEAR) -> None:
    """Let an organization keep everything for ever, or as long as it may; but one kind."""
    longest = {kind: one.most for kind, one in BOUNDS.items() if not one.is_fixed}
    choose(organization, **{**longest, **({but: period} if but else {})})


def age(world: World, broadcast: int, time: timedelta, *, settle: bool = True) -> None:
    """Let a broadcast have ended so long ago; `settle`: nothing of it is left to be done."""
    asked = {"broadcast": broadcast, "time": time}
    for sql in _AGED:
        owner(sql, **asked)
    if settle:
        owner("UPDATE help_call SET closed_at = now() WHERE broadcast_id = %(broadcast)s", **asked)
        owner(
            "UPDATE attention SET state = 1, handled_at = now() WHERE broadcast_id = %(broadcast)s",
            **asked,
        )
    seal_all(world)


def known(nights_ago: int = 1) -> None:
    """Let a night be known of every organization and of none, so that this one deletes."""
    owner(
        "INSERT INTO retention_run (organization_id, night, kind, until, ended_at)"
        " SELECT id, %(night)s, %(armed)s, now() - interval '1 second', now() FROM"
        " (SELECT id FROM organization UNION ALL SELECT NULL) o ON CONFLICT DO NOTHING",
        night=rounds.tonight() - timedelta(days=nights_ago),
        armed=ARMED,
    )


def night(most: int = rounds.MOST) -> End:
    """Do a night's round, after a night that is known."""
    known()
    return rounds.work(Turn(night=rounds.tonight(), most=most))
