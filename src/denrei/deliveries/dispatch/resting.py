"""Rest: when no gateway can be used, say so, wait, and ask again who must not be sent to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from denrei.deliveries.dispatch import verdict
from denrei.deliveries.dispatch.hands import Hands
from denrei.deliveries.dispatch.held import Held
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.dispatch.releasing import Releaser, halted
from denrei.deliveries.dispatch.routes import Routes

#: A stop is obeyed within this many seconds, also while every gateway is down.
ASK_SECONDS = 5.0


class Rester:
    """Waits out the trouble of all gateways; nothing is lost or used up meanwhile."""

    def __init__(
        self,
        ledger: Ledger,
        routes: Routes,
        hands: Hands,
        releaser: Releaser,
        pump: Callable[[], None],
    ) -> None:
        self._connection = ledger.renewals
        self._routes = routes
        self._hands = hands
        self._releaser = releaser
        self._pump = pump

    async def run(self) -> None:
        """Tell what is wrong and what works again, for ever."""
        while True:
            try:
                async with asyncio.timeout(ASK_SECONDS):
                    await self._hands.pause.wait()
            except TimeoutError:
                await self.tell()
                continue
            self._hands.pause.clear()
            await self.tell()
            await asyncio.sleep(min(self._routes.rest(), ASK_SECONDS))
            for held in list(self._hands.chunks):
                await self._ask_again(held)
            self._pump()
            self._hands.room.set()

    async def tell(self) -> None:
        """Write down what changed about the gateways (OPS-5)."""
        for route in self._routes.all:
            if route.told != route.words:
                route.told = route.words
                await self._connection.run(
                    "trouble", {"words": route.words, "gateway": route.gateway}
                )

    async def _ask_again(self, held: Held) -> None:
        """Withdraw what was released before the rest and must not go out any more."""
        hands = self._hands
        mine = [released for released in hands.work if released.held is held]
        halts = await self._releaser.halts(held, [released.row for released in mine])
        for released in mine:
            reason = halted(held, released.row, halts)
            if reason is not None and released in hands.work:
                hands.work.remove(released)
                hands.forget(held)
                hands.decide(held, verdict.halted(released.row, reason))
        if held.everybody in halts:
            reason = halts[held.everybody]
            for row in held.rows:
                hands.decide(held, verdict.halted(row, reason))
            held.rows.clear()
