"""One lane of one worker: claim, release, send, record, renew as loops over shared hands.

Rows are released in order of id and at most `window` of them are unrecorded: so those in doubt
after a crash are among the first rows of their chunk, and no mark for each message is needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from denrei.deliveries.dispatch.claiming import Claimer
from denrei.deliveries.dispatch.hands import Hands
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.dispatch.numbers import Numbers
from denrei.deliveries.dispatch.recorder import Recorder
from denrei.deliveries.dispatch.releasing import Releaser
from denrei.deliveries.dispatch.renewing import Renewer
from denrei.deliveries.dispatch.resting import Rester
from denrei.deliveries.dispatch.routes import Routes
from denrei.deliveries.dispatch.sending import Pump
from denrei.deliveries.lanes import LaneSettings

#: Seconds that what is on the wire gets to finish when the worker is asked to end.
FAREWELL_SECONDS = 15.0


class LaneRunner:
    """Sends what one lane has, until `close()`; `at_rest` is told whenever nothing is owed a record any more."""

    def __init__(
        self,
        lane: LaneSettings,
        ledger: Ledger,
        routes: Routes,
        worker: str,
        at_rest: Callable[[], None],
    ) -> None:
        hands = Hands()
        pump = Pump(lane, routes, hands)
        numbers = Numbers(ledger.gates)
        self._ledger, self._hands = ledger, hands
        self._claimer = Claimer(lane, ledger, routes, hands, worker)
        self._releaser = Releaser(lane, ledger, routes, hands, numbers, pump)
        self._recorder = Recorder(lane, ledger, hands, numbers, pump, at_rest)
        self._renewer = Renewer(lane, ledger, hands, pump)
        self._rester = Rester(ledger, routes, hands, self._releaser, pump)

    async def run(self) -> None:
        """Work until `close()`; then let what is on the wire finish and give the rest back."""
        loops = (self._releaser.run, self._recorder.run, self._renewer.run, self._rester.run)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(loop()) for loop in loops]
            await self._claimer.run()
            await self._farewell()
            for task in tasks:
                task.cancel()

    def ring(self) -> None:
        """Look for work now."""
        self._hands.bell.set()

    def close(self) -> None:
        """Claim and release nothing more."""
        self._hands.closing = True
        self._hands.bell.set()

    async def _farewell(self) -> None:
        """Leave no lease behind: what was not sent is claimable at once by somebody else."""
        hands = self._hands
        for held in list(hands.chunks):
            held.rows.clear()
            hands.withdraw(held)
        deadline = asyncio.get_running_loop().time() + FAREWELL_SECONDS
        while any(held.flying or held.results for held in hands.owing):
            if asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(0.02)
        for held in list(hands.chunks):
            if not held.flying and not held.results:
                hands.drop(held)
                await self._ledger.records.run(
                    "release",
                    {"chunk": held.id, "generation": held.generation},
                    organization=held.organization,
                )
