"""Claim: lease the most urgent chunk while hands are free, or for something more urgent."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from denrei.deliveries.connection import clock
from denrei.deliveries.dispatch import verdict
from denrei.deliveries.dispatch.hands import Hands
from denrei.deliveries.dispatch.held import Held, Waiting
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.dispatch.routes import Route, Routes
from denrei.deliveries.lanes import LaneSettings

#: Seconds between looks for work, in case a bell was lost.
POLL_SECONDS = 0.5
#: Worse than any priority there is.
_ANY_PRIORITY = 9


def is_hungry(lane: LaneSettings, route: Route, hands: Hands) -> bool:
    """Tell whether there is less to do than a chunk, or than free lines where a chunk is a call."""
    ahead = lane.chunk_size if lane.chunk_size > 1 else 0
    return hands.waiting() < max(ahead, route.sender.capacity - hands.in_flight)


class Claimer:
    """Claims chunks of one lane until closing."""

    def __init__(
        self, lane: LaneSettings, ledger: Ledger, routes: Routes, hands: Hands, worker: str
    ) -> None:
        self._lane = lane
        self._connection = ledger.claims
        self._routes = routes
        self._hands = hands
        self._worker = worker

    async def run(self) -> None:
        """Claim until closing; a bell or half a second wakes it."""
        hands = self._hands
        while not hands.closing:
            hands.bell.clear()
            worst = self._worst_wanted()
            if worst >= 0 and await self._claim(worst):
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await hands.bell.wait()

    def _worst_wanted(self) -> int:
        """With free hands anything; with full hands only what is more urgent; -1: nothing."""
        route = self._routes.current()
        if route is None:
            return -1
        if is_hungry(self._lane, route, self._hands):
            return _ANY_PRIORITY
        return min((held.priority for held in self._hands.chunks), default=0) - 1

    async def _claim(self, worst: int) -> bool:
        claimed_at = clock()  # read before the statement: the lease began later than this
        rows = await self._connection.run(
            "claim",
            {
                "worker": self._worker,
                "lease": self._lane.lease,
                "lane": self._lane.id,
                "worst": worst,
            },
        )
        if not rows:
            return False
        organization, chunk, broadcast, wave, generation, priority = rows[0]
        held = Held(
            organization=organization,
            id=chunk,
            broadcast=broadcast,
            wave=wave,
            generation=generation,
            priority=priority,
            deadline=claimed_at + self._lane.lease / 2,
        )
        await self._load(held)
        return True

    async def _load(self, held: Held) -> None:
        """Read the rows, after the claim has committed: a fresh snapshot."""
        loaded = await self._connection.run(
            "load", {"chunk": held.id}, organization=held.organization
        )
        rows = [Waiting(*row) for row in loaded]
        held.left = len(rows)
        for row in rows:
            if row.known:
                self._hands.decide(held, verdict.late_truth(self._lane, row))
            elif row.bad:
                self._hands.decide(held, verdict.suppressed(row))
            else:
                held.rows.append(row)
        self._hands.take_up(held)
        if not rows:
            self._hands.flush.set()
