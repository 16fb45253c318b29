"""The minutes in which a relay takes our mail because we signed in at its POP server (MSG-6).

One sign-in serves all connections of an opened gateway. It is renewed while there is something to
send, long before the window passes, and once more when the relay speaks as if it had passed. A
server that refuses is asked again after a pause that doubles, with jitter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf

from denrei.channels import SendError

#: Shares of the window after which it is renewed beside the sending, and after which nothing is sent
#: by it any more: the relay counts by its own clock, and what was taken up is still on its way.
RENEW, SHUT = 0.5, 0.8
#: Seconds to the next sign-in after one that failed, and at most.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
#: Seconds in which a sign-in is not repeated for what a relay says: it would say that again.
FRESH = 5.0


class Window:
    """Whether the relay lets us in at this moment."""

    def __init__(
        self,
        sign_in: Callable[[], Awaitable[None]],
        seconds: float,
        *,
        changed: Callable[[SendError | None], None],
        jitter: Callable[[], float],
    ) -> None:
        """`sign_in` raises SendError. `changed` is told how each sign-in ended, and when a pause is over."""
        self._sign_in = sign_in
        self._seconds = seconds
        self._changed = changed
        self._jitter = jitter
        self._loop = asyncio.get_running_loop()
        self._entered = self._renew_at = self._shut_at = -inf
        self._visit: asyncio.Task[None] | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._failures = 0
        self._is_closed = False

    @property
    def is_open(self) -> bool:
        """Tell whether mail may go."""
        return self._loop.time() < self._shut_at

    def look(self) -> bool:
        """Tell whether mail may go, and renew the sign-in where that is due."""
        now = self._loop.time()
        is_busy = self._visit is not None or self._pause is not None
        if now >= self._renew_at and not (is_busy or self._is_closed):
            self._visit = self._loop.create_task(self._enter())
        return now < self._shut_at

    def doubt(self, *, shuts: bool) -> bool:
        """The relay refused as if the window had passed: sign in anew, unless that was just done.

        `shuts`: its words leave no other meaning, so nothing goes until that has worked. Returns whether a
        sign-in will end or begin, which `changed` tells of.
        """
        if self._loop.time() - self._entered < FRESH:
            return False
        self._renew_at = -inf
        if shuts:
            self._shut_at = -inf
        self.look()
        return self._visit is not None or self._pause is not None

    async def close(self) -> None:
        """End a sign-in that is under way, and begin none any more."""
        self._is_closed = True
        if self._pause is not None:
            self._pause.cancel()
        if self._visit is not None:
            self._visit.cancel()
            await asyncio.gather(self._visit, return_exceptions=True)

    async def _enter(self) -> None:
        begun = self._loop.time()
        failure = None
        try:
            await self._sign_in()
        except SendError as error:
            failure = error
        finally:
            self._visit = None
        if failure is None:
            self._failures = 0
            self._entered = self._loop.time()
            self._renew_at = begun + self._seconds * RENEW
            self._shut_at = begun + self._seconds * SHUT
        else:
            longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failures)
            self._failures = min(self._failures + 1, 16)
            self._pause = self._loop.call_later(longest * (1 + self._jitter()) / 2, self._go_on)
        self._changed(failure)

    def _go_on(self) -> None:
        self._pause = None
        self._changed(None)
