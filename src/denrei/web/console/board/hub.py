"""One look for all who watch the same picture: drawn once, at most once a second, and handed to each (ADR 0014).

Nothing runs by itself: whoever of the watchers comes first when a second has passed looks for all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

#: Seconds between two looks.
EVERY = 1.0
Clock = Callable[[], float]
#: Return the picture anew, or None where it is as it was; the first time it must be one.
Look = Callable[[], bytes | None]


class FullError(RuntimeError):
    """So many watch that one more would take a thread from those who work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What was seen at a look; a higher number is a later one."""

    number: int
    drawn: bytes


class Feed:
    """One picture and those who wait for the next."""

    def __init__(self, look: Look, clock: Clock) -> None:
        self._look = look
        self._clock = clock
        self._turn = threading.Lock()
        self._changed = threading.Condition()
        self._looked_at: float | None = None
        self._picture = Picture(number=0, drawn=b"")
        #: How many watch; the hub counts.
        self.watchers = 0

    def freshen(self) -> None:
        """Look, if the last look is long enough ago and nobody else is at it."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            now = self._clock()
            if self._looked_at is not None and now - self._looked_at < EVERY:
                return
            self._looked_at = now
            drawn = self._look()
        finally:
            self._turn.release()
        if drawn is not None:
            self._show(drawn)

    def after(self, number: int, seconds: float) -> Picture | None:
        """Wait for a later picture than this one; None where none comes in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._picture.number > number, seconds)
            return self._picture if self._picture.number > number else None

    def _show(self, drawn: bytes) -> None:
        with self._changed:
            self._picture = Picture(number=self._picture.number + 1, drawn=drawn)
            self._changed.notify_all()


class Hub:
    """All pictures that anybody of this process watches, and a bound on how many watch."""

    def __init__(self, most: int, clock: Clock = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._feeds: dict[Hashable, Feed] = {}

    @property
    def watchers(self) -> int:
        """How many watch."""
        with self._lock:
            return self._count()

    def join(self, key: Hashable, look: Callable[[], Look]) -> Feed:
        """Watch a picture; `look` makes the look of one that nobody watched. FullError."""
        with self._lock:
            if self._count() >= self._most:
                raise FullError
            feed = self._feeds.get(key)
            if feed is None:
                feed = self._feeds[key] = Feed(look(), self._clock)
            feed.watchers += 1
            return feed

    def leave(self, key: Hashable) -> None:
        """Watch it no more."""
        with self._lock:
            feed = self._feeds[key]
            feed.watchers -= 1
            if not feed.watchers:
                del self._feeds[key]

    def _count(self) -> int:
        return sum(feed.watchers for feed in self._feeds.values())
