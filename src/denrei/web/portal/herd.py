"""Many requests at once: gathered while the one group is served, and served together in the next.

Nobody is told anything before the transaction of the group has committed. Who can't be served in time is
told that nothing was taken (`BusyError`): the queue is full, the database does not answer, or a lock is held.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from denrei.web.portal import refusals
from denrei.web.portal.asked import Asked, Served
from denrei.web.portal.desk import Limits, Round
from denrei.web.portal.line import Line

_log = logging.getLogger(__name__)
#: As many are served in one transaction.
MOST_AT_ONCE = 200
#: As many of those who come second, while others who go first are being served.
FEW_AT_ONCE = 24
#: Seconds that they let others go first; who is held up by a lock holds up nobody else.
_COURTESY = 0.05
#: Seconds after which who was not yet begun with is told so.
PATIENCE = 5.0
#: Seconds between two looks for those.
_PACE = 0.25
#: What one request that meets a lock or another transaction gets; its neighbours are served without it.
_ONE_S_OWN = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


class BusyError(Exception):
    """Nothing was taken and nothing is known to have been kept: ask again."""


@dataclass(slots=True)
class _Waiting:
    asked: Asked
    served: asyncio.Future[Served]
    since: float = field(default_factory=monotonic)


class Lane:
    """Requests that are served by one `Round`, in a thread and a connection of its own.

    `most`: as many wait at most. Organizations take turns. `first`: whose requests go first where both
    wait, so that an answer does not stand behind pages.
    """

    def __init__(
        self, name: str, serve: Round, limits: Limits, most: int, first: Lane | None = None
    ) -> None:
        self._serve = serve
        self._first = first
        self._limits = limits
        self._most = most
        self._waiting: dict[int, deque[_Waiting]] = {}
        self._count = 0
        #: Who waits for the next group to begin.
        self._courteous: list[asyncio.Future[None]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name, initializer=self._begin)
        self._running: asyncio.Task[None] | None = None

    async def serve(self, asked: Asked) -> Served:
        """Serve a request together with others. Raises BusyError."""
        if self._count >= self._most:
            raise BusyError
        one = _Waiting(asked, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(asked.named.organization_id, deque()).append(one)
        self._count += 1
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await one.served

    def end(self) -> None:
        """Give the thread and its connection back; nobody may wait any more."""
        self._thread.submit(connections.close_all)
        self._thread.shutdown()

    def _begin(self) -> None:
        self._line = Line()

    async def _run(self) -> None:
        """Serve group after group until nobody waits."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            group = self._next(await self._turn())
            asked = [one.asked for one in group]
            work = loop.run_in_executor(self._thread, self._served, asked)
            try:
                while not work.done():
                    await asyncio.wait([work], timeout=_PACE)
                    self._let_go()
            finally:
                told = (
                    work.result() if work.done() and not work.cancelled() else [None] * len(group)
                )
                for one, served in zip(group, told, strict=True):
                    _tell(one, served)

    async def _turn(self) -> int:
        """Wait until those who go first and are here have begun; return how many may be served at once."""
        first = self._first
        if first is None or first._running is None or first._running.done():
            return MOST_AT_ONCE
        if not first._waiting:
            return FEW_AT_ONCE
        begun = asyncio.get_running_loop().create_future()
        first._courteous.append(begun)
        done, _ = await asyncio.wait([begun], timeout=_COURTESY)
        return FEW_AT_ONCE if done else MOST_AT_ONCE

    def _next(self, most: int) -> list[_Waiting]:
        """Take the next group, at most so many: of the organization whose turn it is."""
        for one in self._courteous:
            if not one.done():
                one.set_result(None)
        self._courteous.clear()
        organization = next(iter(self._waiting))
        queue = self._waiting.pop(organization)
        group = [queue.popleft() for _ in range(min(len(queue), most))]
        if queue:
            self._waiting[organization] = queue  # behind the others
        self._count -= len(group)
        return group

    def _let_go(self) -> None:
        """Tell those who have waited too long."""
        late = monotonic() - PATIENCE
        for organization, queue in list(self._waiting.items()):
            while queue and queue[0].since < late:
                _tell(queue.popleft(), None)
                self._count -= 1
            if not queue:
                del self._waiting[organization]

    def _served(self, asked: Sequence[Asked]) -> list[Served | None]:
        """Serve a group in as many rounds as it takes; None: nothing was taken. Runs in the thread."""
        served: list[Served | None] = [None] * len(asked)
        left, until = list(range(len(asked))), monotonic() + PATIENCE
        try:
            self._line.ready()
            while left and monotonic() < until:
                told = self._serve([asked[place] for place in left], self._limits)
                for place, one in zip(left, told, strict=True):
                    served[place] = one
                left = [place for place in left if served[place] is None]
        except Exception as error:  # noqa: BLE001 - of the whole group: nobody's harm may be another's
            _log.warning("group not served", extra={"requests": len(left), "fault": _fault(error)})
            close_old_connections()
            if not _is_everybodys(error):
                for place in left:
                    served[place] = self._alone(asked[place], until)
        return served

    def _alone(self, asked: Asked, until: float) -> Served | None:
        """Serve one of a group that failed."""
        if monotonic() >= until:
            return None
        try:
            return self._serve([asked], self._limits)[0]
        except (OperationalError, InterfaceError):
            close_old_connections()
            return None
        except Exception as error:  # noqa: BLE001 - what is wrong with this one alone
            told = {"delivery": asked.named.subject_id, "fault": _fault(error)}
            _log.error("request not served", extra=told, exc_info=error)
            return refusals.served(HTTPStatus.INTERNAL_SERVER_ERROR)


def _tell(one: _Waiting, served: Served | None) -> None:
    """Answer who waits; who went away needs none."""
    if one.served.done():
        return
    if served is None:
        one.served.set_exception(BusyError())
    else:
        one.served.set_result(served)


def _is_everybodys(error: Exception) -> bool:
    """Tell whether a fault is the database's and not that of one request."""
    return isinstance(error, OperationalError | InterfaceError) and not isinstance(
        error.__cause__, _ONE_S_OWN
    )


def _fault(error: Exception) -> str:
    return type(error.__cause__ or error).__name__
