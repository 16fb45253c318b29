"""Release: promise how many may be in doubt, ask who must not be sent to, put the rest in line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from denrei.accounts import arrays
from denrei.deliveries.dispatch import verdict
from denrei.deliveries.dispatch.claiming import is_hungry
from denrei.deliveries.dispatch.hands import Hands, Released
from denrei.deliveries.dispatch.held import Held, Waiting
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.dispatch.letters import Letters
from denrei.deliveries.dispatch.numbers import PAUSE, Numbers
from denrei.deliveries.dispatch.routes import Route, Routes
from denrei.deliveries.lanes import LaneSettings

#: Rows asked about and released at once; still sent after an answer's commit: at most two of these and
#: what the channel holds. A question costs the same for 50 and for 100 rows.
GATE = 100


class Releaser:
    """Releases rows of the most urgent chunk, in order of id, while there is room."""

    def __init__(
        self,
        lane: LaneSettings,
        ledger: Ledger,
        routes: Routes,
        hands: Hands,
        numbers: Numbers,
        pump: Callable[[], None],
    ) -> None:
        self._lane = lane
        self._connection = ledger.gates
        self._letters = Letters(ledger.gates)
        self._routes = routes
        self._hands = hands
        self._numbers = numbers
        self._pump = pump

    async def run(self) -> None:
        """Release for ever."""
        hands = self._hands
        while True:
            held = next((chunk for chunk in hands.chunks if chunk.rows), None)
            route = self._routes.current()
            if route is not None and is_hungry(self._lane, route, hands):
                hands.bell.set()
            if held is None or route is None or not self._has_room(route):
                hands.room.clear()
                await hands.room.wait()
            elif held.opened or await self._open(held):
                await self._release(held, route)

    def _has_room(self, route: Route) -> bool:
        return (
            len(self._hands.work) <= min(GATE, route.sender.capacity)
            and self._hands.unrecorded < self._lane.window
            and not self._hands.closing
        )

    async def _open(self, held: Held) -> bool:
        """Promise how many may be in doubt, before the first byte; False: the chunk is lost."""
        rows = await self._connection.run(
            "open",
            {"window": self._lane.window, "chunk": held.id, "generation": held.generation},
            organization=held.organization,
        )
        if not rows:
            self._hands.drop(held)
        held.opened = bool(rows)
        return held.opened and not held.dropped

    async def _release(self, held: Held, route: Route) -> None:
        count = min(GATE, len(held.rows), self._lane.window - self._hands.unrecorded)
        if route.rate:
            count = await self._reserve(route, route.rate, count)
        rows = [held.rows.popleft() for _ in range(min(count, len(held.rows)))]
        letter = await self._letters.of(held.organization, held.broadcast, held.wave)
        halts = await self.halts(held, rows)
        for row in rows:
            released = Released(held, row, letter)
            if halts or self._lane.sequential or held.dropped:
                await self._decide(released, halts)
            else:
                self._hands.release(released)
        self._pump()

    async def _decide(self, released: Released, halts: dict[int, int]) -> None:
        held, row, _ = released
        reason = halted(held, row, halts)
        if held.dropped:
            return
        if reason is not None:
            self._hands.decide(held, verdict.halted(row, reason))
        elif self._lane.sequential and not await self._numbers.occupy(row, held.generation):
            self._hands.decide(held, verdict.number_busy(row, PAUSE))
        elif not held.dropped:
            self._hands.release(released)

    async def _reserve(self, route: Route, rate: float, count: int) -> int:
        """Wait for this gateway's turn, with a quarter of a second's worth of rows at most."""
        count = max(1, min(count, int(rate / 4)))
        rows = await self._connection.run("reserve", {"n": count, "gateway": route.gateway})
        await asyncio.sleep(max(0.0, rows[0][0] if rows else 0.0))
        return count

    async def halts(self, held: Held, rows: list[Waiting]) -> dict[int, int]:
        """Return who of these people, or everybody, must not be sent to, and why."""
        people = [held.everybody, *(person for row in rows for person in row.people)]
        found = await self._connection.run(
            "gate",
            {"broadcast": held.broadcast, "people": arrays.ids(people)},
            organization=held.organization,
        )
        return dict(found)


def halted(held: Held, row: Waiting, halts: dict[int, int]) -> int | None:
    """Return why a delivery must not go out; a shared one only when all its people are done."""
    if held.everybody in halts:
        return halts[held.everybody]
    if all(person in halts for person in row.people):
        return halts[row.recipient]
    return None
