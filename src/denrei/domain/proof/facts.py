"""What the rows of a file say, kept as small as the checks need it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from denrei.domain.proof.findings import Faults
from denrei.domain.proof.lines import Row
from denrei.domain.proof.rows import Scope


class Attempt(NamedTuple):
    """One try."""

    generation: int
    kind: int
    state: int
    reason: int
    phase: int
    provider_id: str


class Event(NamedTuple):
    """What was told later of a delivery."""

    rank: int
    state: int
    evidence: int
    reason: int
    #: Not folded into the delivery yet.
    open: bool


@dataclass(slots=True)
class Wave:
    """One wave."""

    stage: int
    people: int
    planned: int
    give_up_at: datetime


@dataclass(slots=True)
class Person:
    """One person of the audience."""

    line: int
    grade: int
    #: The latest answer as the audience has it; None: the file doesn't say.
    choice: str | None
    needs_help: bool | None
    #: The best evidence of deliveries and answers.
    implied: int = 0
    #: The first wave with a delivery; 0: none.
    first_wave: int = 0
    #: The latest answer: its id, its choice, whether help is needed; None: there is none.
    latest: tuple[int, str, bool] | None = None


@dataclass(slots=True)
class Delivery:
    """One delivery with all that was tried and told."""

    line: int
    recipient: int
    wave: int
    medium: int
    state: int
    rank: int
    evidence: int
    reason: int
    tries: int
    misses: int
    doubts: int
    shared: bool
    in_work: bool
    updated_at: datetime
    attempts: list[Attempt] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Leaves:
    """The leaves that the file puts into one seal."""

    commitments: list[bytes] = field(default_factory=list)
    first: int | None = None
    last: int | None = None
    #: Those of which the file has the row.
    shown: int = 0


class Seal(NamedTuple):
    """A link of the chain."""

    line: int
    no: int
    horizon: int
    leaves: int
    root: bytes
    hash: bytes


@dataclass(slots=True)
class Gathered:
    """One file."""

    head: Row = field(default_factory=dict)
    end: Row | None = None
    waves: dict[int, Wave] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    #: Response → what its event sealed, and of which delivery; taken out by its response.
    told: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    answers: int = 0
    answered: set[int] = field(default_factory=set)
    #: Recipient, or -wave → reason.
    halts: dict[int, int] = field(default_factory=dict)
    leaves: defaultdict[int, Leaves] = field(default_factory=lambda: defaultdict(Leaves))
    seals: list[Seal] = field(default_factory=list)
    #: Leaves in no seal yet, and events that no seal is for.
    unsealed: int = 0
    unsealable: int = 0
    #: Rows that are no rows of the format, or name what is not there.
    form: Faults = field(default_factory=Faults)
    #: Answers that are not what their event sealed.
    changed: Faults = field(default_factory=Faults)
    #: Leaves that should be in a seal and are not.
    missed: Faults = field(default_factory=Faults)

    @property
    def is_one_person(self) -> bool:
        """Whether the file is restricted to one person."""
        return self.head.get("scope") == Scope.PERSON

    def leaf(self, line: int, row: Row, commitment: bytes) -> None:
        """Put a leaf into its seal, or count it as not sealed."""
        if row["seal"] is None:
            self.unsealed += 1
            if row["xid"] < self.head.get("sealed_before", 0):
                self.missed.add(line, "封印されているはずの記録に、封印の番号がありません")
            return
        leaves = self.leaves[row["seal"]]
        leaves.commitments.append(commitment)
        leaves.shown += 1
        leaves.first = row["xid"] if leaves.first is None else min(leaves.first, row["xid"])
        leaves.last = row["xid"] if leaves.last is None else max(leaves.last, row["xid"])
