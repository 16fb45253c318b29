"""What a bench is: rows with a name and a goal, and one function that measures them.

A bench is a module of this package with a constant `BENCH`; `found` finds them, so a new one needs no
list. It runs in a process of its own (Django is set up once, for one database) and yields readings, one
for each row and round. `summed` makes a line of each row: medians of the rounds, the ratio to what was
measured beside it, and whether the goal is reached.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import bench

#: Digits that a figure is said with.
_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A limit of the ratio where a row stands beside something, else of the value."""

    least: float | None = None
    most: float | None = None
    #: Below this the figure is not only missed but a fault; None: the goal itself.
    floor: float | None = None

    def reached(self, figure: float) -> bool:
        """Tell whether a figure fulfils it."""
        if self.least is not None and figure < self.least:
            return False
        return self.most is None or figure <= self.most

    def __str__(self) -> str:
        sign, limit = ("≥", self.least) if self.least is not None else ("≤", self.most)
        return f"{sign} {limit:g}" + (f", floor {self.floor:g}" if self.floor is not None else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    #: What is measured; unique in its bench.
    name: str
    #: Of the value: "/s", "s", "ms", "MB", "us".
    unit: str
    #: What the value is divided by to give the ratio; "": it stands alone.
    against: str = ""
    goal: Goal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is measured."""

    #: A quick look: it shows that a bench works, its figures are none.
    is_quick: bool = False
    rounds: int = 3

    def of(self, whole: int, quick: int) -> int:
        """Return an amount for this scale."""
        return quick if self.is_quick else whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One row in one round."""

    row: str
    value: float
    #: What was measured beside it in the same round; None where the row stands alone.
    beside: float | None = None
    people: int
    #: Further figures for the line of JSON, medians of which are taken too.
    more: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Rows that are measured together."""

    name: str
    rows: tuple[Row, ...]
    measure: Callable[[Scale], Iterator[Reading]]
    #: Seconds after which it is cut off, so that an unattended run ends.
    patience: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as it is printed: medians of its rounds."""

    bench: str
    row: Row
    values: tuple[float, ...] = ()
    besides: tuple[float, ...] = ()
    people: int = 0
    more: Mapping[str, float] = field(default_factory=dict)
    load: float = 0.0
    #: Why there is no figure.
    error: str = ""

    @property
    def ratios(self) -> tuple[float, ...]:
        """What each round gave beside its peer; () where the row stands alone."""
        return tuple(
            value / beside for value, beside in zip(self.values, self.besides, strict=False)
        )

    @property
    def figure(self) -> float:
        """What the goal is held against."""
        return statistics.median(self.ratios or self.values)

    @property
    def passes(self) -> bool | None:
        """Tell whether the goal is reached; None where there is none."""
        if self.row.goal is None:
            return False if self.error else None
        return not self.error and self.row.goal.reached(self.figure)

    def said(self) -> dict[str, object]:
        """Return it for `json.dumps`."""
        said: dict[str, object] = {"bench": self.bench, "row": self.row.name}
        if self.error:
            return {**said, "goal": _goal(self.row), "pass": False, "error": self.error}
        said |= {
            "people": self.people,
            "value": rounded(statistics.median(self.values)),
            "unit": self.row.unit,
            "range": [rounded(min(self.values)), rounded(max(self.values))],
            "against": self.row.against or None,
            "beside": rounded(statistics.median(self.besides)) if self.besides else None,
            "ratio": rounded(self.figure) if self.ratios else None,
            "ratio_range": [rounded(limit(self.ratios)) for limit in (min, max) if self.ratios],
            "goal": _goal(self.row),
            "pass": self.passes,
            "rounds": len(self.values),
            "load": self.load,
        }
        return said | {name: rounded(value) for name, value in self.more.items()}


def _goal(row: Row) -> str | None:
    return None if row.goal is None else str(row.goal)


def rounded(value: float) -> float:
    """Return a figure with three digits that count, whole where it is large."""
    return round(value) if abs(value) >= 100 else float(f"{value:.{_DIGITS}g}")


def found() -> dict[str, Bench]:
    """Return the benches of this package by name; each module that has `BENCH` is one."""
    modules = [
        importlib.import_module(f"bench.{module.name}")
        for module in pkgutil.iter_modules(bench.__path__)
        if module.name != "__main__"
    ]
    benches = [module.BENCH for module in modules if hasattr(module, "BENCH")]
    return {one.name: one for one in sorted(benches, key=lambda one: one.name)}


def summed(one: Bench, readings: Iterable[Reading]) -> list[Line]:
    """Return a line for each row of a bench; one that was not read says so."""
    read = list(readings)
    load = round(os.getloadavg()[0], 1)
    return [_line(one, row, [one for one in read if one.row == row.name], load) for row in one.rows]


def _line(one: Bench, row: Row, readings: list[Reading], load: float) -> Line:
    if not readings:
        return Line(bench=one.name, row=row, error="not measured")
    return Line(
        bench=one.name,
        row=row,
        values=tuple(reading.value for reading in readings),
        besides=tuple(one.beside for one in readings if one.beside is not None),
        people=readings[-1].people,
        more={
            name: statistics.median(reading.more[name] for reading in readings)
            for name in readings[0].more
        },
        load=load,
    )
