"""A server as tests see it: entered by another process, asked, and gone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from denrei.project.embedded import Cluster

SECONDS = 20

ANOTHER_PROCESS = """
import sys
from pathlib import Path
from denrei.project.embedded import running, unwind_on_sigterm
unwind_on_sigterm()
with running(Path(sys.argv[1])) as cluster:
    print(int(cluster.owned), cluster.pid, flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another process inside its context; `leave` ends its input, upon which it leaves."""

    process: subprocess.Popen[str]
    owned: bool
    pid: int

    def leave(self) -> int:
        """Let it leave its context; return its exit code."""
        self.process.communicate(timeout=SECONDS)
        return self.process.returncode


@contextmanager
def begun(home: Path, python: Sequence[str] = (sys.executable,)) -> Iterator[Other]:
    """Give another process that has entered `running(home)`."""
    with starting(home, python) as process:
        yield entered(process)


@contextmanager
def starting(
    home: Path, python: Sequence[str] = (sys.executable,)
) -> Iterator[subprocess.Popen[str]]:
    """Give another process on its way into `running(home)`."""
    process = subprocess.Popen(
        [*python, "-c", ANOTHER_PROCESS, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=SECONDS)


def entered(process: subprocess.Popen[str]) -> Other:
    """Wait until a process is inside its context."""
    assert process.stdout is not None
    owned, pid = process.stdout.readline().split()
    return Other(process=process, owned=owned == "1", pid=int(pid))


def change(cluster: Cluster, statement: str) -> None:
    """Run a statement that has no rows to show."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        connection.execute(statement)


def ask(cluster: Cluster, question: str) -> object:
    """Return the first value of the first row."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended; a zombie that its parent has yet to reap counts."""
    try:
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return True
