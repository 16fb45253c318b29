"""Record: what finished in the last moments, chunk by chunk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from math import inf

from denrei.deliveries.connection import clock
from denrei.deliveries.dispatch import recording
from denrei.deliveries.dispatch.hands import Hands
from denrei.deliveries.dispatch.held import Held
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.dispatch.numbers import Numbers
from denrei.deliveries.lanes import LaneSettings

_log = logging.getLogger(__name__)

#: Seconds until a result is recorded at the latest.
FLUSH_SECONDS = 0.1


class Recorder:
    """Records results after a tenth of a second, when a chunk owes them, and at its end."""

    def __init__(
        self,
        lane: LaneSettings,
        ledger: Ledger,
        hands: Hands,
        numbers: Numbers,
        pump: Callable[[], None],
        at_rest: Callable[[], None],
    ) -> None:
        self._lane = lane
        self._connection = ledger.records
        self._hands = hands
        self._numbers = numbers
        self._pump = pump
        self._at_rest = at_rest

    async def run(self) -> None:
        """Record for ever."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience()):
                    await self._hands.flush.wait()
            self._hands.flush.clear()
            for held in due(self._hands, self._lane.window, clock()):
                await self.settle(held)

    def _patience(self) -> float:
        """Return the seconds until the oldest result must be recorded."""
        oldest = min((held.oldest for held in self._hands.owing), default=inf)
        return min(FLUSH_SECONDS, max(0.0, oldest + FLUSH_SECONDS - clock()))

    async def settle(self, held: Held) -> None:
        """Record what there is of a chunk; let go of it when nothing is owed any more."""
        if held.results:
            await self._record(held)
        if not held.results and (not held.left or (held.dropped and not held.flying)):
            self._hands.owing.discard(held)
            if not held.dropped:
                self._hands.drop(held)
            if not self._hands.owing:
                self._at_rest()

    async def _record(self, held: Held) -> None:
        results, held.results, held.oldest = sorted(held.results), [], inf
        landed, held.landed = held.landed, 0
        began = clock()
        mine = await recording.record(self._connection, self._lane, held, results)
        self._hands.unrecorded -= landed
        held.flying -= landed
        held.left -= len(results)
        if self._lane.sequential:
            await self._numbers.vacate(results, held.generation)
        if mine:
            held.deadline = began + self._lane.lease / 2
        elif not held.dropped:
            _log.warning("fenced", extra={"chunk": held.id, "generation": held.generation})
            self._hands.drop(held)
        self._hands.room.set()
        self._pump()


def due(hands: Hands, window: int, now: float) -> list[Held]:
    """Return the chunks to look at now; `now` on the boot-time clock."""
    found = [
        held
        for held in hands.owing
        if not held.results or hands.owes(held, window) or held.oldest <= now - FLUSH_SECONDS
    ]
    if hands.unrecorded >= window and not any(held.results for held in found):
        found = [max(hands.owing, key=lambda held: len(held.results))]
    return found
