"""The curve of a broadcast over time (ALL-4): some hundred points however long it lasts."""

from __future__ import annotations

from collections.abc import Sequence

from denrei.deliveries.connection import LedgerConnection

#: Seconds between two points at least.
LEAST_SECONDS = 2.0
#: ... and this part of the time since the latest wave began: the most points that a wave gets.
POINTS = 300


async def draw(
    connection: LedgerConnection,
    organization: int,
    broadcasts: Sequence[int],
    *,
    least: float = LEAST_SECONDS,
) -> list[int]:
    """Write the next point of each curve whose counters moved; return the broadcasts that got one."""
    asked = {"broadcasts": list(broadcasts)}
    async with connection.transaction(organization) as ask:
        ((is_mine,),) = await ask("pulse_lock", {})
        if not is_mine:
            return []
        await ask("pulse_begin", asked)
        rows = await ask("pulse", {**asked, "least": least, "points": POINTS})
    return [row[0] for row in rows]
