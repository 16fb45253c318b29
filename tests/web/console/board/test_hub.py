"""One look for all who watch the same picture."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from denrei.web.console.board.hub import EVERY, Feed, FullError, Hub


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


class Eye:
    """Sees what a test lets it see, and counts its looks."""

    def __init__(self, *seen: bytes | None) -> None:
        self._seen = list(seen)
        self.looks = 0

    def __call__(self) -> bytes | None:
        """Look."""
        self.looks += 1
        return self._seen.pop(0) if self._seen else None


def test_a_second_has_one_look_however_many_ask() -> None:
    clock, eye = Clock(), Eye(b"one", b"two")
    feed = Feed(eye, clock)

    for _ in range(5):
        feed.freshen()
    first = feed.after(0, 0)
    clock.now = EVERY
    feed.freshen()
    second = feed.after(1, 0)

    assert 2 == eye.looks
    assert first is not None
    assert second is not None
    assert [(1, b"one"), (2, b"two")] == [
        (picture.number, picture.drawn) for picture in (first, second)
    ]


def test_what_did_not_change_is_not_told_again() -> None:
    clock, eye = Clock(), Eye(b"one", None)
    feed = Feed(eye, clock)
    feed.freshen()

    clock.now = EVERY
    feed.freshen()

    assert feed.after(1, 0) is None


def test_who_comes_later_gets_the_picture_at_once() -> None:
    feed = Feed(Eye(b"one"), Clock())
    feed.freshen()

    picture = feed.after(0, 0)

    assert picture is not None
    assert b"one" == picture.drawn


def test_all_who_wait_are_handed_the_same_bytes() -> None:
    feed = Feed(Eye(b"one"), Clock())
    waiting = threading.Barrier(5)

    def wait() -> bytes:
        waiting.wait()
        picture = feed.after(0, 20)
        return picture.drawn if picture else b""

    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(wait) for _ in range(4)]
        waiting.wait()
        feed.freshen()

    assert [b"one"] * 4 == [one.result() for one in found]


def test_a_look_that_fails_leaves_the_turn_to_the_next() -> None:
    def broken() -> bytes | None:
        raise RuntimeError

    clock = Clock()
    feed = Feed(broken, clock)
    for _ in range(2):
        clock.now += EVERY
        with pytest.raises(RuntimeError):
            feed.freshen()


def test_watchers_are_counted_and_bounded() -> None:
    hub = Hub(2)
    first, second = hub.join("a", Eye), hub.join("a", Eye)

    with pytest.raises(FullError):
        hub.join("b", Eye)
    hub.leave("a")
    other = hub.join("b", Eye)

    assert first is second
    assert other is not first
    assert 2 == hub.watchers


def test_a_picture_that_nobody_watches_is_forgotten() -> None:
    hub = Hub(2)
    first = hub.join("a", Eye)
    hub.leave("a")

    assert hub.join("a", Eye) is not first
