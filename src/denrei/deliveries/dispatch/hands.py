"""What one lane of one worker holds at this moment, shared by its loops."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from denrei.deliveries.dispatch.held import Held, Result, Waiting
from denrei.deliveries.dispatch.letters import Letter


class Released(NamedTuple):
    """A row that may go out, with the chunk that owns it and what it says."""

    held: Held
    row: Waiting
    letter: Letter


@dataclass(slots=True, eq=False)
class Hands:
    """Chunks, released rows, counts, and the bells by which the loops wake each other."""

    #: Chunks that are mine, the most urgent first.
    chunks: list[Held] = field(default_factory=list)
    #: Chunks that still owe a record; those that were lost too.
    owing: set[Held] = field(default_factory=set)
    #: Released rows that wait for a free place in the channel.
    work: deque[Released] = field(default_factory=deque)
    #: In the channel.
    in_flight: int = 0
    #: Released, or decided without a send, and not recorded: never above the lane's window.
    unrecorded: int = 0
    closing: bool = False
    #: There may be something to claim.
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    #: There may be something to release.
    room: asyncio.Event = field(default_factory=asyncio.Event)
    #: There is something to record.
    flush: asyncio.Event = field(default_factory=asyncio.Event)
    #: A lease may be over.
    late: asyncio.Event = field(default_factory=asyncio.Event)
    #: No gateway can be used.
    pause: asyncio.Event = field(default_factory=asyncio.Event)

    def take_up(self, held: Held) -> None:
        """Hold a chunk that was just claimed."""
        self.chunks.append(held)
        self.chunks.sort(key=lambda chunk: (chunk.priority, chunk.generation))
        self.owing.add(held)
        self.room.set()

    def waiting(self) -> int:
        """Return how many rows are held and not in the channel."""
        return sum(len(held.rows) for held in self.chunks) + len(self.work)

    def release(self, released: Released) -> None:
        """Put a row in line for the channel."""
        self.work.append(released)
        self.unrecorded += 1
        released.held.flying += 1

    def decide(self, held: Held, result: Result) -> None:
        """Note what becomes of a row that is not sent.

        Until it is recorded it counts as released: the reaper looks for those in doubt among the
        first `window` rows that wait, and this one is still among them.
        """
        held.came_to(result)
        held.flying += 1
        self.unrecorded += 1
        self.flush.set()

    def owes(self, held: Held, window: int) -> bool:
        """Tell whether a chunk's results are many enough to be recorded now.

        A record costs as much as 60 rows of it do, so more are awaited: up to half a window, or a tenth of
        one where the channel runs dry before something is recorded.
        """
        runs_dry = self.unrecorded >= window and len(self.work) <= self.in_flight // 4
        share = 10 if runs_dry else 2
        return len(held.results) >= min(held.left, max(1, window // share))

    def put_back(self, released: Released) -> None:
        """Nothing of it was sent: first in line again. It still counts as released."""
        if released.held.dropped:
            self.forget(released.held)
        else:
            self.work.appendleft(released)

    def forget(self, held: Held) -> None:
        """Withdraw a released row of which nothing was sent."""
        self.unrecorded -= 1
        held.flying -= 1

    def withdraw(self, held: Held) -> None:
        """Withdraw all released rows of a chunk that are not in the channel."""
        mine = [released for released in self.work if released.held is held]
        for released in mine:
            self.work.remove(released)
            self.forget(held)

    def drop(self, held: Held) -> None:
        """Let go of a chunk: send no more of it; what is on the wire is still recorded."""
        held.dropped = True
        held.rows.clear()
        self.withdraw(held)
        if held in self.chunks:
            self.chunks.remove(held)
        self.bell.set()
        self.room.set()
