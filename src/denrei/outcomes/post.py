"""The post room: takes mails in, asks mailboxes, reads what is stored. One process beside a worker.

Beside it and not in it: reading a storm of bounces would keep the senders' loop waiting. Each line
of work goes on while another waits for the database, a provider or a port.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from denrei.outcomes import doors, keeping, reading
from denrei.outcomes.keeping import Arrived
from denrei.outcomes.mailboxes import fetching
from denrei.outcomes.models import Way
from denrei.outcomes.receiver import Handler, Porter, Receiver, Store

_log = logging.getLogger(__name__)
T = TypeVar("T")

#: Seconds between looks for mails to read, for mailboxes that are due, and for a port that is taken.
_READ, _ASK, _PORT = 1.0, 2.0, 10.0
#: Mailboxes that are asked at once.
_VISITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the receiver listens."""

    way: Way
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.way}:{self.host}:{self.port}"


@dataclass
class Post:
    """All lines of work of this process."""

    addresses: Sequence[Address]
    #: Set when a mail was stored here: it is read at once.
    stored: asyncio.Event = field(default_factory=asyncio.Event)
    #: Those that listen, for tests.
    receivers: list[Receiver] = field(default_factory=list)
    #: Set when all addresses that are free are listened on.
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Work until cancelled."""
        async with AsyncExitStack() as stack:
            handlers = self._handlers(_thread(stack), _thread(stack))
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(_thread(stack)))
                for _ in range(_VISITS):
                    group.create_task(self._visit(_thread(stack)))
                await self._listen(stack, handlers)

    def _handlers(self, keeps: ThreadPoolExecutor, looks: ThreadPoolExecutor) -> dict[Way, Handler]:
        async def keep(mails: Sequence[Arrived]) -> None:
            await _in(keeps, lambda: keeping.keep(mails))
            self.stored.set()

        porter = Porter(look=lambda: _in(looks, doors.now), clock=asyncio.get_running_loop().time)
        store = Store(keep)
        return {way: Handler(way=way, porter=porter, store=store) for way in (Way.SMTP, Way.LMTP)}

    async def _listen(self, stack: AsyncExitStack, handlers: dict[Way, Handler]) -> None:
        """Listen on all addresses. Where another worker of this machine does, wait for its end."""
        missing = list(self.addresses)
        while missing:
            for address in list(missing):
                receiver = Receiver(handlers[address.way], address.host, address.port)
                try:
                    self.receivers.append(await stack.enter_async_context(receiver))
                except OSError as error:
                    _log.warning("can't listen", extra={"at": str(address), "why": str(error)})
                    continue
                missing.remove(address)
            self.ready.set()
            if missing:
                await asyncio.sleep(_PORT)
        self.ready.set()

    async def _read(self, thread: ThreadPoolExecutor) -> None:
        while True:
            self.stored.clear()
            try:
                read = await _in(thread, reading.read_some)
            except (DatabaseError, InterfaceError) as error:
                _log.warning("reading cut short", extra={"why": str(error)})
                read = 0
            if not read:
                await _wait(self.stored, _READ)

    async def _visit(self, threads: ThreadPoolExecutor) -> None:
        while True:
            try:
                fetched = await _in(threads, _fetch_due)
            except (DatabaseError, InterfaceError) as error:
                _log.warning("visit cut short", extra={"why": str(error)})
                fetched = None
            if fetched is None:
                await asyncio.sleep(_ASK)
            elif fetched.trouble:
                extra = {"mailbox": fetched.mailbox_id, "why": fetched.trouble}
                _log.warning("mailbox", extra=extra)
            elif fetched.mails:
                self.stored.set()


def _fetch_due() -> fetching.Fetched | None:
    mailbox = fetching.take_due()
    return fetching.fetch(mailbox) if mailbox else None


def _thread(stack: AsyncExitStack) -> ThreadPoolExecutor:
    """Return a thread with a database connection of its own, closed with the stack."""
    thread = ThreadPoolExecutor(1)

    def close() -> None:
        thread.submit(connections.close_all).result()
        thread.shutdown()

    stack.callback(close)
    return thread


async def _in(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """Run something that asks the database in a thread; its connection stays for the next time."""

    def run() -> T:
        close_old_connections()
        return work()

    return await asyncio.get_running_loop().run_in_executor(threads, run)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
