"""Whether the people of the demo answer by themselves at this moment, and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from denrei.project.demo.controls import Control

#: How many seconds of a real drill pass in one, by the word of the page's button.
SPEEDS: Mapping[str, float] = {"slow": 5.0, "usual": 30.0, "fast": 200.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The people's clock: it stands, or runs so many times faster than ours."""

    on: bool = True
    #: 60: a minute passes in a second.
    speed: float

    @property
    def rate(self) -> float:
        """Seconds of theirs that pass in one of ours."""
        return self.speed if self.on else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return what the control file says."""
        return {"on": self.on, "speed": self.speed}


def read(control: Control | None, default: float) -> Pace:
    """Return the pace that a control file asks for; without one they answer at `default`."""
    said = control.read() if control is not None else {}
    return Pace(on=bool(said.get("on", True)), speed=float(said.get("speed", default)))
