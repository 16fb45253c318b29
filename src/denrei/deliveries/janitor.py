"""The round of every worker: what must happen to the ledger whoever is alive.

Slices of launches, leases that are over, retries and turns that are due, people who answered,
stops, give-up times, events, seals, the end of a broadcast. Each step is a transaction of its own
with rows skipped that another janitor has: any number of them may run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

from denrei.deliveries import fold, slicing, turns
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.stages import Stage
from denrei.domain.failures import Reason

_log = logging.getLogger(__name__)

#: Seconds between rounds when no bell rings.
ROUND_SECONDS = 1.0
#: Seconds between seals of an organization, and for how long after its last wave or answer.
SEAL_SECONDS, SEAL_ON_SECONDS = 5.0, 60.0


class OpenRun(NamedTuple):
    """A wave that is not finished, as the statement `open_runs` gives it."""

    organization: int
    broadcast: int
    wave: int
    stage: int
    #: The time to give up has passed.
    overdue: bool


@dataclass(slots=True)
class Janitor:
    """Rounds over all open waves on one connection."""

    connection: LedgerConnection
    #: Wakes the senders: there is work in a lane.
    ring: Callable[[], None]
    #: Set to start the next round now.
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    _sealed_at: dict[int, float] = field(default_factory=dict)
    #: Organizations in which something may be left to seal, until when.
    _lively: dict[int, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Go round for ever: every second, and whenever the bell rings."""
        while True:
            self.bell.clear()
            try:
                await self.round()
            except psycopg.OperationalError as error:
                _log.warning("round cut short", extra={"why": str(error)})
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_SECONDS):
                    await self.bell.wait()

    async def round(self) -> None:
        """Do once whatever is due."""
        await self.reap()
        runs = [OpenRun(*row) for row in await self.connection.run("open_runs", {})]
        for run in runs:
            await self._look_after(run)
        await self._cut({run.organization for run in runs})
        folded = await fold.fold_all(self.connection)
        await self._finish(runs)
        await self._seal({run.organization for run in runs} | folded.keys())

    async def reap(self) -> None:
        """Take back every chunk whose lease is over."""
        for organization, chunk in await self.connection.run("dead", {}):
            reaped = await self.connection.together(
                [("reap", {"chunk": chunk}), *turns.passed_on([], chunk)],
                organization=organization,
            )
            for _, lane, doubts, late in reaped:
                _log.warning(
                    "lease over", extra={"chunk": chunk, "lane": lane, "doubts": doubts, "s": late}
                )
                self.ring()

    async def _look_after(self, run: OpenRun) -> None:
        if run.stage == Stage.PREPARING and await slicing.next_slice(
            self.connection, run.organization, run.broadcast, run.wave
        ):
            self.ring()
            self.bell.set()  # the next slice at once, after the others had their turn
        wave = {"broadcast": run.broadcast, "wave": run.wave}
        rows = await self.connection.run("open_halts", wave, organization=run.organization)
        reason, stopped, answered = rows[0]
        if run.overdue and not stopped:
            await self._give_up(run)
        if answered:
            await self.sweep(run.organization, run.broadcast)
        if reason is not None:
            await self._stop(run, reason)

    async def _give_up(self, run: OpenRun) -> None:
        await self.connection.run(
            "halt",
            {
                "broadcast": run.broadcast,
                "people": [-run.wave],
                "reason": int(Reason.GIVEN_UP),
                "actor": None,
            },
            organization=run.organization,
        )
        self.bell.set()

    async def sweep(self, organization: int, broadcast: int) -> None:
        """Cancel what waits for people who answered, where no worker holds it."""
        told = 1
        while told:
            async with self.connection.transaction(organization) as ask:
                told, ended = (await ask("sweep", {"broadcast": broadcast}))[0]
                for call in turns.passed_on(ended or []):
                    await ask(*call)

    async def _stop(self, run: OpenRun, reason: int) -> None:
        """Chunk by chunk, then what is in no chunk, so that no lock is held long."""
        wave = {"broadcast": run.broadcast, "wave": run.wave}
        found = 1
        while found:
            rows = await self.connection.run(
                "stop_chunk", {**wave, "reason": reason}, organization=run.organization
            )
            found = rows[0][0]
        after: int | None = 0
        while after is not None:
            rows = await self.connection.run(
                "stop_rest",
                {**wave, "reason": reason, "after": after},
                organization=run.organization,
            )
            after = rows[0][1]
        if run.stage != Stage.PREPARING:
            await self.connection.run("stop_done", wave, organization=run.organization)

    async def _cut(self, organizations: set[int]) -> None:
        for organization in organizations:
            while await self.connection.run("cut", {}, organization=organization):
                self.ring()

    async def _finish(self, runs: Sequence[OpenRun]) -> None:
        for run in runs:
            if run.stage == Stage.RUNNING:
                wave = {"broadcast": run.broadcast, "wave": run.wave}
                await self.connection.together(
                    [("finish_lock", wave), ("finish", wave)], organization=run.organization
                )

    async def _seal(self, organizations: set[int]) -> None:
        """Seal what moves, and for a while after: the end of a wave and late answers too."""
        now = asyncio.get_running_loop().time()
        self._lively |= dict.fromkeys(organizations, now + SEAL_ON_SECONDS)
        self._lively = {one: until for one, until in self._lively.items() if until >= now}
        for organization in self._lively:
            if now - self._sealed_at.get(organization, 0.0) >= SEAL_SECONDS:
                self._sealed_at[organization] = now
                async with self.connection.transaction(organization) as ask:
                    await ask("seal_lock", {})
                    await ask("seal", {})
