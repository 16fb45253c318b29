"""What the laws look at: the ledger before and after a deed, the wire, and what was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from denrei.deliveries.fold import Event
from denrei.domain.folding import Folded
from denrei.domain.states import Evidence, State
from tests.deliveries.machine.frame import Deed
from tests.deliveries.machine.look import DeliveryRow, Look
from tests.deliveries.machine.wire import Wire


class Settled(NamedTuple):
    """Where a delivery stands, and why."""

    folded: Folded
    reason: int


@dataclass(slots=True)
class Scene:
    """Everything that the laws look at."""

    before: Look
    now: Look
    deed: Deed
    wire: Wire
    #: Something happened that allows a duplicate.
    faults: bool = False
    #: Delivery → where it stood when it left WAITING.
    settled: dict[int, Settled] = field(default_factory=dict)
    #: Delivery → what was told of it later, by key.
    told: dict[int, dict[bytes, Event]] = field(default_factory=dict)

    def step(self, now: Look, deed: Deed) -> None:
        """Move on to what the ledger says after one more deed."""
        self.before, self.now, self.deed = self.now, now, deed
        for row in now.deliveries.values():
            if row.state == State.WAITING:
                self.settled.pop(row.id, None)
            else:
                self.settled.setdefault(row.id, standing(row))


def standing(row: DeliveryRow) -> Settled:
    """Return where a delivery stands."""
    folded = Folded(rank=row.rank, state=State(row.state), evidence=Evidence(row.evidence))
    return Settled(folded, row.reason)
