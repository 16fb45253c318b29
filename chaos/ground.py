"""What every row stands on: people, the sink, workers that may be killed, a watch, and the judgement."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import psycopg

from chaos import checker
from chaos.row import Row
from chaos.watch import Watch
from denrei.project.demo.actors import Actor, acting
from tools import ground
from tools.ground import Ground

T = TypeVar("T")

#: Seconds; short, so that a row need not wait half a minute after each fault. A row without a fault that
#: a lease would answer takes a lane's own: on a crowded machine a process may stand still for a while.
LEASE, OWN_LEASE = 3.0, 30.0
#: Seconds that a process gets to start on a busy machine.
_PATIENCE = 60.0
#: What every row asks for.
_SOUND = (
    *("lost", "unlisted", "strangers", "unlike"),
    *("broken_looks", "recount", "unfinished", "ended_by_themselves"),
)


@dataclass
class Scene:
    """A system under fire."""

    ground: Ground
    stack: ExitStack
    log: Path
    meant: Path
    listed: Path
    watch: Watch
    #: What each broadcast's mails have as their subject.
    marks: dict[int, str] = field(default_factory=dict)
    crew: list[Actor] = field(default_factory=list)
    _started: int = 0

    # Processes.

    def worker(self, environment: Mapping[str, str] | None = None) -> Actor:
        """Start a worker; it listens some seconds later."""
        self._started += 1
        name, words = f"worker-{self._started}", ["denrei.project", "worker"]
        actor = self.stack.enter_context(acting(name, words, self.ground.folder, environment))
        self.stack.callback(actor.process.kill)  # before its orderly end: that would take seconds
        self.crew.append(actor)
        return actor

    def workers(self, count: int) -> None:
        """Start so many workers, and return when all of the crew listen."""
        for _ in range(count):
            self.worker()
        self.ready()

    def ready(self) -> None:
        """Wait until every worker hears the bell."""
        wait_for(self._all_listen, "workers listen")

    def _all_listen(self) -> bool:
        for actor in self.crew:
            actor.check()
        query = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN denrei_bell'"
        return int(ask(query)[0][0]) >= len(self.crew)

    def promised(self, actor: Actor) -> int:
        """Return how many rows of what a worker holds may be on the wire, by its own promise."""
        return int(
            ask(
                "SELECT coalesce(sum(least(in_doubt_max, open)), 0) FROM chunk"
                " WHERE state = 1 AND lease_until > clock_timestamp() AND claimed_by LIKE %s",
                (f"%-{actor.process.pid}",),
            )[0][0]
        )

    def held(self, actor: Actor) -> list[int]:
        """Return the chunks that a worker has leased."""
        query = "SELECT id FROM chunk WHERE state = 1 AND claimed_by LIKE %s"
        return [chunk for (chunk,) in ask(query, (f"%-{actor.process.pid}",))]

    def accepted(self) -> int:
        """Return how many deliveries are recorded as handed over."""
        return int(ask("SELECT coalesce(sum(n), 0) FROM tally WHERE state = 1")[0][0])

    def kill(self, actor: Actor) -> None:
        """Kill a process with -9; it is dead on return."""
        actor.process.kill()
        actor.process.wait()
        if actor in self.crew:
            self.crew.remove(actor)

    # Broadcasts.

    def mean(self, mark: str, recipients: Iterable[int] = ()) -> None:
        """Write down who is owed a message, from the address book: everybody, or these."""
        chosen = list(recipients)
        rows = ask(
            "SELECT address FROM contact WHERE organization_id = %s"
            " AND (%s OR recipient_id = ANY(%s))",
            (self.ground.organization.pk, not chosen, chosen),
        )
        _append(self.meant, ({"mark": mark, "rcpt": address} for (address,) in rows))

    def press(self, mark: str = "all") -> int:
        """Write down who is meant, launch to everybody, and follow it."""
        self.mean(mark)
        broadcast = self.ground.press(mark=mark)
        self.follow(broadcast, mark)
        return broadcast

    def blast(self) -> int:
        """Return a broadcast to everybody that is under way: the newest, or one more."""
        newest = max(self.marks, default=0)
        if newest and not self.watch.finished(newest):
            return newest
        return self.press(f"blast-{len(self.marks) + 1}")

    def settled(self, seconds: float) -> bool:
        """Wait until every broadcast has ended; False where it takes longer."""
        deadline = time.monotonic() + seconds
        return all(self.watch.wait(one, deadline - time.monotonic()) for one in self.marks)

    def follow(self, broadcast: int, mark: str) -> None:
        """Watch and later judge a broadcast."""
        self.marks[broadcast] = mark
        self.watch.follow(broadcast)

    def received(self) -> int:
        """Return how many messages the sink has logged."""
        if not self.log.exists():
            return 0
        with self.log.open("rb") as file:
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))

    def wait_received(self, count: int, seconds: float = 120.0) -> bool:
        """Wait until the sink has so many; False where it takes longer."""
        deadline = time.monotonic() + seconds
        while self.received() < count:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    # The judgement.

    def figure(self, **more: Any) -> dict[str, Any]:
        """Return what the sink, the watch and the recount say of all broadcasts."""
        from django.db import connections

        from denrei.deliveries.recount import recount

        connections.close_all()
        for broadcast, mark in self.marks.items():
            self._list_doubts(broadcast, mark)
        organization = self.ground.organization.pk
        differences = [each for one in self.marks for each in recount(organization, one)]
        return {
            **asdict(checker.judge(self.log, self.meant, self.listed)),
            "unfinished": sum(1 for one in self.marks if not self.watch.finished(one)),
            "looks": self.watch.looks,
            "broken_looks": len(self.watch.broken),
            "recount": len(differences),
            "ended_by_themselves": sum(1 for one in self.crew if one.process.poll() is not None),
            **more,
        }

    def _list_doubts(self, broadcast: int, mark: str) -> None:
        """Write down whom the console shows as 二重送信の可能性, by the question its lists ask."""
        from denrei.accounts import tenancy
        from denrei.directory.models import Contact
        from denrei.reports.people import People, Wish

        organization = self.ground.organization.pk
        with tenancy.acting_for(organization):
            people, after, shown = People(broadcast, Wish()), None, []
            while piece := people.page(after, 5000):
                after = piece[-1].place
                shown += [one.id for one in piece if any(s.in_doubt for s in one.sent)]
            found = Contact.objects.filter(recipient_id__in=shown).values_list("address", flat=True)
            _append(self.listed, [{"mark": mark, "rcpt": address} for address in found])


def ask(query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ask the database in plain SQL, as its owner and past denrei's code."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(query.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


def patiently(asked: Callable[[], T], seconds: float = _PATIENCE) -> T:
    """Ask until the database answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return asked()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _append(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def wait_for(true: Any, what: str, seconds: float = _PATIENCE) -> float:
    """Wait until a question is answered with yes; return the seconds. AssertionError: never."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() < began + seconds, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


def verdict(number: int, name: str, target: str, figure: dict[str, Any], *more: bool) -> Row:
    """Return the row: passed where nothing was lost or broken, and all of `more` is true."""
    passed = figure["looks"] > 0 and not any(figure[key] for key in _SOUND) and all(more)
    return Row(number=number, name=name, figure=figure, target=target, passed=passed)


@contextmanager
def scene(
    people: int,
    *,
    delay: float = 0.0,
    connections: int = 20,
    on: Callable[[Path], AbstractContextManager[Any]] = nullcontext,
    settings: Mapping[str, str] = MappingProxyType({}),
    **lane: Any,
) -> Iterator[Scene]:
    """Give people, a sink that answers each mail after `delay` seconds, and a lane to it.

    `lane` are settings of the lane; the lease is `LEASE` where none is given. `on` gives the database its disk,
    `settings` are some of PostgreSQL's.
    """
    with ground.ground("worker", on, settings) as where, ExitStack() as stack:
        where.people(people)
        log = where.folder / "sink.jsonl"
        words = ["chaos.sink", "--log", str(log), "--delay", str(delay)]
        port = int(
            str(stack.enter_context(acting("sink", words, where.folder)).first_line()["port"])
        )
        where.gateway(port, {"connections": connections}, **{"lease_seconds": LEASE, **lane})
        watch = Watch(where.organization.pk)
        watch.start()
        stack.callback(watch.stop)
        yield Scene(
            ground=where,
            stack=stack,
            log=log,
            meant=where.folder / "meant.jsonl",
            listed=where.folder / "listed.jsonl",
            watch=watch,
        )
