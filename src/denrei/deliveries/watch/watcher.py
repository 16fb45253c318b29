"""The round of the watch in every worker, beside the janitor: curves, breakdowns, alarms.

Broadcasts of the last days are looked at, because answers come long after 連絡終了. Each step is a
transaction of its own with rows skipped that another watcher has: any number of them may run. It
has a connection of its own, so that the janitor never waits for a count.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import psycopg

from denrei.deliveries.connection import LedgerConnection, clock
from denrei.deliveries.watch import alarms, counting, curves

_log = logging.getLogger(__name__)

#: Seconds between rounds.
ROUND_SECONDS = 2.0
#: Seconds between looks for alarms in organizations that have no broadcast of the last days.
QUIET_SECONDS = 30.0
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
    #: Told of organizations where an alarm began or ended.
    wake: Callable[[int], None]
    #: Broadcast → when it is looked at again, by `clock()`.
    _next: Mapping[int, float] = field(default_factory=dict)
    #: When all organizations are looked at again.
    _all_at: float = 0.0

    async def run(self) -> None:
        """Go round for ever. Whatever goes wrong here, sending goes on."""
        while True:
            try:
                await self.round()
            except psycopg.OperationalError as error:
                _log.warning("watch cut short", extra={"why": str(error)})
            except psycopg.Error:
                _log.exception("watch failed")
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Look once at whatever it is time to look at."""
        found = [Watched(*row) for row in await self.connection.run("watched", {"days": DAYS})]
        for organization, watched in _by_organization(self._due(found)):
            await self._look(organization, watched)
        for organization in await self._organizations(found):
            if await alarms.look(self.connection, organization):
                self.wake(organization)

    async def _look(self, organization: int, watched: Sequence[Watched]) -> None:
        unfinished = [one.broadcast for one in watched if one.unfinished]
        if unfinished:
            asked = {"broadcasts": unfinished}
            await self.connection.run("motion", asked, organization=organization)
        await curves.draw(self.connection, organization, [one.broadcast for one in watched])
        due = {one.broadcast: one.unfinished for one in watched}
        await counting.count(self.connection, organization, due)

    async def _organizations(self, watched: Sequence[Watched]) -> list[int]:
        """Return whose alarms are looked at now: at times everybody's."""
        if clock() < self._all_at:
            return sorted({one.organization for one in watched})
        self._all_at = clock() + QUIET_SECONDS
        return [row[0] for row in await self.connection.run("organizations", {})]

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
