"""The ground of bench and chaos: a fresh embedded PostgreSQL with its durability on, people, a worker."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import psycopg

from denrei.project import embedded, starting
from denrei.project.demo.actors import Actor, acting

#: As in docs/howto/install-on-a-server.md for a small host.
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB"}
#: Seconds between two looks at the board, and when the end is near: each costs some ms of what is measured.
_LOOK_SECONDS, _LAST_LOOK_SECONDS = 0.1, 0.02
#: Of what is to be sent, when the end is near.
_NEAR = 0.05
#: Until a process of a bench must be ready.
_PATIENCE = 60.0
#: Everybody is of one unit and in two groups.
_GROUPED = (
    (
        "INSERT INTO unit (organization_id, code, name, path)"
        " SELECT %(o)s, g, 'U', '' FROM generate_series(1, %(units)s) g"
    ),
    (
        "INSERT INTO contact_group (organization_id, code, name)"
        " SELECT %(o)s, g, 'G' FROM generate_series(1, %(groups)s) g"
    ),
    "UPDATE recipient r SET unit_id = u.id FROM unit u WHERE u.code::int = 1 + r.id %% %(units)s",
    (
        "INSERT INTO group_member (organization_id, group_id, recipient_id)"
        " SELECT %(o)s, g.id, r.id FROM recipient r JOIN contact_group g"
        " ON g.code::int IN (1 + r.id %% 60, 61 + r.id %% 60)"
    ),
)


@dataclass
class Ground:
    """What they stand on; Django is set up."""

    folder: Path
    #: Of the server's first process.
    postgres: int = 0
    organization: Any = None

    def people(self, count: int) -> None:
        """Make an organization with so many people, each with one mail address."""
        from denrei.accounts import organizations

        self.organization = organizations.create(f"ground-{count}-{time.time_ns()}", "計測市")
        self.more(count)

    def more(self, count: int) -> None:
        """Add so many people to the organization."""
        self.do(
            "WITH p AS (INSERT INTO recipient (organization_id, name)"
            " SELECT %(o)s, 'R' || g FROM generate_series(1, %(n)s) g RETURNING id)"
            " INSERT INTO contact (organization_id, recipient_id, medium, address, address_key)"
            " SELECT %(o)s, id, 1, 'u' || id || '@example.jp', 'u' || id || '@example.jp' FROM p",
            n=count,
        )

    def grouped(self, units: int, groups: int) -> None:
        """Place everybody in one of so many units and in two of so many groups (at least 120)."""
        self.do(*_GROUPED, units=units, groups=groups)

    def do(self, *statements: str, **values: Any) -> None:
        """Do something in the tables of the organization, whose id is `%(o)s`."""
        from django.db import connection

        from denrei.accounts import tenancy

        with tenancy.acting_for(self.organization.pk), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, {"o": self.organization.pk, **values})

    def gateway(self, port: int, smtp: Mapping[str, Any] = {}, **lane: Any) -> None:
        """Send the organization's mail to a port of this machine; `smtp`: other settings."""
        from django.conf import settings

        from denrei.channels.smtp import Smtp
        from denrei.deliveries import gateways
        from denrei.deliveries.registering import register

        plain = {
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "sender_address": "bousai@example.jp",
            "return_path_domain": "bounce.example.jp",
            "connections": 20,
        }
        safe = gateways.vault([settings.SECRET_KEY])
        register(self.organization, Smtp(**{**plain, **smtp}), safe, **lane)

    def some(self, count: int) -> tuple[int, ...]:
        """Return so many people."""
        from denrei.accounts import tenancy
        from denrei.directory.models import Recipient

        with tenancy.acting_for(self.organization.pk):
            return tuple(Recipient.objects.order_by("-id").values_list("pk", flat=True)[:count])

    def press(self, urgent: tuple[int, ...] = (), mark: str = "地震発生") -> int:
        """Launch a routine broadcast to everybody, or an evacuation notice to some.

        `mark` is what the mails have as their subject.
        """
        from denrei.deliveries.launch import launch

        return launch(self.organization, self.order(urgent, mark)).broadcast_id

    def order(self, urgent: tuple[int, ...] = (), mark: str = "地震発生", **changes: Any) -> Any:
        """Return the order of `press`, with other fields where `changes` says so."""
        from denrei.audience.selection import Selection
        from denrei.broadcasts.content import Choice, Content, Phrase
        from denrei.broadcasts.models import Priority
        from denrei.deliveries.launch import Order

        content = Content(
            organization="計測市",
            incident=Phrase(ja=mark, en=mark),
            occurred_at=datetime.now(UTC),
            time_zone="Asia/Tokyo",
            place="市内全域",
            situation=Phrase(ja="震度5弱以上を観測"),
            situation_note="市内で停電が発生しています。津波の心配はありません。",
            instruction=Phrase(ja="安否を回答してください"),
            instruction_note="身の安全を最優先に行動し、落ち着いて回答してください。",
            signed="防災危機管理課",
            choices=(Choice(code="1", words=Phrase(ja="無事です")),),
        )
        given: dict[str, Any] = {
            "key": str(time.time_ns()),
            "content": content,
            "selection": Selection(everybody=not urgent, recipients=urgent),
            "priority": Priority.EVACUATION if urgent else Priority.ROUTINE,
            "give_up_at": datetime.now(UTC) + timedelta(days=1),
        }
        return Order(**(given | changes))

    def slice_all(self, broadcast: int) -> None:
        """Write all deliveries of a broadcast, as a worker does."""
        asyncio.run(self._sliced(broadcast))

    async def _sliced(self, broadcast: int) -> None:
        from denrei.deliveries import slicing
        from denrei.deliveries.connection import LedgerConnection

        async with LedgerConnection(os.environ["DATABASE_URL"]) as ledger:
            while await slicing.next_slice(ledger, self.organization.pk, broadcast, 1):
                pass

    def pressed(self, people: int, seconds: float = 600) -> tuple[float, float]:
        """Launch to everybody and wait. Returns deliveries a second, and seconds of the launch."""
        began = time.perf_counter()
        broadcast = self.press()
        pressed = time.perf_counter() - began
        launch = pressed + self.settled(broadcast, seconds)
        return people / (time.perf_counter() - began), launch

    def waiting(self, broadcast: int) -> int:
        """Return how many deliveries of a broadcast wait."""
        from denrei.reports.board import board

        return board(self.organization.pk, broadcast).deliveries.waiting

    def settled(self, broadcast: int, seconds: float = 600) -> float:
        """Wait until every delivery is recorded; both equations must hold at every look.

        Returns the seconds until all deliveries were written (launched).
        """
        from denrei.reports.board import board

        began, launched = time.monotonic(), 0.0
        deadline = began + seconds
        while True:
            look = board(self.organization.pk, broadcast)
            assert look.holds, (look.people.equation(), look.deliveries.equation())
            if not launched and look.words != "準備中":
                launched = time.monotonic() - began
            if look.finished:
                return launched
            assert time.monotonic() < deadline, look.deliveries.equation()
            is_near = launched and look.deliveries.waiting <= _NEAR * look.deliveries.total
            time.sleep(_LAST_LOOK_SECONDS if is_near else _LOOK_SECONDS)


def spent(process: int) -> float:
    """Return the seconds of CPU of a process, its children, and theirs that have ended (proc(5))."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    told = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    ticks = sum(int(figure) for figure in told[11:15])
    return ticks / os.sysconf("SC_CLK_TCK") + sum(_spent_if_there(int(one)) for one in children)


def _spent_if_there(process: int) -> float:
    try:
        return spent(process)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


@contextmanager
def ground(
    role: Literal["app", "worker"] = "app",
    on: Callable[[Path], AbstractContextManager[Any]] = nullcontext,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Ground]:
    """Start everything but the worker; `role`: as whom this process works with the database.

    `on` gives the database's home its disk; `settings` are others of PostgreSQL's than `SETTINGS`.

    Where the environment names a folder as KEPT_GROUND, a migrated database is kept there and copied.
    """
    with tempfile.TemporaryDirectory(prefix="denrei-ground-") as folder, ExitStack() as stack:
        home = Path(folder) / "home"
        home.mkdir()
        stack.enter_context(on(home))
        for name in ("DATABASE_URL", "DENREI_SECRET_KEY"):
            os.environ.pop(name, None)
        kept = os.environ.get("KEPT_GROUND")
        if kept:
            shutil.copytree(_prepared(Path(kept)) / "postgres" / "data", _below(home) / "data")
        os.environ["DENREI_HOME"] = str(home)
        with embedded.running(home, settings={**SETTINGS, **settings}) as cluster:
            if not kept:
                _migrate()
            with starting.ready(role):
                yield Ground(Path(folder), cluster.pid)


def _below(home: Path) -> Path:
    folder = home / "postgres"
    folder.mkdir(mode=0o700)
    return folder


def _prepared(kept: Path) -> Path:
    """Return the folder with a migrated database in it; made by the first who asks."""
    kept.mkdir(exist_ok=True)
    home, made = kept / "home", kept / "made"
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            os.environ["DENREI_HOME"] = str(home)
            with embedded.running(home, settings=SETTINGS):
                _migrate()
            made.touch()
    return home


def _migrate() -> None:
    subprocess.run(
        [sys.executable, "-m", "denrei.project", "migrate"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def worker(where: Ground, name: str = "worker") -> Iterator[Actor]:
    """Run a worker process."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        before = _listening(connection)
        with acting(name, ["denrei.project", "worker"], where.folder) as actor:
            deadline = time.monotonic() + _PATIENCE
            while _listening(connection) <= before:
                actor.check()
                assert time.monotonic() < deadline, "the worker does not listen"
                time.sleep(0.05)
            time.sleep(0.5)  # its first round
            yield actor


@contextmanager
def workers(where: Ground) -> Iterator[int]:
    """Run a worker process for each core, as the manual says; yield how many."""
    with ExitStack() as stack:
        count = os.cpu_count() or 1
        for number in range(count):
            stack.enter_context(worker(where, f"worker-{number}"))
        yield count


def _listening(connection: psycopg.Connection[Any]) -> int:
    """Return how many workers hear the bell."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN denrei%'"
    return int(connection.execute(asked).fetchone()[0])


@contextmanager
def receiver(where: Ground, *arguments: str, name: str = "receiver") -> Iterator[tuple[Actor, int]]:
    """Run a mail server of our own (`bench.receiver`); yield it and its port."""
    with acting(name, ["bench.receiver", *arguments], where.folder) as actor:
        yield actor, int(str(actor.first_line()["port"]))


def database(name: str) -> str:
    """Make another database in the server of this run; return its address."""
    ours = os.environ["DATABASE_URL"]
    with psycopg.connect(ours, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    before, _, after = ours.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{after}"
