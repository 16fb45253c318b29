"""When a broadcast will have been sent, by the rate at which it went lately (ALL-4, NEW-11).

It tells of sending, not of answers. Where nothing moves, or too little is known, it says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: The rate is that of the last minute, or of the time between two points that lie farther apart.
WINDOW = timedelta(minutes=1)
#: What is farther away than this is no estimate.
FARTHEST = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How much there was left to do at a moment."""

    at: datetime
    #: Deliveries that wait or are being worked on, 0 or more.
    left: int
    #: When the next retry or later medium of what waits is due; None: none is known.
    next_at: datetime | None = None


def completion(curve: Sequence[Point], now: datetime) -> datetime | None:
    """Return when nothing will be left, at the earliest `now`; None: nothing is known.

    `curve` is sorted by time and may end before `now`: nothing changed since. It begins to count
    where most was left, because a launch still adds while it sends. A retry in the future bounds it.
    """
    if len(curve) < 2:
        return None
    start, last = _stretch(curve), curve[-1]
    passed, done = last.at - start.at, start.left - last.left
    if last.left == 0 or done <= 0 or now - last.at > max(WINDOW, 2 * passed):
        return None
    rest = passed / done * last.left
    if rest > FARTHEST:
        return None
    return max(now, last.at + rest, last.next_at or now)


def next_retry(curve: Sequence[Point], now: datetime) -> datetime | None:
    """Return when a retry or a later medium is due next; None: none is known, or it is due already."""
    due = curve[-1].next_at if curve and curve[-1].left else None
    return due if due is not None and due > now else None


def _stretch(curve: Sequence[Point]) -> Point:
    """Return the point from which the rate is taken: of the last minute, where most was left."""
    since = curve[-1].at - WINDOW
    recent = [point for point in curve[:-1] if point.at >= since] or [curve[-2]]
    return max(recent, key=lambda point: (point.left, point.at))
