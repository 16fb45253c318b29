"""How a broadcast went since its launch: its curve, from the counters that the watch noted (ALL-4).

Reads in the caller's transaction, which must act for the organization.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from denrei.deliveries.watch.models import Pulse


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The counters at one moment."""

    at: datetime
    #: 回答
    answered: int
    #: 端末到達, 閲覧 or 回答
    arrived: int
    #: The same and 引渡し
    handed_over: int
    #: Deliveries that have not come to an end.
    left: int


def course(broadcast_id: int) -> list[Point]:
    """Return the curve of a broadcast, the oldest point first; [] where nobody has drawn it yet."""
    return [_point(pulse) for pulse in Pulse.objects.of(broadcast_id)]


def _point(pulse: Pulse) -> Point:
    arrived = pulse.answered + pulse.read + pulse.device
    return Point(
        at=pulse.at,
        answered=pulse.answered,
        arrived=arrived,
        handed_over=arrived + pulse.handed_over,
        left=pulse.waiting + pulse.in_work,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """What the watch noted last; None: nothing yet."""

    #: The last point of the curve.
    at: datetime | None = None
    #: When the next retry or later medium is due, as far as it knows.
    next_at: datetime | None = None


def latest(broadcast_id: int) -> Latest:
    """Return what was noted last, without the curve."""
    points = Pulse.objects.filter(broadcast_id=broadcast_id).order_by("-at")
    row = points.values_list("at", "next_at").first()
    return Latest(at=row[0], next_at=row[1]) if row else Latest()
