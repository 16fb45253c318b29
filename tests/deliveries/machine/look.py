"""Everything that the ledger holds about one broadcast, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg

from denrei.deliveries.statements import statement

READY, LEASED, DONE = 0, 1, 2


class DeliveryRow(NamedTuple):
    """A row of `delivery`, without what never changes anything here."""

    id: int
    recipient: int
    contact: int
    chunk: int | None
    due: bool
    lane: int
    medium: int
    turn: int
    state: int
    rank: int
    evidence: int
    reason: int
    tries: int
    doubts: int
    shared: bool
    address: str

    @property
    def active(self) -> bool:
        """It waits, and something leads to its being sent."""
        return self.state == 0 and (self.chunk is not None or self.due)


class ChunkRow(NamedTuple):
    """A row of `chunk`."""

    id: int
    lane: int
    state: int
    open: int
    generation: int
    in_doubt_max: int
    over: bool


class AttemptRow(NamedTuple):
    """A row of `attempt`; kind 1 is the reaper's."""

    delivery: int
    generation: int
    kind: int
    state: int
    phase: int


class RunRow(NamedTuple):
    """The one row of `run`."""

    stage: int
    people: int
    planned: int
    cursor: int


class PersonRow(NamedTuple):
    """A row of `audience`."""

    id: int
    household: int | None
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The ledger between two statements."""

    run: RunRow
    deliveries: dict[int, DeliveryRow]
    chunks: dict[int, ChunkRow]
    attempts: list[AttemptRow]
    people: dict[int, PersonRow]
    #: Delivery → the others of the household whom it reaches.
    covers: dict[int, set[int]]
    #: Person (or -wave) → reason.
    halts: dict[int, int]
    #: Those of them that no sweep has carried out yet.
    unswept: set[int]
    #: State → deliveries, by the counters.
    tally: dict[int, int]
    #: Grade → people, by the counters.
    grades: dict[int, int]
    #: Keys of events that are not folded yet.
    unfolded: set[bytes]
    #: What the audit would find.
    differences: list[tuple[Any, ...]]

    def leased(self, chunk: int | None) -> bool:
        """Tell whether a worker holds this chunk, or did when it died."""
        return chunk is not None and self.chunks[chunk].state == LEASED

    def waiting_in(self, chunk: int) -> list[int]:
        """Return the deliveries that wait in a chunk, in order."""
        return sorted(
            row.id for row in self.deliveries.values() if row.chunk == chunk and row.state == 0
        )

    def reached_by(self, delivery: int) -> set[int]:
        """Return everybody whom a delivery reaches."""
        return {self.deliveries[delivery].recipient} | self.covers.get(delivery, set())

    def halted(self, delivery: int) -> bool:
        """Tell whether everybody is done whom a delivery reaches, or the wave is stopped."""
        return -1 in self.halts or self.reached_by(delivery) <= self.halts.keys()

    def known_accepted(self) -> set[int]:
        """Return the deliveries that an attempt shows as taken over."""
        return {a.delivery for a in self.attempts if a.kind == 0 and a.state in (1, 2)}


_QUESTIONS = (
    "SELECT stage, people, planned, cursor FROM run WHERE broadcast_id = %(broadcast)s",
    """SELECT id, recipient_id, contact_id, chunk_id, next_at IS NOT NULL, lane, medium, turn, state,
              fold_rank, evidence, reason, tries, doubts, shared, address
         FROM delivery WHERE broadcast_id = %(broadcast)s ORDER BY id""",
    """SELECT id, lane, state, open, generation, in_doubt_max,
              coalesce(lease_until < clock_timestamp(), false)
         FROM chunk WHERE broadcast_id = %(broadcast)s ORDER BY id""",
    """SELECT delivery_id, generation, kind, state, phase
         FROM attempt WHERE broadcast_id = %(broadcast)s ORDER BY delivery_id, generation, kind""",
    """SELECT recipient_id, household_id, grade
         FROM audience WHERE broadcast_id = %(broadcast)s ORDER BY recipient_id""",
    "SELECT delivery_id, recipient_id FROM cover WHERE broadcast_id = %(broadcast)s",
    "SELECT recipient_id, reason, swept FROM halt WHERE broadcast_id = %(broadcast)s",
    "SELECT state, sum(n)::int FROM tally WHERE broadcast_id = %(broadcast)s GROUP BY state",
    "SELECT grade, sum(n)::int FROM people_tally WHERE broadcast_id = %(broadcast)s GROUP BY grade",
    "SELECT event_key FROM event_open",
    *(statement(name) for name in ("check_deliveries", "check_people", "check_chunks")),
)


def look(connection: psycopg.Connection, broadcast: int) -> Look:
    """Read the ledger as the organization that the connection acts for."""
    with connection.pipeline():
        cursors = [connection.execute(text, {"broadcast": broadcast}) for text in _QUESTIONS]
    answers = [cursor.fetchall() for cursor in cursors]
    run, deliveries, chunks, attempts, people, covers, halts, tally, grades, unfolded = answers[:10]
    others: dict[int, set[int]] = {}
    for delivery, person in covers:
        others.setdefault(delivery, set()).add(person)
    return Look(
        run=RunRow(*run[0]),
        deliveries={row[0]: DeliveryRow(*row) for row in deliveries},
        chunks={row[0]: ChunkRow(*row) for row in chunks},
        attempts=[AttemptRow(*row) for row in attempts],
        people={row[0]: PersonRow(*row) for row in people},
        covers=others,
        halts={whom: reason for whom, reason, _ in halts},
        unswept={whom for whom, _, swept in halts if not swept},
        tally=dict(tally),
        grades=dict(grades),
        unfolded={bytes(row[0]) for row in unfolded},
        differences=[row for answer in answers[10:] for row in answer],
    )
