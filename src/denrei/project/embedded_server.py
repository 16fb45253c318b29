"""One postmaster: starting it as a direct child, taking over a left one, stopping it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from denrei.project.embedded_data import OWNER
from denrei.project.embedded_errors import LINES_TOLD, EmbeddedError, explained
from denrei.project.embedded_user import Runner
from denrei.project.failure import FULL

#: Replaying the WAL after a crash may take minutes on a slow disk.
START_SECONDS = 300
PAUSE_SECONDS = 0.02

#: Signals that stop a postmaster (fast, immediate, at any price), the seconds each is given.
_STOP = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))

#: Last words of a server that found a dying one's rest in its way: starting again helps.
_PASSING = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')
_PASSING_SECONDS = 10

#: Above this the log of earlier starts goes to `log.1`.
_LOG_BYTES = 16 * 2**20
_TAIL_BYTES = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What postmaster.pid says of a server (PostgreSQL, src/include/utils/pidfile.h)."""

    pid: int
    port: int
    #: "" until it listens.
    socket_dir: str

    def conninfo(self, dbname: str, user: str) -> str:
        """Return the libpq connection string."""
        return make_conninfo(host=self.socket_dir, port=self.port, dbname=dbname, user=user)

    def answers(self, dbname: str) -> bool:
        """Tell whether the server takes a connection to the database now."""
        if not self.socket_dir:
            return False
        try:
            psycopg.connect(self.conninfo(dbname, OWNER), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A postmaster that is ours to stop."""

    pid: int
    #: True once it is gone, and reaped where it was our child.
    ended: Callable[[], bool]

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end; False where it outlives the seconds."""
        deadline = time.monotonic() + seconds
        while not self.ended():
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        return True


def recorded(data: Path) -> Record | None:
    """Return what the folder says of its server, which may be long dead; None: nothing legible."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
        return Record(pid=int(lines[0]), port=int(lines[3]), socket_dir=lines[4])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def serves(pid: int, data: Path) -> bool:
    """Tell whether the process lives and is the server of this data, not the number's next user."""
    if not Path("/proc/self/cmdline").exists():
        return _is_alive(pid)
    try:
        # Legible whosever the process is; empty for a zombie.
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return Path(os.fsdecode(words[words.index(b"-D") + 1])).samefile(data)
    except (OSError, ValueError):
        return False


def serve(
    data: Path, command: Sequence[str | Path], runner: Runner, mine: Callable[[Server], object]
) -> None:
    """Return when a server answers on the data: one left behind, or a new child.

    Only for the holder of the lock. `mine` is told of each process at once, so that it gets
    stopped whatever comes. Raises EmbeddedError with the end of the log where the server dies.
    """
    passing_until = time.monotonic() + _PASSING_SECONDS
    while not _adopted(data, mine):
        last_words = _started(data, command, runner, mine)
        if last_words is None:
            return
        passing = any(words in last_words for words in _PASSING)
        if not passing or time.monotonic() > passing_until:
            raise explained("組み込みの PostgreSQL を起動できません。", last_words)
        time.sleep(PAUSE_SECONDS)


def stop(server: Server) -> None:
    """Stop the server and reap it; a second Ctrl-C meanwhile goes on to the next harder way."""
    _stop(server, _STOP)


def _stop(server: Server, ways: Sequence[tuple[signal.Signals, float]]) -> None:
    try:
        if not server.ended():
            os.kill(server.pid, ways[0][0])
            server.ends_within(ways[0][1])
    finally:
        if ways[1:] and not server.ended():
            _stop(server, ways[1:])


def _adopted(data: Path, mine: Callable[[Server], object]) -> bool:
    """Take over a server that a killed process left, or clear away the record of a dead one."""
    deadline = time.monotonic() + START_SECONDS
    while record := recorded(data):
        alive = serves(record.pid, data)
        if record.answers("postgres"):
            mine(Server(pid=record.pid, ended=partial(_is_gone, record.pid, data)))
            return True
        if not alive:
            break
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"前回から動いている PostgreSQL（プロセス {record.pid}）が応答しません。"
                f"kill -QUIT {record.pid} で終了させてから、もう一度起動してください。"
            )
        time.sleep(PAUSE_SECONDS)
    _clear_away(data)
    return False


def _clear_away(data: Path) -> None:
    """Remove what a dead server left: its record, and the lock of its socket.

    PostgreSQL would take a zombie, or whoever has the number now, for that server, and stop at
    the empty file that a power cut leaves. Shared memory still guards against a live one.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)
    for left in data.with_name("socket").glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _started(
    data: Path, command: Sequence[str | Path], runner: Runner, mine: Callable[[Server], object]
) -> str | None:
    """Start a child and wait until it answers: None, or its last words where it died."""
    log = data.with_name("log")
    descriptor = _opened(log)
    runner.take(log)
    try:
        before = os.fstat(descriptor).st_size
        process = runner.start(*command, log=descriptor)
    finally:
        os.close(descriptor)
    server = Server(pid=process.pid, ended=partial(_is_reaped, process))
    mine(server)
    deadline = time.monotonic() + START_SECONDS
    while not server.ended():
        record = recorded(data)
        if record and record.pid == server.pid and record.answers("postgres"):
            return None
        if time.monotonic() > deadline:
            raise explained("組み込みの PostgreSQL が応答しません。", _tail(log, before))
        time.sleep(PAUSE_SECONDS)
    return _tail(log, before)


def _is_reaped(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


def _is_gone(pid: int, data: Path) -> bool:
    return not serves(pid, data)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _opened(log: Path) -> int:
    """Open the log for appending; no link is followed, the folder may be another user's."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_name("log.1"))
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)


def _tail(log: Path, start: int) -> str:
    """Return the last lines since then, and the system's word where the disk may have had no room for them."""
    with log.open("rb") as file:
        file.seek(max(start, log.stat().st_size - _TAIL_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    if not shutil.disk_usage(log.parent).free:
        lines.append(FULL)
    return "\n".join(lines[-LINES_TOLD:])
