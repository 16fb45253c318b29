"""A chunk in a worker's hands, and what its rows came to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from denrei.deliveries.connection import clock
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Phase, State


class Waiting(NamedTuple):
    """One delivery of a chunk, as LOAD gives it."""

    id: int
    recipient: int
    address: str
    language: str
    tries: int
    #: Attempts that used up no try.
    misses: int
    shared: bool
    #: The others whom a shared address reaches.
    others: list[int] | None
    #: Handed over under an older generation, recorded late.
    known: bool
    #: Its address was suppressed since the launch.
    bad: bool = False

    @property
    def people(self) -> list[int]:
        """Everybody whom this delivery reaches."""
        return [self.recipient, *(self.others or ())]


class Result(NamedTuple):
    """What one attempt came to, as RECORD takes it."""

    id: int
    state: State
    reason: Reason = Reason.NONE
    phase: Phase = Phase.UNSENT
    fold_rank: int = 0
    evidence: Evidence = Evidence.NONE
    #: 1 where it uses up a try.
    counted: int = 0
    #: Seconds until the next try; None: none, or held until its turn.
    delay: float | None = None
    took_ms: int | None = None
    gateway: int | None = None
    lane: int | None = None
    provider_id: str = ""
    reply: str = ""


@dataclass(slots=True, eq=False)
class Held:
    """A leased chunk: rows not yet released, results not yet recorded, and until when it is mine."""

    organization: int
    id: int
    broadcast: int
    wave: int
    generation: int
    priority: int
    #: On the boot-time clock; half the lease, so that a pause shorter than that costs nothing.
    deadline: float
    rows: deque[Waiting] = field(default_factory=deque)
    results: list[Result] = field(default_factory=list)
    #: On the boot-time clock: when the first of these results came.
    oldest: float = inf
    #: Released or decided, and without a record.
    flying: int = 0
    #: ... of them those with a result.
    landed: int = 0
    #: Without a record.
    left: int = 0
    #: The promise of how many may be in doubt stands on its row.
    opened: bool = False
    #: Not mine any more: nothing of it is sent; what was on the wire is still recorded.
    dropped: bool = False

    def came_to(self, result: Result) -> None:
        """Note what a row came to, until it is recorded."""
        if not self.results:
            self.oldest = clock()
        self.results.append(result)
        self.landed += 1

    def alive(self) -> bool:
        """Tell whether a byte may still be written for it."""
        return not self.dropped and clock() < self.deadline

    @property
    def everybody(self) -> int:
        """The recipient id that stands for all people of the wave in `halt`."""
        return -self.wave
