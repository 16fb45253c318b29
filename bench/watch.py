"""What the watch costs beside a large broadcast: a point of its curve, a count by unit and group."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bench.rows import Bench, Reading, Row, Scale
from denrei.project.demo.actors import free_port
from tools import ground

_POINT = Row(name="a point of the curve", unit="ms")
_COUNT = Row(name="counting by unit and group", unit="ms")

_UNITS, _GROUPS = 50, 120
#: One of a hundred is reached, and the last count is long ago.
_MOVED = (
    "UPDATE audience SET grade = 1 WHERE recipient_id %% 100 = %(part)s",
    "UPDATE breakdown SET counted_at = counted_at - interval '1 hour'",
)


def _measure(scale: Scale) -> Iterator[Reading]:
    """Launch to everybody, then draw and count after each of some changes; no worker runs."""
    people = scale.of(100_000, 2_000)
    with ground.ground("worker") as where:
        where.people(people)
        where.gateway(free_port())
        where.grouped(_UNITS, _GROUPS)
        broadcast = where.press()
        where.slice_all(broadcast)
        for point, count in asyncio.run(_rounds(where, broadcast, scale.rounds)):
            yield Reading(row=_POINT.name, value=point, people=people)
            yield Reading(row=_COUNT.name, value=count, people=people)


async def _rounds(where: ground.Ground, broadcast: int, rounds: int) -> list[tuple[float, float]]:
    from denrei.deliveries.connection import LedgerConnection

    organization, read = where.organization.pk, []
    async with LedgerConnection(os.environ["DATABASE_URL"]) as connection:
        for part in range(rounds):
            await asyncio.to_thread(where.do, *_MOVED, part=part)
            read.append(await _measured(connection, organization, broadcast))
    return read


async def _measured(connection: Any, organization: int, broadcast: int) -> tuple[float, float]:
    """Return the milliseconds of a point and of a count."""
    from denrei.deliveries.watch import counting, curves

    return (
        await _took(lambda: curves.draw(connection, organization, [broadcast], least=0.0)),
        await _took(lambda: counting.count(connection, organization, {broadcast: True})),
    )


async def _took(act: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await act()
    return round((time.perf_counter() - began) * 1000, 1)


BENCH = Bench(name="watch", rows=(_POINT, _COUNT), measure=_measure)
