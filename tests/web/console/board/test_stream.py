"""What one watcher gets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError

from denrei.web.console.board import stream
from denrei.web.console.board.hub import FullError, Hub, Look
from denrei.web.console.board.stream import Stream, event
from tests.web.console.board.test_hub import Eye


class Ticking:
    """A clock that goes on a second each time it is asked."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        self.now += 1.0
        return self.now


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WAIT", 0.0)


def streamed(hub: Hub, look: Look, allowed: Iterator[bool] | None = None) -> Stream:
    return Stream(
        hub,
        "a",
        lambda: look,
        allowed=lambda: next(allowed) if allowed else True,
        beat=lambda: event("beat", "12:00:00"),
        clock=Ticking(),
    )


def test_an_event_is_a_name_and_lines() -> None:
    assert b"event: picture\ndata: <p>\ndata: </p>\n\n" == event("picture", "<p>\n</p>")
    assert b"event: again\ndata: \n\n" == event("again", "")


@pytest.mark.spec("ALL-4")
def test_a_stream_tells_what_changed_gives_signs_of_life_and_ends_by_itself() -> None:
    hub = Hub(1, Ticking())
    eye = Eye(event("picture", "one"), None, event("picture", "two"))

    told = list(streamed(hub, eye))

    assert told[0].startswith(b"retry:")
    assert [b"event: picture\ndata: one\n\n", b"event: picture\ndata: two\n\n"] == [
        one for one in told if b"picture" in one
    ]
    assert b"event: beat\ndata: 12:00:00\n\n" in told
    assert b"event: again\ndata: \n\n" == told[-1]


@pytest.mark.spec("SMS-13")
def test_who_may_not_watch_any_more_is_told_nothing_more() -> None:
    told = list(streamed(Hub(1), Eye(event("picture", "one")), iter([True, False])))

    assert b"event: again\ndata: \n\n" != told[-1]
    assert len(told) < 10


def test_who_may_not_watch_at_all_sees_nothing() -> None:
    told = list(streamed(Hub(1), Eye(event("picture", "one")), iter([False])))

    assert 1 == len(told)


def test_a_database_that_is_gone_ends_the_stream_quietly() -> None:
    def gone() -> bytes | None:
        raise OperationalError

    assert 1 == len(list(streamed(Hub(1), gone)))


def test_its_seat_is_given_back_once_also_where_nobody_ever_listened() -> None:
    hub = Hub(1)
    first = streamed(hub, Eye())
    with pytest.raises(FullError):
        streamed(hub, Eye())

    first.close()
    first.close()

    assert 0 == hub.watchers
