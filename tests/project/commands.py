"""The command `denrei` as an operator runs it: a process of its own on the test's database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass

SECONDS = 60


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


def denrei(*arguments: object, **variables: str) -> Said:
    """Run a command to its end; `variables` are added to the environment."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DENREI_")},
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "DENREI_SECRET_KEY": "k" * 40,
        "PYTHONUTF8": "1",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-m", "denrei.project", *(str(argument) for argument in arguments)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )
    return Said(done.returncode, done.stdout, done.stderr.strip())


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
