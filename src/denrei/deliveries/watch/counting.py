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
    asked = {"broadcasts": list(broadcasts), "unfinished": list(broadcasts.values())}
    due = await connection.run("breakdown_due", asked, organization=organization)
    return [one for (one,) in due if await _count(connection, organization, one)]


async def _count(connection: LedgerConnection, organization: int, broadcast: int) -> bool:
    asked = {"broadcast": broadcast}
    async with connection.transaction(organization) as ask:
        held = await ask("breakdown_lock", asked)
        if held:
            await ask("breakdown", asked)
    return bool(held)
