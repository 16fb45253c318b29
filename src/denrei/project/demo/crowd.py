"""The people who answer: they follow the mail servers' log, open their pages and choose, by HTTP."""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from denrei.project.demo import pace as paces
from denrei.project.demo import tempers
from denrei.project.demo.browser import VisitError
from denrei.project.demo.controls import Control
from denrei.project.demo.tempers import Curve
from denrei.project.demo.visits import Purpose, Seen, Visit, Visitors
from denrei.project.demo.worldlog import Tail, WorldLog

_TRIES = 4
#: Seconds of simulated time until a failed visit is tried again, and the least of real time.
_AGAIN, _AGAIN_AT_LEAST = 10.0, 0.5
_POLL_SECONDS = 0.05


@dataclass(slots=True, kw_only=True)
class Stats:
    """Counts so far."""

    #: Mails with an address to open.
    mails: int = 0
    #: Pages read by people, with or without an answer.
    opened: int = 0
    #: People who answered, each once.
    answered: int = 0
    #: People who changed their answer.
    changed: int = 0
    #: Mails whose address a scanner fetched.
    scanned: int = 0
    #: Visits that failed, each try.
    errors: int = 0
    #: Visits given up after several tries.
    gave_up: int = 0
    #: Visits to come, or under way.
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Home:
    """One mail: what all visits because of it have in common."""

    url: str
    seed: str
    #: When it was handed over, by the people's clock.
    since: float


class Crowd:
    """Plans visits by the curve and has threads pay them; one thread of its own does the rest.

    All is planned by the people's clock, which runs at the pace and stands while they are told not
    to answer.
    """

    def __init__(
        self,
        log: Path,
        *,
        seed: int,
        curve: Curve,
        speed: float,
        visitors: Visitors,
        answers: Path | None = None,
        pick: str = "",
        control: Control | None = None,
    ) -> None:
        """Follow `log`; open the first address of each mail that contains `pick`.

        `answers` gets each answer that the server took, and is read for those that somebody gave
        by hand: nobody else opens those mails any more. `control` may change the pace, whose speed
        is `speed` at first.
        """
        self.stats = Stats()
        self._tail = Tail(log)
        self._seed = seed
        self._curve = curve
        self._speed = speed
        self._control = control
        self._played = Tail(answers) if answers else None
        #: Seconds of the people's clock, and when it was read last by ours.
        self._clock, self._read_at = 0.0, time.monotonic()
        self._visitors = visitors
        self._answers = WorldLog(answers) if answers else None
        self._pick = pick
        self._mails: Counter[str] = Counter()
        self._known: set[str] = set()
        self._left_alone: set[str] = set()
        self._asked: set[str] = set()
        self._plan: list[tuple[float, int, Visit, _Home]] = []
        self._order = itertools.count()
        self._under_way = 0
        self._done: queue.SimpleQueue[tuple[Visit, _Home, Future[Seen]]] = queue.SimpleQueue()

    def close(self) -> None:
        """Close the record of answers."""
        if self._answers is not None:
            self._answers.close()

    def run(
        self,
        stop: threading.Event,
        *,
        threads: int = 8,
        until_quiet: float | None = None,
        tell: Callable[[Stats], None] | None = None,
        tell_every: float = 1.0,
    ) -> None:
        """Go on until `stop`, or until nothing has happened for `until_quiet` seconds."""
        told = busy = time.monotonic()
        with ThreadPoolExecutor(threads) as pool:
            while not stop.wait(_POLL_SECONDS):
                now = time.monotonic()
                moved = self.step(now, pool)
                busy = now if moved or self.stats.waiting else busy
                if until_quiet is not None and now - busy >= until_quiet:
                    break
                if tell is not None and now - told >= tell_every:
                    told = now
                    tell(self.stats)
            pool.shutdown(cancel_futures=True)
        self._collect()
        self.stats.waiting = len(self._plan)
        if tell is not None:
            tell(self.stats)

    def step(self, now: float, pool: ThreadPoolExecutor) -> bool:
        """Read what came, take what was done, start what is due; tell whether anything moved."""
        self._pass_time(now)
        moved = self._read() + self._collect()
        while self._plan and self._plan[0][0] <= self._clock:
            _, _, visit, home = heapq.heappop(self._plan)
            if home.url not in self._left_alone:
                self._under_way += 1
                self._start(pool, visit, home)
        self.stats.waiting = len(self._plan) + self._under_way
        return moved > 0

    def _pass_time(self, now: float) -> None:
        """Let the people's clock run on to `now`, seconds of our monotonic one."""
        pace = paces.read(self._control, self._speed)
        self._speed = pace.speed
        self._clock += pace.rate * (now - self._read_at)
        self._read_at = now

    def _read(self) -> int:
        for event in self._played.read() if self._played is not None else ():
            urls = event.get("played", ())
            assert isinstance(urls, list | tuple)
            self._left_alone.update(urls)
        events = self._tail.read()
        for event in events:
            if event["event"] == "accepted" and not event.get("hidden"):
                self._receive(event)
        return len(events)

    def _receive(self, event: Mapping[str, object]) -> None:
        """Plan what comes of one mail; a second copy of it changes nothing."""
        urls = event["urls"]
        assert isinstance(urls, list)
        url = next((url for url in urls if self._pick in url), None)
        if url is None or url in self._known:
            return
        self._known.add(url)
        self.stats.mails += 1
        address = str(event["rcpt"])
        self._mails[address] += 1
        seed = f"{self._seed}/{address}/{self._mails[address]}"
        home = _Home(url=url, seed=seed, since=self._clock)
        self._expect(home, 0, "")
        scan = tempers.scan(random.Random(f"{seed}/scan"), self._curve)
        if scan is not None:
            self._add(self._clock + scan, _visit(home, Purpose.SCAN), home)

    def _expect(self, home: _Home, place: int, person: str) -> None:
        """Plan what one person of a page does."""
        rng = random.Random(f"{home.seed}/{place}")
        temper = tempers.temper(rng, self._curve)
        if temper.opens is None:
            return
        purpose = Purpose.ANSWER if temper.answers else Purpose.PEEK
        visit = _visit(home, purpose, person, place, changes=temper.changes)
        self._add(home.since + temper.opens, visit, home)

    def _add(self, at: float, visit: Visit, home: _Home) -> None:
        heapq.heappush(self._plan, (at, next(self._order), visit, home))

    def _start(self, pool: ThreadPoolExecutor, visit: Visit, home: _Home) -> None:
        future = pool.submit(self._visitors.pay, visit)
        future.add_done_callback(lambda done: self._done.put((visit, home, done)))

    def _collect(self) -> int:
        count = 0
        while not self._done.empty():
            visit, home, future = self._done.get()
            self._under_way -= 1
            count += 1
            if not future.cancelled():
                self._learn(visit, home, future)
        return count

    def _learn(self, visit: Visit, home: _Home, future: Future[Seen]) -> None:
        error = future.exception()
        if isinstance(error, VisitError):
            self._failed(visit, home)
            return
        seen = future.result()
        if visit.purpose is Purpose.SCAN:
            self.stats.scanned += 1
            return
        self.stats.opened += 1
        self._meet(home, seen)
        if seen.choice is not None:
            self._count(visit, home, seen)

    def _failed(self, visit: Visit, home: _Home) -> None:
        self.stats.errors += 1
        if visit.tries + 1 >= _TRIES:
            self.stats.gave_up += 1
            return
        pause = max(_AGAIN_AT_LEAST * self._speed, _AGAIN)
        self._add(self._clock + pause, dataclasses.replace(visit, tries=visit.tries + 1), home)

    def _meet(self, home: _Home, seen: Seen) -> None:
        """Plan for the others of a household, of whom only the page tells."""
        if len(seen.persons) > 1 and home.url not in self._asked:
            for place, person in enumerate(seen.persons[1:], 1):
                self._expect(home, place, person)
        self._asked.add(home.url)

    def _count(self, visit: Visit, home: _Home, seen: Seen) -> None:
        if visit.purpose is Purpose.CHANGE:
            self.stats.changed += 1
        else:
            self.stats.answered += 1
            if visit.changes is not None:
                again = dataclasses.replace(
                    visit,
                    purpose=Purpose.CHANGE,
                    person=seen.person,
                    before=seen.choice,
                    tries=0,
                )
                self._add(home.since + visit.changes, again, home)
        if self._answers is not None:
            self._answers.note(
                "answered",
                at=round(time.time(), 6),
                url=home.url,
                person=seen.person,
                choice=seen.choice,
                purpose=visit.purpose,
            )
            self._answers.flush()


def _visit(
    home: _Home,
    purpose: Purpose,
    person: str = "",
    place: int = 0,
    changes: float | None = None,
) -> Visit:
    return Visit(
        url=home.url,
        purpose=purpose,
        seed=f"{home.seed}/{place}/choice",
        person=person,
        changes=changes,
    )
