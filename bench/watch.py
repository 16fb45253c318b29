"""What the watch costs beside a large broadcast: a point of its curve, a count by unit and group."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tools import ground

#: Everybody is of one unit and in two groups.
_UNITS, _GROUPS = 50, 120
_PLACED = (
    (
        "INSERT INTO unit (organization_id, code, name, path)"
        " SELECT %(o)s, g, 'U', '' FROM generate_series(1, %(units)s) g"
    ),
    (
        "INSERT INTO contact_group (organization_id, code, name)"
        " SELECT %(o)s, g, 'G' FROM generate_series(1, %(groups)s) g"
    ),
    "UPDATE recipient r SET unit_id = u.id FROM unit u WHERE u.code::int = 1 + r.id %% %(units)s",
    (
        "INSERT INTO group_member (organization_id, group_id, recipient_id)"
        " SELECT %(o)s, g.id, r.id FROM recipient r JOIN contact_group g"
        " ON g.code::int IN (1 + r.id %% 60, 61 + r.id %% 60)"
    ),
)
#: One of a hundred is reached, and the last count is long ago.
_MOVED = (
    "UPDATE audience SET grade = 1 WHERE recipient_id %% 100 = %(part)s",
    "UPDATE breakdown SET counted_at = counted_at - interval '1 hour'",
)


def run(people: int, rounds: int) -> None:
    """Launch to everybody, then draw and count after each of some changes; no worker runs."""
    with ground.ground() as where:
        where.people(people)
        where.gateway(ground.free_port())
        _do(where, _PLACED, {"units": _UNITS, "groups": _GROUPS})
        broadcast = where.press()
        rows = asyncio.run(_rounds(where, broadcast, rounds))
    medians = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    print(json.dumps({"bench": "watch", "people": people, "median": medians}), flush=True)


async def _rounds(where: ground.Ground, broadcast: int, rounds: int) -> list[dict[str, float]]:
    from denrei.deliveries import slicing
    from denrei.deliveries.connection import LedgerConnection

    organization, rows = where.organization.pk, []
    async with LedgerConnection(os.environ["DATABASE_URL"]) as connection:
        while await slicing.next_slice(connection, organization, broadcast, 1):
            pass
        for part in range(rounds):
            await asyncio.to_thread(_do, where, _MOVED, {"part": part})
            rows.append(await _measured(connection, organization, broadcast))
            print(json.dumps({"bench": "watch", **rows[-1]}), flush=True)
    return rows


async def _measured(connection: Any, organization: int, broadcast: int) -> dict[str, float]:
    from denrei.deliveries.watch import counting, curves

    return {
        "point_ms": await _took(
            lambda: curves.draw(connection, organization, [broadcast], least=0.0)
        ),
        "count_ms": await _took(
            lambda: counting.count(connection, organization, {broadcast: True})
        ),
    }


async def _took(act: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await act()
    return round((time.perf_counter() - began) * 1000, 1)


def _do(where: ground.Ground, statements: tuple[str, ...], values: dict[str, int]) -> None:
    from django.db import connection

    from denrei.accounts import tenancy

    with tenancy.acting_for(where.organization.pk), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"o": where.organization.pk, **values})
