"""Renew: keep the leases of what is held, and let go at once of what is not mine any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from denrei.deliveries.connection import clock
from denrei.deliveries.dispatch.hands import Hands
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.lanes import LaneSettings

_log = logging.getLogger(__name__)


class Renewer:
    """Renews every sixth of a lease, and whenever a deadline has passed."""

    def __init__(
        self, lane: LaneSettings, ledger: Ledger, hands: Hands, pump: Callable[[], None]
    ) -> None:
        self._lane = lane
        self._connection = ledger.renewals
        self._hands = hands
        self._pump = pump

    async def run(self) -> None:
        """Renew for ever."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._lane.lease / 6):
                    await self._hands.late.wait()
            self._hands.late.clear()
            if self._hands.chunks:
                await self._renew()

    async def _renew(self) -> None:
        chunks, began = list(self._hands.chunks), clock()
        rows = await self._connection.run(
            "renew",
            {
                "lease": self._lane.lease,
                "chunks": [held.id for held in chunks],
                "generations": [held.generation for held in chunks],
            },
        )
        renewed = {row[0] for row in rows}
        for held in chunks:
            if held.id in renewed:
                held.deadline = began + self._lane.lease / 2
            elif held in self._hands.chunks and held.left:
                _log.warning("lease lost", extra={"chunk": held.id})
                self._hands.drop(held)
        self._pump()
