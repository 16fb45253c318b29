"""The connections to one mail server, and the messages that wait for them.

Connections are made on demand, up to the configured number, and closed after a rest. After a fault
one connection at a time is tried, after a pause that doubles, with jitter, until a message has got
its answer. What waits fails when nothing is left that could carry it: the ledger tries again.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from denrei.channels import Accepted, Ended, Outcome, Outgoing, SendError
from denrei.channels.smtp import handshake, pop
from denrei.channels.smtp.item import Item
from denrei.channels.smtp.message import Composer
from denrei.channels.smtp.session import Session
from denrei.channels.smtp.signing import Signing
from denrei.channels.smtp.window import Window
from denrei.channels.smtp.wire import Cause
from denrei.domain.failures import Reason
from denrei.domain.replies import entry
from denrei.domain.replies.rules import Stage
from denrei.domain.states import Phase

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

#: Seconds to the first attempt after a fault, and at most.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
#: Of each connection: one being answered, one whose envelope is on the wire, one that takes its
#: place when the answer comes, one spare while whoever sends hears of it.
_SENDS_PER_CONNECTION = 4
#: Seconds in which a connection may say goodbye.
_FAREWELL = 1.0

_log = logging.getLogger(__name__)


class Pool:
    """An opened gateway (`denrei.channels.Sender` and `Posting`, `denrei.channels.smtp.session.Source`)."""

    def __init__(
        self, smtp: Smtp, *, now: Callable[[], datetime], jitter: Callable[[], float]
    ) -> None:
        self.capacity = smtp.connections * _SENDS_PER_CONNECTION
        self._smtp = smtp
        self._jitter = jitter
        self._loop = asyncio.get_running_loop()
        self._composer = Composer(smtp, now)
        self._signing = Signing(self._composer, self._admit) if smtp.dkim_selector else None
        self._context = functools.cache(functools.partial(handshake.tls_context, smtp))
        self._window = self._entry() if smtp.pop_host else None
        self._queue: deque[Item] = deque()
        #: Refused once, perhaps because our sign-in had passed.
        self._doubted: list[Item] = []
        self._sessions: set[Session] = set()
        self._resting: list[Session] = []
        self._dials: set[asyncio.Task[None]] = set()
        self._faults = 0
        self._pause: asyncio.TimerHandle | None = None
        self._is_closed = False

    # The sender.

    def send(self, outgoing: Outgoing) -> asyncio.Future[Accepted]:
        """Queue one message; cancelling withdraws it as long as its text was not written."""
        future: asyncio.Future[Accepted] = self._loop.create_future()
        item = Item(outgoing, functools.partial(_settle, future))
        future.add_done_callback(lambda _: item.withdraw())
        self._put(item)
        return future

    def post(self, outgoing: Outgoing, ended: Ended) -> None:
        """Queue one message, and tell how it ended."""
        self._put(Item(outgoing, ended))

    def _put(self, item: Item) -> None:
        if self._is_closed:
            item.cut(_closed(), Phase.UNSENT)
        elif self._signing is None:
            self._admit(item)
        else:
            self._signing.begin(item)

    def _admit(self, item: Item) -> None:
        """Let a message wait for a connection."""
        self._queue.append(item)
        if self._resting or len(self._sessions) < self._smtp.connections:
            self._grow()

    async def listen(self) -> AsyncIterator[Outcome]:
        """End at once: SMTP tells nothing later on its connections."""
        none: tuple[Outcome, ...] = ()
        for outcome in none:
            yield outcome

    async def close(self) -> None:
        """End every connection and attempt; what was under way ends as it must."""
        self._is_closed = True
        if self._pause is not None:
            self._pause.cancel()
        if self._signing is not None:
            self._signing.close(_closed())
        self._fail_waiting(_closed())
        if self._window is not None:
            await self._window.close()
        for dial in self._dials:
            dial.cancel()
        await asyncio.gather(*self._dials, return_exceptions=True)
        for session in list(self._sessions):
            session.leave()
        if self._sessions:
            await asyncio.wait([one.closed for one in self._sessions], timeout=_FAREWELL)
        for session in list(self._sessions):
            session.drop(_closed())
        self._fail_waiting(_closed())  # what a session put back meanwhile
        # Transports that were aborted give their sockets back in the next turn of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    # What a session asks and tells (`session.Source`).

    def take(self) -> Item | None:
        """Return the next message, if there is one that may go now."""
        if not self._queue or (self._window is not None and not self._window.look()):
            return None
        return self._queue.popleft()

    def put_back(self, item: Item) -> None:
        """Take a message back, as the next one."""
        self._queue.appendleft(item)

    def takes_back(self, item: Item, stage: Stage, raw: bytes) -> bool:
        """Take a refused message back, once, where we may have to sign in at the POP server anew."""
        if self._window is None or item.is_again or not entry.is_doubtful(raw, stage):
            return False
        item.is_again = True
        if self._window.doubt(shuts=entry.is_refused(raw, stage)):
            self._doubted.append(item)  # until the sign-in has ended, however it ends
        else:
            self._queue.append(item)  # behind the others: a relay may need a moment to hear of it
        return True

    def rests(self, session: Session) -> None:
        """Remember who may be woken."""
        self._resting.append(session)

    def retires(self, session: Session) -> None:
        """Forget who must not be woken."""
        if session in self._resting:
            self._resting.remove(session)

    def works(self) -> None:
        """End the caution after faults."""
        if self._faults:
            self._faults = 0
            self._grow()

    def lost(self, session: Session, cause: Cause) -> None:
        """Forget a connection, make another where it is needed."""
        self._sessions.discard(session)
        self.retires(session)
        if cause.is_fault:
            self._log("smtp.connection.lost", cause.reason)
            self._pause_after_fault()
        self._grow()

    # Connections.

    def _grow(self) -> None:
        """Wake who rests, then begin as many connections as the waiting messages can use."""
        if self._is_closed or not self._queue:
            return
        if self._window is not None and not self._window.look():
            return
        while self._queue and self._resting:
            self._resting.pop().wake()
        if self._pause is not None:
            return
        wanted = 1 if self._faults else self._smtp.connections
        wanted = min(wanted, len(self._queue), self._smtp.connections - len(self._sessions))
        while len(self._dials) < wanted:
            self._dials.add(self._loop.create_task(self._dial()))

    async def _dial(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            session, offered = await handshake.dial(self._smtp, self._session, self._context)
        except SendError as error:
            self._dials.discard(task)
            self._log("smtp.connection.failed", error.reason)
            self._refused(error)
        else:
            self._dials.discard(task)
            _log.debug("smtp.connection.opened", extra={"host": self._smtp.host})
            self._sessions.add(session)
            session.begin(offered)

    def _entry(self) -> Window:
        return Window(
            functools.partial(pop.sign_in, self._smtp, self._context),
            self._smtp.pop_minutes * 60,
            changed=self._entered,
            jitter=self._jitter,
        )

    def _entered(self, error: SendError | None) -> None:
        """Go on; while the relay doesn't let us in, what waits has failed."""
        self._queue.extend(self._doubted)
        self._doubted.clear()
        if error is not None:
            self._log("smtp.pop.failed", error.reason)
            if self._window is not None and not self._window.is_open:
                self._fail_waiting(Cause(error.reason, error.detail))
        self._grow()

    def _session(self) -> Session:
        return Session(self._smtp, self, self._composer, self._loop)

    def _refused(self, error: SendError) -> None:
        """Pause; when nobody else is connected or trying, what waits has failed."""
        self._pause_after_fault()
        if not (self._sessions or self._dials):
            self._fail_waiting(Cause(error.reason, error.detail))

    def _pause_after_fault(self) -> None:
        """Let one round of faults, however many connections it hits, cost one pause."""
        if self._pause is not None or self._is_closed:
            return
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._faults)
        self._faults = min(self._faults + 1, 16)
        self._pause = self._loop.call_later(longest * (1 + self._jitter()) / 2, self._try_again)

    def _try_again(self) -> None:
        self._pause = None
        self._grow()

    def _fail_waiting(self, cause: Cause) -> None:
        waiting, self._queue = [*self._queue, *self._doubted], deque()
        self._doubted.clear()
        for item in waiting:
            item.cut(cause, Phase.UNSENT)

    def _log(self, event: str, reason: Reason) -> None:
        keys = {"host": self._smtp.host, "port": self._smtp.port, "reason": reason.name}
        _log.warning(event, extra=keys)


def _settle(future: asyncio.Future[Accepted], how: Accepted | BaseException) -> None:
    if future.done():
        return
    if isinstance(how, Accepted):
        future.set_result(how)
    else:
        future.set_exception(how)


def _closed() -> Cause:
    return Cause(Reason.CONNECTION, "the gateway was closed")
