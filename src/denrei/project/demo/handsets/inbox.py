"""The mail servers' log by address: what each got, found without reading all of it again."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from denrei.project.demo import worldlog
from denrei.project.demo.handsets import wire
from denrei.project.demo.handsets.wire import Arrival, Fate
from denrei.project.demo.worldlog import Tail

#: Of one address, and of all, so many of the newest lines are looked at.
_OF_ADDRESS, _OF_ALL = 12, 200
#: Of each fate so many of the newest addresses are remembered.
_OF_FATE = 60


class Inbox:
    """Follows the log; keeps places in it and no texts. Used by any thread."""

    def __init__(self, log: Path, answer_pages: str) -> None:
        self._log = log
        self._answer_pages = answer_pages
        self._tail = Tail(log)
        self._lock = threading.Lock()
        self._places: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_OF_ADDRESS))
        self._newest: deque[int] = deque(maxlen=_OF_ALL)
        self._by_fate: Mapping[Fate, deque[str]] = {each: deque(maxlen=_OF_FATE) for each in Fate}

    def catch_up(self) -> None:
        """Take what was written since the last time."""
        with self._lock:
            while lines := self._tail.placed():
                for place, event in lines:
                    self._take(place, event)

    def _take(self, place: int, event: Mapping[str, object]) -> None:
        address, fate = str(event["rcpt"]), wire.fate(event)
        if fate is Fate.CUT:
            return
        self._newest.append(place)
        self._places[address].append(place)
        self._by_fate[fate].append(address)

    def of(self, address: str) -> list[Arrival]:
        """Return what an address got, the newest first."""
        local, at, domain = address.rpartition("@")
        with self._lock:
            places = tuple(self._places.get(f"{local}{at}{domain.lower()}", ()))
        return self._read(places)

    def newest(self) -> list[Arrival]:
        """Return what happened last to anybody, the newest first."""
        with self._lock:
            places = tuple(self._newest)
        return self._read(places)

    def addresses(self, fate: Fate) -> list[str]:
        """Return whom a fate met last, the newest first, each once."""
        with self._lock:
            return list(dict.fromkeys(reversed(self._by_fate[fate])))

    def _read(self, places: tuple[int, ...]) -> list[Arrival]:
        found = worldlog.at(self._log, reversed(places)) if places else []
        return [wire.arrival(event, self._answer_pages) for event in found]


@cache
def inbox(log: Path, answer_pages: str) -> Inbox:
    """Return the one inbox of this process for a log."""
    return Inbox(log, answer_pages)
