"""A row of the table of faults: what it found, and whether that is good enough."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scale:
    """How large: the long form is run by hand, the short one at each test run.

    The short one tells times and does not judge them: a busy machine is no fault of what is tested.
    """

    short: bool = False

    def pick(self, long: T, short: T) -> T:
        """Return the figure of this scale."""
        return short if self.short else long


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one row. `target` says in words what `passed` asks for."""

    number: int
    name: str
    figure: dict[str, Any]
    target: str
    passed: bool
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))

    def line(self) -> dict[str, Any]:
        """Return the row as it is printed."""
        return {
            "row": self.number,
            "name": self.name,
            "figure": self.figure,
            "target": self.target,
            "pass": self.passed,
            "load": self.load,
        }
