"""Write what a chunk's rows came to: the record itself, then what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.dispatch.held import Held, Result
from denrei.deliveries.lanes import LaneSettings
from denrei.domain import suppression
from denrei.domain.failures import CONSEQUENCES, Suppress
from denrei.domain.states import State

#: Column of `Result` → array parameter of the statement `record`.
_ARRAYS = {
    "id": "ids",
    "state": "states",
    "reason": "reasons",
    "phase": "phases",
    "fold_rank": "ranks",
    "evidence": "evidences",
    "counted": "counted",
    "delay": "delays",
    "took_ms": "tooks",
    "gateway": "gateways",
    "lane": "lanes",
    "provider_id": "providers",
    "reply": "replies",
}
_NEEDED = {Suppress.AT_ONCE: 1, Suppress.AFTER_THREE: suppression.IN_A_ROW}


async def record(
    connection: LedgerConnection, lane: LaneSettings, held: Held, results: Sequence[Result]
) -> bool:
    """Record results of one chunk; return whether the chunk is still mine.

    May be repeated after a cut: attempts are written once, deliveries change once.
    """
    rows = await connection.run(
        "record",
        {
            "chunk": held.id,
            "generation": held.generation,
            "broadcast": held.broadcast,
            "lease": lane.lease,
            **_arrays(results),
        },
        organization=held.organization,
    )
    mine = bool(rows[0][0])
    if mine:
        await _suppress(connection, held, results)
        if lane.sequential:
            await _next_turn(connection, lane, held, results)
    return mine


def _arrays(results: Sequence[Result]) -> dict[str, list[Any]]:
    columns = zip(*results, strict=True)
    return {
        _ARRAYS[name]: [int(value) if isinstance(value, int) else value for value in column]
        for name, column in zip(Result._fields, columns, strict=True)
    }


async def _suppress(connection: LedgerConnection, held: Held, results: Sequence[Result]) -> None:
    """Count permanent refusals against their addresses, by EMC-6's rules."""
    blamed = [
        (result.id, int(result.reason), _NEEDED[consequence.suppress])
        for result in results
        if result.state is State.FAILED
        and (consequence := CONSEQUENCES[result.reason]).suppress is not Suppress.NEVER
    ]
    if blamed:
        ids, reasons, needed = zip(*blamed, strict=True)
        await suppress(connection, held.organization, ids, reasons, needed)


async def suppress(
    connection: LedgerConnection,
    organization: int,
    ids: Sequence[int],
    reasons: Sequence[int],
    needed: Sequence[int],
) -> None:
    """Count a failure of each delivery against its address."""
    await connection.run(
        "suppress",
        {
            "ids": list(ids),
            "reasons": list(reasons),
            "needed": list(needed),
            "days": [suppression.DEFAULT_DAYS] * len(ids),
            "strikes": suppression.IN_A_ROW,
            "strike_days": suppression.DEFAULT_DAYS,
        },
        organization=organization,
    )


async def _next_turn(
    connection: LedgerConnection, lane: LaneSettings, held: Held, results: Sequence[Result]
) -> None:
    """Give the same people's next contacts their time."""
    ended = [result.id for result in results if result.gateway is not None]
    if ended:
        await connection.run(
            "next_turn",
            {"ids": ended, "turn_gap": lane.turn_gap, "round_gap": lane.round_gap},
            organization=held.organization,
        )
