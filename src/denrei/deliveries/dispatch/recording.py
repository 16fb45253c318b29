"""Write what a chunk's rows came to: the record itself, then what follows from it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from psycopg.errors import UniqueViolation

from denrei.accounts import arrays
from denrei.deliveries import turns
from denrei.deliveries.attention import noting
from denrei.deliveries.connection import Call, LedgerConnection
from denrei.deliveries.dispatch.held import Held, Result
from denrei.deliveries.lanes import LaneSettings
from denrei.domain import attention, suppression
from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
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
_TEXTS = {"provider_id", "reply"}
_NEEDED = {Suppress.AT_ONCE: 1, Suppress.AFTER_THREE: suppression.IN_A_ROW}


async def record(
    connection: LedgerConnection, lane: LaneSettings, held: Held, results: Sequence[Result]
) -> bool:
    """Record results of one chunk, and what follows from them, in one transaction.

    Returns whether the chunk is still mine. May be repeated after a cut: attempts are written
    once, deliveries change once, an address is blamed once for a delivery.
    """
    told = {
        "chunk": held.id,
        "generation": held.generation,
        "broadcast": held.broadcast,
        "lease": lane.lease,
        "pepper": secrets.token_hex(16),
        **_arrays(results),
    }
    calls: list[Call] = [("record", told), *blame(_failures(results))]
    calls += noting.noted(_asking(lane, results))
    if lane.sequential:
        calls += turns.passed_on([result.id for result in results])
    try:
        rows = await connection.together(calls, organization=held.organization)
    except UniqueViolation:  # sent again after a cut, while what had been sent before it committed
        rows = await connection.together(calls, organization=held.organization)
    return bool(rows[0][0])


def _arrays(results: Sequence[Result]) -> dict[str, str]:
    return {
        _ARRAYS[name]: arrays.texts(column) if name in _TEXTS else arrays.numbers(column)
        for name, column in zip(Result._fields, zip(*results, strict=True), strict=True)
    }


def _failures(results: Sequence[Result]) -> list[tuple[int, Reason]]:
    return [(result.id, result.reason) for result in results if result.state is State.FAILED]


def _asking(lane: LaneSettings, results: Sequence[Result]) -> list[int]:
    """Return the deliveries that ended so that an operator must act (EMC-7)."""
    return [
        result.id
        for result in results
        if result.state in attention.STATES
        and attention.asks(lane.medium, result.state, result.reason)
    ]


def blame(failures: Iterable[tuple[int, Reason]]) -> list[Call]:
    """Return what counts (delivery, reason) against their addresses, by EMC-6's rules."""
    return blame_anew((delivery, reason, Reason.NONE) for delivery, reason in failures)


def blame_anew(failures: Iterable[tuple[int, Reason, Reason]]) -> list[Call]:
    """Return the same where another reason was known of a failure before, or `Reason.NONE`.

    A delivery that was counted is not counted again; its address learns of the other reason, and
    is suppressed where that one does it at once and the former did not.
    """
    blamed = [
        (
            delivery,
            int(reason),
            _NEEDED[weight],
            0 if CONSEQUENCES[before].suppress is weight else suppression.DEFAULT_DAYS,
            CONSEQUENCES[before].suppress is Suppress.NEVER,
        )
        for delivery, reason, before in failures
        if (weight := CONSEQUENCES[reason].suppress) is not Suppress.NEVER
    ]
    if not blamed:
        return []
    ids, reasons, needed, days, fresh = zip(*blamed, strict=True)
    counted = {
        "ids": arrays.numbers(ids),
        "reasons": arrays.numbers(reasons),
        "needed": arrays.numbers(needed),
        "days": arrays.numbers(days),
        "fresh": arrays.numbers(fresh),
        "strikes": suppression.IN_A_ROW,
        "strike_days": suppression.DEFAULT_DAYS,
    }
    return [("suppress", counted)]
