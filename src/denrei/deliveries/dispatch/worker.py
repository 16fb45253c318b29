"""A sender process: one runner for each lane that has work, a janitor, the clock and the bell.

Runners are made when their lane first has work. Any number of workers, on any number of machines,
share the ledger; one that dies leaves leases, which any janitor reaps.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import NamedTuple

import psycopg
from cryptography.fernet import MultiFernet

from denrei.deliveries import appointments, bell, gateways, statements
from denrei.deliveries.connection import LedgerConnection, Row, open_as_worker
from denrei.deliveries.dispatch import ledger as ledgers
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.dispatch.routes import Route, Routes
from denrei.deliveries.dispatch.runner import LaneRunner
from denrei.deliveries.janitor import Janitor
from denrei.deliveries.lanes import LaneSettings
from denrei.deliveries.watch.telling import Teller
from denrei.deliveries.watch.watcher import Watcher

_log = logging.getLogger(__name__)

#: Seconds between looks at which lanes have work, in case a bell was lost.
POLL_SECONDS = 0.5
#: Seconds until a lane whose gateways can't be opened is looked at again.
_BROKEN_SECONDS = 30.0
#: Seconds until changed settings of a lane or gateway are taken up.
_CHANGE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """What a worker process is given."""

    conninfo: str
    #: Unique among workers: shown as the owner of what it holds.
    name: str
    #: Counters are kept in a shard of its own; the janitor uses the next one.
    shard: int
    #: Opens what is secret in the gateways' settings.
    safe: MultiFernet


class _Setup(NamedTuple):
    """How a lane is set up at this moment."""

    #: None: it is gone or switched off.
    lane: Row | None
    gateways: list[Row]


async def _setup(lane: int, ledger: Ledger) -> _Setup:
    rows = await ledger.renewals.run("lane", {"lane": lane})
    gateways_of_it = await ledger.renewals.run("lane_gateways", {"lane": lane})
    return _Setup(rows[0] if rows else None, gateways_of_it)


async def _close_when_changed(lane: int, ledger: Ledger, setup: _Setup, runner: LaneRunner) -> None:
    """End a runner in order when somebody changed its lane or gateways."""
    changed = False
    while not changed:
        await asyncio.sleep(_CHANGE_SECONDS)
        changed = await _setup(lane, ledger) != setup
    _log.info("lane changed", extra={"lane": lane})
    runner.close()


class Worker:
    """Runs until `close()`."""

    def __init__(self, given: WorkerSettings) -> None:
        self._given = given
        self._runners: dict[int, LaneRunner] = {}
        self._broken: dict[int, float] = {}
        self._closing = asyncio.Event()
        self._wake = asyncio.Event()
        #: The janitor looks now: a wave may have ended, or there is news.
        self._janitors = asyncio.Event()
        self.ready = asyncio.Event()

    def close(self) -> None:
        """End in order: what is on the wire finishes, the rest is given back."""
        self._closing.set()
        self._wake.set()
        for runner in self._runners.values():
            runner.close()

    async def run(self) -> None:
        """Send and look after the ledger until `close()`."""
        given = self._given
        statements.read_all()
        async with (
            ledgers.opened(given.conninfo, given.shard) as ledger,
            LedgerConnection(given.conninfo, shard=given.shard + 1) as sweeping,
            LedgerConnection(given.conninfo) as watching,
            asyncio.TaskGroup() as group,
        ):
            janitor = Janitor(connection=sweeping, ring=self._ring, bell=self._janitors)
            teller = Teller()
            background = [
                group.create_task(janitor.run()),
                group.create_task(self._listen()),
                group.create_task(appointments.keep(sweeping)),
                group.create_task(Watcher(watching, teller.wake).run()),
                group.create_task(teller.run()),
            ]
            self.ready.set()
            lanes = await self._look_for_lanes(ledger, group)
            for lane in lanes:
                await lane
            for task in background:
                task.cancel()

    async def _look_for_lanes(
        self, ledger: Ledger, group: asyncio.TaskGroup
    ) -> list[asyncio.Task[None]]:
        """Start a runner for each lane that has work; ring those that run."""
        tasks: list[asyncio.Task[None]] = []
        while not self._closing.is_set():
            self._wake.clear()
            for lane, _ in await ledger.renewals.run("ready_lanes", {}):
                if lane in self._runners:
                    self._runners[lane].ring()
                elif self._may_open(lane):
                    tasks.append(group.create_task(self._serve(lane, ledger)))
                    await asyncio.sleep(0)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
        return tasks

    def _may_open(self, lane: int) -> bool:
        return asyncio.get_running_loop().time() >= self._broken.get(lane, 0.0)

    async def _serve(self, lane: int, ledger: Ledger) -> None:
        """Open a lane's gateways and run it until closing."""
        self._broken[lane] = asyncio.get_running_loop().time() + _BROKEN_SECONDS
        setup = await _setup(lane, ledger)
        if setup.lane is None:
            return
        async with AsyncExitStack() as stack:
            routes = await self._open_routes(setup, ledger, stack)
            if not routes or self._closing.is_set():
                return
            runner = LaneRunner(
                LaneSettings.from_row(setup.lane),
                ledger,
                Routes(routes),
                self._given.name,
                at_rest=self._janitors.set,
            )
            self._runners[lane] = runner
            watch = asyncio.create_task(_close_when_changed(lane, ledger, setup, runner))
            try:
                await runner.run()
            finally:
                watch.cancel()
                del self._runners[lane]
        self._broken.pop(lane, None)  # its settings changed: open it again with the new ones
        self._wake.set()

    async def _open_routes(
        self, setup: _Setup, ledger: Ledger, stack: AsyncExitStack
    ) -> list[Route]:
        routes = []
        for gateway, kind, settings, rate in setup.gateways:
            try:
                channel = gateways.to_channel(kind, settings, self._given.safe)
            except gateways.GatewayError as error:
                _log.error("gateway unusable", extra={"gateway": gateway, "why": str(error)})
                await ledger.renewals.run("trouble", {"words": str(error), "gateway": gateway})
                continue
            sender = await stack.enter_async_context(channel.open())
            routes.append(Route(gateway=gateway, sender=sender, rate=rate))
        return routes

    def _ring(self) -> None:
        self._wake.set()

    async def _listen(self) -> None:
        """Hear the bell; reconnect when the database goes away."""
        while True:
            try:
                connection = await open_as_worker(self._given.conninfo)
                async with connection:
                    await connection.execute(f"LISTEN {bell.CHANNEL}".encode())
                    async for _ in connection.notifies():
                        self._janitors.set()
                        self._wake.set()
            except psycopg.OperationalError as error:
                _log.warning("bell away", extra={"why": str(error)})
                await asyncio.sleep(1.0)
