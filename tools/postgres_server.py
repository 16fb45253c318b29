"""A PostgreSQL server of an installation's own: TCP, scram passwords, durability on, made as the manual says.

The programs are those of the embedded one. What docs/howto/use-your-own-postgresql.md tells an
administrator to type is read from it and typed.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from denrei.project import embedded
from denrei.project.embedded_user import Runner, runner_for
from tools import inside

ROOT = Path(__file__).resolve().parent.parent
MANUAL = ROOT / "docs" / "howto" / "use-your-own-postgresql.md"
PORT, PASSWORD = 5432, "kagi-no-kakaru-tobira"  # invented
#: Seconds for the server to answer.
_PATIENCE = 60.0


def typed(after: str) -> str:
    """Return the first block that follows some words in the manual, `…` being the password."""
    rest = MANUAL.read_text(encoding="utf-8").split(after, 1)[1]
    found = re.search(r"^( *)```\w*\n(.*?)^\1```", rest, re.DOTALL | re.MULTILINE)
    assert found is not None, after
    return found[2].replace("…", PASSWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server that listens at an address of TCP; administrators come by its socket."""

    folder: Path
    address: str
    runner: Runner
    programs: Path

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / "data"

    def administrator(self, dbname: str = "denrei") -> str:
        """Return the address for its superuser, who is past row-level security."""
        return f"postgresql://postgres@/{dbname}?host={self.folder}&port={PORT}"

    def url(self) -> str:
        """Return what the manual says to set as DATABASE_URL, for this server, which has no certificate."""
        line = re.search(r"DATABASE_URL='([^']*)'", typed("アドレスと鍵を設定します"))
        assert line is not None
        address = line[1].replace("db.example.jp", self.address)
        return address.replace("sslmode=verify-full", "sslmode=disable")

    def make_database(self) -> None:
        """Make owner and database by the very words of the manual."""
        words = typed("所有者とデータベースを作ります")
        with psycopg.connect(self.administrator("postgres"), autocommit=True) as connection:
            for statement in filter(None, map(str.strip, words.split(";"))):
                connection.execute(statement.encode())

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Ask in plain SQL as its superuser."""
        with psycopg.connect(self.administrator("postgres"), autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def start(self, host: str, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start it on a host (a network namespace; "": here) and return when it answers."""
        options = {"listen_addresses": self.address, "port": str(PORT), **settings}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = [self.programs / "postgres", "-D", self.data, "-k", self.folder, *words]
        prepare = (inside.enter, (host,)) if host else (None, ())
        with (
            (self.folder.parent / f"{self.folder.name}.log").open("ab") as log,
            ThreadPoolExecutor(1, initializer=prepare[0], initargs=prepare[1]) as there,
        ):
            process = there.submit(self.runner.start, *command, log=log.fileno()).result()
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
        return process

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.administrator("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGINT) -> None:
    """Stop a server: SIGINT in order, SIGQUIT as a crash would."""
    if process.poll() is None:
        process.send_signal(how)
        process.wait(_PATIENCE)


def laid_out(folder: Path, address: str, network: str) -> PostgresServer:
    """Initialise a server for the clients of a network; nothing runs yet."""
    folder.mkdir(mode=0o700)
    programs = embedded.binaries()
    runner = runner_for(folder, (folder.parent, programs / "postgres"))
    server = PostgresServer(folder=folder, address=address, runner=runner, programs=programs)
    made = runner.run(
        *(programs / "initdb", "-D", server.data, "-U", "postgres"),
        *("--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"),
    )
    assert not made.returncode, made.stderr
    with (server.data / "pg_hba.conf").open("a", encoding="ascii") as file:
        file.write(f"host denrei denrei {network} scram-sha-256\n")
    return server


@contextmanager
def serving(
    folder: Path, *, host: str, address: str, network: str, settings: Mapping[str, str]
) -> Iterator[PostgresServer]:
    """Run a new server for the time of the context."""
    server = laid_out(folder, address, network)
    process = server.start(host, settings)
    try:
        yield server
    finally:
        end(process)
