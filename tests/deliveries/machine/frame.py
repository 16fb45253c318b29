"""Who may change a delivery: every statement's own rows, and not one other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from tests.deliveries.machine.look import LEASED, DeliveryRow, Look

_WAITING, _CANCELLED, _EXPIRED, _SUPPRESSED, _UNKNOWN = 0, 5, 6, 7, 9


class Who(Enum):
    """Kinds of statements by what they may do."""

    #: Slices, claim, load, open, gate, renew, halt, events: nothing of a delivery that is there.
    NOBODY = auto()
    #: Record: what waits in the chunk that it leased with its generation.
    OWNER = auto()
    #: Reap: what waits in a chunk whose lease is over.
    REAPER = auto()
    #: Sweep, stop: what waits and nobody holds.
    SWEEPER = auto()
    CUTTER = auto()
    FOLDER = auto()
    #: An operator vouches for an address.
    RELEASER = auto()
    #: A whole round: all of these but the owner.
    JANITOR = auto()


@dataclass(frozen=True, slots=True)
class Deed:
    """One step of the machine."""

    who: Who
    chunk: int = 0
    generation: int = 0


class Change(NamedTuple):
    """One delivery before and after a deed, and the ledger before it."""

    before: DeliveryRow
    after: DeliveryRow
    look: Look
    deed: Deed


def _owner(change: Change) -> bool:
    chunk = change.look.chunks.get(change.deed.chunk)
    return (
        chunk is not None
        and change.before.chunk == chunk.id
        and change.before.state == _WAITING
        and (chunk.state, chunk.generation) == (LEASED, change.deed.generation)
    )


def _reaper(change: Change) -> bool:
    before = change.before
    return (
        before.state == _WAITING
        and change.look.leased(before.chunk)
        and change.look.chunks[before.chunk or 0].over
        and change.after.state in (_WAITING, _UNKNOWN)
        and change.after.doubts == before.doubts + 1
    )


def _sweeper(change: Change) -> bool:
    return (
        change.before.state == _WAITING
        and not change.look.leased(change.before.chunk)
        and change.after.state in (_CANCELLED, _EXPIRED)
    )


def _cutter(change: Change) -> bool:
    before, after = change.before, change.after
    return before.due and after == before._replace(chunk=after.chunk, due=False)


def _turner(change: Change) -> bool:
    """The next contact of a person gets its time when the one before it ended."""
    before, after = change.before, change.after
    held = before.state == _WAITING and not before.active
    return held and after == before._replace(due=True)


def _folder(change: Change) -> bool:
    return _WAITING not in {change.before.state, change.after.state}


def _releaser(change: Change) -> bool:
    return change.before.state == _SUPPRESSED and change.after.state == _WAITING


_MAY: Mapping[Who, tuple[Callable[[Change], bool], ...]] = {
    Who.NOBODY: (),
    Who.OWNER: (_owner, _turner),
    Who.REAPER: (_reaper, _turner),
    Who.SWEEPER: (_sweeper, _turner),
    Who.CUTTER: (_cutter,),
    Who.FOLDER: (_folder,),
    Who.RELEASER: (_releaser, _turner),
}


def trespasses(before: Look, after: Look, deed: Deed) -> list[Change]:
    """Return the changes that a deed had no right to.

    A janitor's round is several statements, so rows may go several of its ways at once: all but
    those that a worker holds within its lease.
    """
    assert before.deliveries.keys() <= after.deliveries.keys(), "a delivery is gone"
    changes = [
        Change(row, after.deliveries[row.id], before, deed)
        for row in before.deliveries.values()
        if after.deliveries[row.id] != row
    ]
    if deed.who is Who.JANITOR:
        return [change for change in changes if _in_flight(change)]
    return [change for change in changes if not any(may(change) for may in _MAY[deed.who])]


def _in_flight(change: Change) -> bool:
    chunk = change.before.chunk
    held = change.before.state == _WAITING and change.look.leased(chunk)
    return held and not change.look.chunks[chunk or 0].over
