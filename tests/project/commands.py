"""The command `denrei` as an operator runs it: a process of its own on the test's database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

#: A bound for what hangs; a busy machine takes a minute for the migrations.
SECONDS = 180
#: The secret of the test's installation.
KEY = "k" * 40


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    error: str

    @property
    def lines(self) -> list[str]:
        """Return the lines of standard output."""
        return self.out.splitlines()


def environment(**variables: str) -> dict[str, str]:
    """Return what a command of the test's installation finds set."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DENREI_")}
    return {**ours, "DENREI_SECRET_KEY": KEY, "PYTHONUTF8": "1", **variables}


def command(*arguments: object) -> list[str]:
    """Return how a command is called."""
    return [sys.executable, "-m", "denrei.project", *(str(argument) for argument in arguments)]


def denrei(*arguments: object, typed: str = "", **variables: str) -> Said:
    """Run a command to its end; it reads `typed`; `variables` are added to the environment."""
    done = subprocess.run(
        command(*arguments),
        env=environment(**variables),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=SECONDS,
        input=typed,
    )
    return Said(done.returncode, done.stdout, done.stderr.strip())


@contextmanager
def running(*arguments: object, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command that goes on until it is ended; afterwards it has ended by itself at SIGTERM."""
    process = subprocess.Popen(
        command(*arguments),
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        yield process
        process.terminate()
        said, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, said
    finally:
        if process.poll() is None:
            _put_down(process)
        if process.stdout is not None:
            process.stdout.close()


def _put_down(process: subprocess.Popen[str]) -> None:
    """End a process after a failure: in order first, so that its own children do not outlive it."""
    process.terminate()
    try:
        process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
