"""What one watcher gets: server-sent events, until the time is up or nobody may watch (WHATWG HTML, 9.2)."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator

from django.db import DatabaseError

from denrei.web.console.board.hub import Clock, Feed, Hub, Look

#: Seconds between signs of life; a browser that hears none takes up its own asking again.
BEAT = 5.0
#: Seconds between two questions whether the watcher still may.
ASK = 30.0
#: Seconds after which a stream ends; the browser comes again, and passes the gate again.
LIFE = 300.0
#: Seconds that a watcher waits for others' looks before it looks itself.
WAIT = 1.0
#: Milliseconds after which a browser comes again.
_RETRY = 2000


def event(name: str, data: str) -> bytes:
    """Return one event."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n".encode()


class Stream:
    """The events of one watcher. It takes a seat in the hub and gives it back when it is closed."""

    def __init__(
        self,
        hub: Hub,
        key: Hashable,
        look: Callable[[], Look],
        *,
        allowed: Callable[[], bool],
        beat: Callable[[], bytes],
        clock: Clock = time.monotonic,
    ) -> None:
        self._hub = hub
        self._key = key
        self._feed: Feed | None = hub.join(key, look)
        self._allowed = allowed
        self._beat = beat
        self._clock = clock
        self._events = self._each(self._feed)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._events)

    def close(self) -> None:
        """Give the seat back; the server calls it, however the stream ends."""
        feed, self._feed = self._feed, None
        if feed is not None:
            self._hub.leave(self._key)

    def _each(self, feed: Feed) -> Iterator[bytes]:
        began = spoke = self._clock()
        asked, number = began - ASK, 0
        yield f"retry: {_RETRY}\n\n".encode()
        try:
            while (now := self._clock()) - began < LIFE:
                if now - asked >= ASK:
                    asked = now
                    if not self._allowed():
                        return
                feed.freshen()
                picture = feed.after(number, WAIT)
                if picture is not None:
                    number, spoke = picture.number, now
                    yield picture.drawn
                elif now - spoke >= BEAT:
                    spoke = now
                    yield self._beat()
            yield event("again", "")
        except DatabaseError:  # the browser asks by itself until the database is back
            return
