"""People of a broadcast by unit and by group, counted in the background with a bounded duty (ADR 0013)."""

from __future__ import annotations

from collections.abc import Mapping

from denrei.deliveries.connection import LedgerConnection


async def count(
    connection: LedgerConnection, organization: int, broadcasts: Mapping[int, bool]
) -> list[int]:
    """Count again what changed since it was counted; return the broadcasts that were.

    `broadcasts`: id → whether it is unfinished. At most a twentieth of the time goes into counting.
    """
    due = await connection.run("breakdown_due", _asked(broadcasts), organization=organization)
    counted = []
    for (broadcast,) in due:
        if await _count(connection, organization, broadcast, broadcasts[broadcast]):
            counted.append(broadcast)
    return counted


def _asked(broadcasts: Mapping[int, bool]) -> dict[str, object]:
    return {"broadcasts": list(broadcasts), "unfinished": list(broadcasts.values())}


async def _count(
    connection: LedgerConnection, organization: int, broadcast: int, unfinished: bool
) -> bool:
    async with connection.transaction(organization) as ask:
        ((is_mine,),) = await ask("breakdown_lock", {"broadcast": broadcast})
        if not (is_mine and await ask("breakdown_due", _asked({broadcast: unfinished}))):
            return False
        await ask("breakdown", {"broadcast": broadcast})
    return True
