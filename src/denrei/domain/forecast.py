"""How long a broadcast takes until so many people were handed a message (NEW-6).

It assumes that each medium works through its contacts at an even rate from the moment it begins,
in no order that favours anybody, and that nothing fails or stops: hand-over, not answers. A person
counts by the first medium that can reach him. Times in seconds from the launch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from denrei.domain.states import Medium

#: The shares of the audience that a forecast names.
SHARES = (50, 80, 95)
#: Ringing, guidance and a key pressed, on average; lines are busy so long.
CALL_SECONDS = 40.0
#: Messages a second where a gateway has no rate by contract.
USUAL_RATES: Mapping[Medium, float] = {Medium.MAIL: 50.0, Medium.SMS: 10.0, Medium.APP: 200.0}


class Source(StrEnum):
    """Where a rate comes from."""

    #: The gateway's rate, as its settings say.
    CONTRACT = "contract"
    #: The number of lines, each busy for CALL_SECONDS.
    LINES = "lines"
    #: USUAL_RATES: nobody said.
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast one medium hands over."""

    #: Messages or calls a second, above 0.
    per_second: float
    source: Source
    #: Of calls; 0 elsewhere.
    lines: int = 0
    #: How often each contact is called while nobody answers; 1 elsewhere.
    rounds: int = 1

    @property
    def per_minute(self) -> int:
        """Messages or calls a minute, as an operator reads it."""
        return max(1, round(self.per_second * 60))


def calling(lines: int, rounds: int) -> Speed:
    """Return how fast so many lines call."""
    return Speed(
        per_second=lines / CALL_SECONDS, source=Source.LINES, lines=lines, rounds=max(1, rounds)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What one medium of a broadcast has to do."""

    medium: Medium
    speed: Speed
    #: Messages; of calls those of one round.
    contacts: int
    #: People whom no earlier medium reaches.
    people: int
    #: It begins so long after the launch.
    after_seconds: float = 0.0

    @property
    def ends(self) -> float:
        """When each contact was tried once."""
        return self.after_seconds + self.contacts / self.speed.per_second

    def handed_over(self, seconds: float) -> float:
        """Return how many of its people were handed a message by then."""
        if seconds >= self.ends:
            return float(self.people)
        passed = max(0.0, seconds - self.after_seconds)
        return self.people * passed / (self.ends - self.after_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """When a share of the audience was handed a message."""

    #: Per cent.
    share: int
    people: int
    #: None: too many can't be reached at all.
    seconds: float | None


def marks(flows: Sequence[Flow], people: int) -> tuple[Mark, ...]:
    """Return the marks of SHARES for an audience of so many people."""
    return tuple(_mark(flows, share, math.ceil(people * share / 100)) for share in SHARES)


def _mark(flows: Sequence[Flow], share: int, wanted: int) -> Mark:
    reachable = sum(flow.people for flow in flows)
    seconds = _moment(flows, wanted) if 0 < wanted <= reachable else None
    return Mark(share=share, people=wanted, seconds=seconds)


def _moment(flows: Sequence[Flow], wanted: int) -> float:
    """Return when so many were handed over, which is linear between beginnings and ends."""
    edges = sorted({edge for flow in flows for edge in (flow.after_seconds, flow.ends)})
    for start, end in pairwise(edges):
        before, after = (sum(flow.handed_over(edge) for flow in flows) for edge in (start, end))
        if after >= wanted:
            return start + (end - start) * max(0.0, wanted - before) / (after - before)
    return edges[-1]
