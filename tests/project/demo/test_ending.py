"""A signal ends the demo in order, with the exit code that it chooses."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: A signal that comes while Python runs source text, as an import of dataclasses does.
ENDED_BY = """
import os, signal, sys
from denrei.project.demo import ending
signal.signal(signal.{name}, signal.{before})
ending.unwind_on_signals()
try:
    exec("os.kill(os.getpid(), signal.{name}); [None for _ in range(10**5)]")
    print("ignored")
except BaseException as error:
    print(type(error).__name__)
"""


def ended_by(name: str, before: str = "SIG_DFL") -> tuple[int, str]:
    """Return exit code and words of a process that a signal interrupts and that takes it calmly."""
    done = subprocess.run(
        [sys.executable, "-c", ENDED_BY.format(name=name, before=before)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.returncode, done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("SIGINT", "Interrupted"), ("SIGTERM", "SystemExit"), ("SIGHUP", "SystemExit")],
)
def test_a_signal_is_an_exception_and_not_the_end(name: str, expected: str) -> None:
    assert (0, expected) == ended_by(name)


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_what_the_caller_lets_be_ignored_stays_ignored(name: str) -> None:
    assert (0, "ignored") == ended_by(name, "SIG_IGN")
