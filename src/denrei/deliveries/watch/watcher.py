"""The round of the watch in every worker, beside the janitor: curves and breakdowns.

Broadcasts of the last days are looked at, because answers come long after 連絡終了. Each step is a
transaction of its own with rows skipped that another watcher has: any number of them may run. It
has a connection of its own, so that the janitor never waits for a count.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import psycopg

from denrei.deliveries.connection import LedgerConnection, clock
from denrei.deliveries.watch import counting, curves

_log = logging.getLogger(__name__)

#: Seconds between rounds.
ROUND_SECONDS = 2.0
#: A broadcast is watched for so many days from the beginning of its latest wave.
DAYS = 14
#: A finished broadcast is looked at after this part of its age, at the latest after so many seconds.
_PART, _LATEST = 300, 30.0


class Watched(NamedTuple):
    """A broadcast of the last days, as the statement `watched` gives it."""

    organization: int
    broadcast: int
    #: Seconds since its latest wave began.
    age: float
    unfinished: bool

    @property
    def pause(self) -> float:
        """Seconds until it is looked at again."""
        return 0.0 if self.unfinished else min(self.age / _PART, _LATEST)


@dataclass(slots=True)
class Watcher:
    """Rounds over all broadcasts of the last days on one connection."""

    connection: LedgerConnection
    #: Broadcast → when it is looked at again, by `clock()`.
    _next: Mapping[int, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Go round for ever."""
        while True:
            try:
                await self.round()
            except psycopg.OperationalError as error:
                _log.warning("watch cut short", extra={"why": str(error)})
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Look once at whatever it is time to look at."""
        rows = await self.connection.run("watched", {"days": DAYS})
        for organization, watched in _by_organization(self._due([Watched(*row) for row in rows])):
            await curves.draw(self.connection, organization, [one.broadcast for one in watched])
            due = {one.broadcast: one.unfinished for one in watched}
            await counting.count(self.connection, organization, due)

    def _due(self, watched: Sequence[Watched]) -> list[Watched]:
        now = clock()
        due = [one for one in watched if self._next.get(one.broadcast, now) <= now]
        later = {one.broadcast: now + one.pause for one in due}
        self._next = {
            one.broadcast: later.get(one.broadcast) or self._next[one.broadcast] for one in watched
        }
        return due


def _by_organization(watched: Iterable[Watched]) -> list[tuple[int, list[Watched]]]:
    grouped = groupby(watched, key=lambda one: one.organization)
    return [(organization, list(ones)) for organization, ones in grouped]
