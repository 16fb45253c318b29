"""Rolling upgrade: the release before goes on sending while the schema moves on under it, and may come back.

The release before is the state of this repository before the newest migration of the ledger.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from denrei.project.demo import worldlog
from denrei.project.demo.actors import free_port
from denrei.project.demo.rules import Rule
from tests.deliveries.mailservers import MailServers
from tests.project.commands import environment

ROOT = Path(__file__).resolve().parents[2]
_LEDGER = "src/denrei/deliveries/migrations"
_PEOPLE = 120
#: Seconds for each mail: a blast lasts long enough for both releases to take part.
_SLOW = Rule(match="*", seconds=0.05)
_PATIENCE = 120.0
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    " AND relname <> 'django_migrations'"
)
_LETTER = """
key = "{key}"
incident = "地震発生"
situation = "震度5弱以上を観測"
instruction = "安否を回答してください"
sender = "防災危機管理課"
[audience]
everybody = true
"""


def git(*words: str) -> bytes:
    """Return what git says; b"" where it can't, or there is no git."""
    try:
        done = subprocess.run(["git", "-C", ROOT, *words], capture_output=True, check=False)
    except FileNotFoundError:
        return b""
    return done.stdout if not done.returncode else b""


@dataclass(frozen=True, slots=True)
class Release:
    """One state of the code, as commands that act on one installation."""

    given: dict[str, str]
    folder: Path

    def command(self, *words: object) -> list[str]:
        """Return how a command is called."""
        return [sys.executable, "-m", "denrei.project", *map(str, words)]

    def run(self, *words: object) -> str:
        """Run a command to its end; return what it says."""
        done = subprocess.run(
            self.command(*words),
            env=self.given,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.returncode, (words, done.stdout, done.stderr)
        return done.stdout

    @contextmanager
    def process(self, *words: object, **more: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command that stays; end it in order."""
        with subprocess.Popen(
            self.command(*words),
            env={**self.given, **more},
            cwd="/",
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
                assert process.poll() is None, process.stderr and process.stderr.read()
            finally:
                process.terminate()
                process.communicate(timeout=30)

    def send(self, key: str) -> None:
        """Send to everybody."""
        path = self.folder / "letter.toml"
        path.write_text(_LETTER.format(key=key), encoding="utf-8")
        self.run("broadcast", "send", path, "--organization", "mycity", "--yes")


@pytest.fixture
def database(worker_id: str) -> Iterator[str]:
    """Give an empty database of its own."""
    name = f"denrei_upgrade_{worker_id}"
    admin = make_conninfo(os.environ["DATABASE_URL"], dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        server.execute(f"CREATE DATABASE {name}".encode())
        yield make_conninfo(admin, dbname=name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def releases(database: str, tmp_path: Path) -> tuple[Release, Release]:
    """Return the release before and ours."""
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", _LEDGER).decode().strip()
    archive = git("archive", f"{newest}^", "src") if newest else b""
    if not archive:
        pytest.skip("needs the history of the repository: no commit before the newest migration")
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(tmp_path / "before", filter="data")
    given = environment(DATABASE_URL=database, DENREI_HOME=str(tmp_path / "home"))
    source = str(tmp_path / "before" / "src")
    return Release({**given, "PYTHONPATH": source}, tmp_path), Release(given, tmp_path)


@dataclass(frozen=True, slots=True)
class Installation:
    """What both releases serve."""

    database: str
    servers: MailServers
    log: Path

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Ask in plain SQL, past row-level security."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def until(self, query: str, expected: object) -> None:
        """Wait until a question has its answer."""
        deadline = time.monotonic() + _PATIENCE
        while (found := self.ask(query)[0][0]) != expected:
            assert time.monotonic() < deadline, (query, found)
            time.sleep(0.1)

    def listening(self, workers: int) -> None:
        """Wait until so many workers hear the bell."""
        self.until(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query = 'LISTEN denrei_bell'",
            workers,
        )

    def finished(self, broadcasts: int) -> None:
        """Wait until so many broadcasts have ended."""
        self.until("SELECT count(*) FROM run WHERE stage = 2", broadcasts)

    def page(self) -> str:
        """Return the path of a person's page, from a mail."""
        event = next(e for e in worldlog.events(self.log) if e["event"] == "accepted" and e["urls"])
        return "/r/" + str(event["urls"][0]).partition("/r/")[2]  # type: ignore[index]


def set_up(release: Release, installation: Installation) -> None:
    """Make an organization, a small lane and people by the commands of a release."""
    release.run("migrate")
    release.run("organization", "add", "mycity", "--name", "わたしの市", "--preset", "city")
    values = {
        "host": "127.0.0.1",
        "port": installation.servers.port,
        "security": "none",
        "sender_address": "bousai@denrei.example",
        "connections": 2,
    }
    words = [word for name, value in values.items() for word in ("--set", f"{name}={value}")]
    release.run("gateway", "add", "smtp", "--organization", "mycity", *words)
    people = release.folder / "people.csv"
    rows = [f"{n},人{n},p{n}@city.example" for n in range(_PEOPLE)]
    people.write_text("\n".join(["利用者コード,氏名,メールアドレス1", *rows]), encoding="utf-8")
    release.run("people", "import", people, "--organization", "mycity", "--yes")
    installation.ask('UPDATE lane SET chunk_size = 10, "window" = 10')


def migrate_beside_a_slow_reader(release: Release, installation: Installation) -> None:
    """Migrate while somebody reads every table, until a try was in vain or none was."""
    tables = ", ".join(str(name) for (name,) in installation.ask(_TABLES))
    with psycopg.connect(installation.database) as reader:
        reader.execute(f"LOCK TABLE {tables} IN ACCESS SHARE MODE".encode())
        process = subprocess.Popen(
            release.command("migrate"), env=release.given, stderr=subprocess.PIPE, text=True
        )
        said: list[str] = []
        drain = threading.Thread(target=lambda: said.extend(process.stderr or ()))
        drain.start()
        while process.poll() is None and not said:
            time.sleep(0.1)
        reader.rollback()
    code = process.wait(timeout=_PATIENCE)
    drain.join()
    assert process.stderr is not None
    process.stderr.close()
    assert code == 0, "".join(said)


def opens(port: int, path: str) -> int:
    """Return the status of a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return int(answer.status)


def wait_for_port(port: int) -> None:
    """Wait until a web server answers."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            opens(port, "/static/denrei.css")
        except urllib.error.HTTPError:
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


@pytest.mark.spec("ALL-9", "ALL-1")
def test_the_release_before_sends_on_while_the_schema_moves_and_both_share_a_blast(
    releases: tuple[Release, Release], database: str, tmp_path: Path
) -> None:
    old, new = releases
    free_ports = free_port(), free_port()
    log = tmp_path / "mail.log"
    installation = Installation(database, MailServers(log), log)
    set_up(old, installation)
    before = installation.ask("SELECT count(*) FROM django_migrations")

    with ExitStack() as stack:
        stack.enter_context(installation.servers.listening([_SLOW]))
        stack.enter_context(old.process("serve", DENREI_LISTEN=f"127.0.0.1:{free_ports[0]}"))
        wait_for_port(free_ports[0])
        with old.process("worker") as worker:
            installation.listening(1)
            # so slowly that it lasts for as long as a migration may take; then as fast as it goes
            installation.ask("UPDATE gateway SET rate = 0.5")
            old.send("before")
            installation.until("SELECT count(*) > 2 FROM attempt", True)
            migrate_beside_a_slow_reader(new, installation)
            in_the_middle = installation.ask("SELECT count(*) FROM run WHERE stage < 2")
            installation.ask("UPDATE gateway SET rate = 1000")
            installation.finished(1)
            with new.process("worker") as newcomer:
                installation.listening(2)
                new.send("both")
                installation.finished(2)
                workers = {worker.pid, newcomer.pid}
        stack.enter_context(new.process("serve", DENREI_LISTEN=f"127.0.0.1:{free_ports[1]}"))
        wait_for_port(free_ports[1])
        pages = [opens(port, installation.page()) for port in free_ports]
        installation.listening(0)
        with old.process("worker"):  # the way back
            installation.listening(1)
            old.send("back")
            installation.finished(3)

    assert before < installation.ask("SELECT count(*) FROM django_migrations")
    assert in_the_middle == [(1,)]
    shared = installation.ask("SELECT DISTINCT claimed_by FROM chunk WHERE broadcast_id = 2")
    assert {str(pid) for pid in workers} == {str(name).rpartition("-")[2] for (name,) in shared}
    assert [200, 200] == pages
    messages = installation.servers.messages()
    assert (_PEOPLE, {3}) == (len(messages), {len(ids) for ids in messages.values()})
    assert [(0,)] == installation.ask("SELECT sum(doubts)::int FROM delivery")
