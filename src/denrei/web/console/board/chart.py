"""The curve of a broadcast as SVG: three lines, marks of time and share, and a sentence for ears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.domain import course
from denrei.domain.course import Frame
from denrei.reports.board import Board
from denrei.reports.course import Point

#: Per cent of the audience at which a line stands.
SHARES = (25, 50, 80, 95)
#: Heights between two labels.
_APART = 17.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How large a chart is; on the right of the lines stand their names."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    #: Between two labels.
    apart: float = _APART


PAGE = Room(width=640, height=250, left=52, right=440, top=14, bottom=216)
WALL = Room(width=1120, height=236, left=72, right=822, top=12, bottom=198, apart=24.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line with its name and its last value."""

    #: Class: c1 … c3.
    look: str
    words: str | Promise
    people: int
    path: str
    x: float
    y: float
    #: Where the name stands.
    label: float

    @property
    def beside(self) -> float:
        """Where the name begins."""
        return self.x + 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A share of the audience."""

    share: int
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time below the lines."""

    at: datetime
    x: float
    #: The chart spans days: the time alone says too little.
    is_far: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, ready to be drawn."""

    room: Room
    lines: Sequence[Line]
    levels: Sequence[Level]
    moments: Sequence[Moment]
    now: float
    at: datetime


def chart(shown: Board, points: Sequence[Point], at: datetime, room: Room) -> Chart | None:
    """Draw a board's course up to now; None where nobody has noted it yet."""
    if not points:
        return None
    start = shown.started_at
    passed = max(1.0, (at - start).total_seconds())
    frame = Frame(
        left=room.left,
        right=room.right,
        top=room.top,
        bottom=room.bottom,
        span=course.span_of(passed),
        most=shown.people.total,
    )
    return Chart(
        room=room,
        lines=_lines(shown, points, at, frame, room),
        levels=[Level(share=one, y=frame.y(frame.most * one / 100)) for one in SHARES],
        moments=[
            Moment(
                at=timezone.localtime(start + timedelta(seconds=mark)),
                x=frame.x(mark),
                is_far=frame.span > course.SPANS[-4],
            )
            for mark in frame.marks()
        ],
        now=frame.x(passed),
        at=at,
    )


def _lines(
    shown: Board, points: Sequence[Point], at: datetime, frame: Frame, room: Room
) -> list[Line]:
    moments = [(one.at - shown.started_at).total_seconds() for one in points]
    moments.append((at - shown.started_at).total_seconds())
    drawn: list[tuple[str, str | Promise, list[int]]] = [
        ("c3", _("引渡し以上"), [one.handed_over for one in points]),
        ("c2", _("端末到達以上"), [one.arrived for one in points]),
        ("c1", _("回答"), [one.answered for one in points]),
    ]
    now = _as_of_now(shown, at)
    for (_look, _words, counts), people in zip(
        drawn, (now.handed_over, now.arrived, now.answered), strict=True
    ):
        counts.append(people)
    ends = [frame.y(counts[-1]) for *_, counts in drawn]
    labels = course.apart(ends, room.apart, room.top + 2, room.bottom - 2)
    return [
        Line(
            look=look,
            words=words,
            people=counts[-1],
            path=frame.line(list(zip(moments, counts, strict=True))),
            x=frame.x(moments[-1]),
            y=end,
            label=label,
        )
        for (look, words, counts), end, label in zip(drawn, ends, labels, strict=True)
    ]


def _as_of_now(shown: Board, at: datetime) -> Point:
    arrived = sum(count for grade, count in shown.grades.items() if grade >= 2)
    return Point(
        at=at,
        answered=shown.people.answered,
        arrived=arrived,
        handed_over=shown.people.answered + shown.people.reached_only,
        left=shown.deliveries.left,
    )
