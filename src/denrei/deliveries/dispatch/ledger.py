"""The worker's connections to the ledger, one for each kind of statement, so that none waits long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from denrei.deliveries.connection import LedgerConnection


@dataclass(frozen=True, slots=True)
class Ledger:
    """Four open connections."""

    claims: LedgerConnection
    gates: LedgerConnection
    records: LedgerConnection
    renewals: LedgerConnection


@asynccontextmanager
async def opened(conninfo: str, shard: int) -> AsyncIterator[Ledger]:
    """Open the connections; they reconnect by themselves."""
    async with AsyncExitStack() as stack:
        yield Ledger(
            *[
                await stack.enter_async_context(LedgerConnection(conninfo, shard=shard))
                for _ in range(4)
            ]
        )
