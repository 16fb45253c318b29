"""One chunk in the hands of a worker that is played step by step.

What the worker decides comes from the real modules (`verdict`, `recording`, `releasing.halted`,
`numbers`); only the order and the moment of the steps are the machine's.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from denrei.deliveries.dispatch import recording, verdict
from denrei.deliveries.dispatch.held import Held, Result, Waiting
from denrei.deliveries.dispatch.numbers import PAUSE, Numbers
from denrei.deliveries.dispatch.releasing import halted
from denrei.deliveries.lanes import LaneSettings
from tests.deliveries.machine import wire
from tests.deliveries.machine.stage import Stage
from tests.deliveries.machine.wire import Outcome

GATEWAY = 1


@dataclass(slots=True, eq=False)
class Hand:
    """What a worker remembers of one chunk."""

    stage: Stage
    lane: LaneSettings
    held: Held
    numbers: Numbers
    loaded: bool = False
    #: Its own deadline has passed: not one byte more.
    late: bool = False
    #: Past the gate, not yet on the wire.
    passed: deque[Waiting] = field(default_factory=deque)
    #: Taken from the chunk and not recorded.
    unrecorded: set[int] = field(default_factory=set)
    #: The last batch that was recorded.
    recorded: list[Result] = field(default_factory=list)
    #: Deliveries that an attempt showed as taken over when the chunk was loaded.
    known: set[int] = field(default_factory=set)

    @property
    def room(self) -> int:
        """How many rows may be taken."""
        return self.lane.window - len(self.unrecorded)

    @property
    def done(self) -> bool:
        """Nothing is left to do for it."""
        held = self.held
        return self.loaded and not (held.rows or self.passed or held.results or self.unrecorded)

    def load(self, known: set[int]) -> None:
        """Read the rows, after the claim has committed."""
        held = self.held
        loaded = self.stage.run("load", {"chunk": held.id}, held.organization)
        rows = [Waiting(*row) for row in loaded]
        held.left = len(rows)
        held.results = [
            verdict.late_truth(self.lane, row) if row.known else verdict.suppressed(row)
            for row in rows
            if row.known or row.bad
        ]
        held.rows = deque(row for row in rows if not (row.known or row.bad))
        self.unrecorded = {result.id for result in held.results}
        self.known, self.loaded = known, True

    def open(self) -> None:
        """Promise how many may be in doubt; where it is lost, let go."""
        held = self.held
        promise = {"window": self.lane.window, "chunk": held.id, "generation": held.generation}
        held.opened = bool(self.stage.run("open", promise, held.organization))
        if not held.opened:
            self.drop()

    def gate(self, most: int) -> None:
        """Take the next rows within the window; those who are done need nothing more."""
        held = self.held
        rows = [held.rows.popleft() for _ in range(min(most, self.room, len(held.rows)))]
        people = [held.everybody, *(person for row in rows for person in row.people)]
        found = self.stage.run(
            "gate", {"broadcast": held.broadcast, "people": people}, held.organization
        )
        for row in rows:
            self.unrecorded.add(row.id)
            reason = halted(held, row, dict(found))
            if reason is not None:
                held.results.append(verdict.halted(row, reason))
            elif self.lane.sequential and not self.stage.play(
                self.numbers.occupy(row, held.generation)
            ):
                held.results.append(verdict.number_busy(row, PAUSE))
            else:
                self.passed.append(row)

    def hand_over(self, outcome: Outcome) -> Waiting | None:
        """Put the next row on the wire; None where the deadline has passed."""
        if self.late:
            return None
        row = self.passed.popleft()
        error = outcome.value.error
        if error is None:
            told = wire.accepted(row.id, self.held.generation)
            result = verdict.accepted(self.lane, row, told, GATEWAY, 0.1)
        else:
            result = verdict.refused(self.lane, row, error, GATEWAY, 0.1, 0.0)
        self.held.results.append(result)
        return row

    def record(self, most: int) -> None:
        """Record results, any of them first."""
        results = self.held.results
        batch, self.held.results = sorted(results[:most]), results[most:]
        self.recorded = batch
        self.unrecorded -= {result.id for result in batch}
        self._write(batch)

    def record_again(self) -> None:
        """Record the same batch once more, as after a cut connection."""
        self._write(self.recorded)

    def _write(self, batch: list[Result]) -> None:
        mine = self.stage.play(recording.record(self.stage.ledger, self.lane, self.held, batch))
        if self.lane.sequential:
            self.stage.play(self.numbers.vacate(batch, self.held.generation))
        if mine:
            self.late = False
        else:
            self.drop()

    def renew(self) -> None:
        """Keep the lease, or let go at once."""
        held = self.held
        mine = {
            "lease": self.lane.lease,
            "chunks": [held.id],
            "generations": [held.generation],
        }
        if self.stage.run("renew", mine):
            self.late = False
        else:
            self.drop()

    def give_back(self) -> None:
        """End in order: nothing of it is on the wire."""
        held = self.held
        mine = {"chunk": held.id, "generation": held.generation}
        self.stage.run("release", mine, held.organization)

    def drop(self) -> None:
        """Send no more of it; what was on the wire is still recorded."""
        self.held.dropped = True
        self.held.rows.clear()
        self.passed.clear()
        self.unrecorded = {result.id for result in self.held.results}
