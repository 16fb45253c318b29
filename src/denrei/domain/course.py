"""The course of a broadcast over time, as the lines of a chart: lengths of SVG, seconds from the launch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
#: What a chart may span, so that its marks fall on times that can be read.
SPANS = (
    *(minutes * _MINUTE for minutes in (4, 10, 20, 30)),
    *(hours * _HOUR for hours in (1, 2, 4, 8, 12, 24)),
    *(days * _DAY for days in (2, 4, 8, 14)),
)
#: Parts into which marks divide a chart.
PARTS = 4
#: Points of a line: more can't be told apart.
_MOST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where the lines of a chart are drawn, and for what time and how many people."""

    left: float
    right: float
    top: float
    bottom: float
    #: Seconds from the left edge to the right one.
    span: float
    #: People from the lower edge to the upper one.
    most: int

    def x(self, seconds: float) -> float:
        """Return where a moment is."""
        part = min(max(seconds / self.span, 0.0), 1.0)
        return round(self.left + part * (self.right - self.left), 1)

    def y(self, people: float) -> float:
        """Return where a number of people is; at the bottom where there is nobody at all."""
        part = min(max(people / self.most, 0.0), 1.0) if self.most else 0.0
        return round(self.bottom - part * (self.bottom - self.top), 1)

    def line(self, points: Sequence[tuple[float, int]]) -> str:
        """Return the path through (seconds, people), straight from one to the next."""
        return "".join(self._parts(_thinned(points)))

    def _parts(self, points: Sequence[tuple[float, int]]) -> Iterator[str]:
        for number, (seconds, people) in enumerate(points):
            across = "M" if number == 0 else "L"
            yield f"{across}{self.x(seconds)},{self.y(people)}"

    def marks(self) -> list[float]:
        """Return the moments below which a time stands."""
        return [self.span * part / PARTS for part in range(PARTS + 1)]


def span_of(seconds: float) -> float:
    """Return the shortest span that shows a course so long."""
    return next((span for span in SPANS if span >= seconds), seconds)


def apart(places: Sequence[float], least: float, top: float, bottom: float) -> list[float]:
    """Return where labels stand that belong beside these places, none nearer to another than `least`.

    Those in each other's way give way upwards, and downwards where there is no room above.
    """
    found = list(places)
    upwards = sorted(range(len(places)), key=lambda one: -places[one])
    limit = bottom
    for number in upwards:
        found[number] = min(found[number], limit)
        limit = found[number] - least
    limit = top
    for number in reversed(upwards):
        found[number] = max(found[number], limit)
        limit = found[number] + least
    return found


def _thinned(points: Sequence[tuple[float, int]]) -> Sequence[tuple[float, int]]:
    """Leave out points, evenly, but neither the first nor the last."""
    if len(points) <= _MOST:
        return points
    step = (len(points) - 1) / (_MOST - 1)
    return [points[round(number * step)] for number in range(_MOST)]
