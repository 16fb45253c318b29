"""A demo that runs for a test: its terminal, its switches, and what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from denrei.project.demo.controls import Control

SECONDS = 120
#: Seconds that the kernel may take to forget a process that has ended.
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs, in a folder whose path marks all of its processes."""

    process: subprocess.Popen[str]
    folder: Path

    def until(self, words: str) -> str:
        """Wait until it says something on its terminal; return that line."""
        assert self.process.stderr is not None
        said = []
        for line in self.process.stderr:
            said.append(line)
            if words in line:
                return line
        pytest.fail("".join(said))

    def left(self) -> list[str]:
        """Return the processes and files that it left behind, when all have had time to go."""
        deadline = time.monotonic() + _PATIENCE
        while (found := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [*found, *(path.name for path in self.folder.glob("tmp/*"))]

    def _processes(self) -> list[str]:
        mark = os.fsencode(self.folder)
        return [
            (process / "cmdline").read_text("utf-8", "replace").replace("\0", " ")
            for process in Path("/proc").glob("[0-9]*")
            if mark in _of(process, "environ") or mark in _of(process, "cmdline")
        ]


def _of(process: Path, name: str) -> bytes:
    try:
        return (process / name).read_bytes()
    except OSError:
        return b""


@contextmanager
def demo(*arguments: str) -> Iterator[Demo]:
    """Run a demo with a home and a place for temporary files of its own."""
    # A short path: the database's socket must fit into an address.
    with tempfile.TemporaryDirectory(prefix="demo-") as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        process = subprocess.Popen(
            # Whoever runs the tests in the background ignores Ctrl-C, and so would the demo.
            [
                "env",
                "--default-signal=INT,HUP",
                sys.executable,
                "-m",
                "denrei.project",
                "demo",
                *arguments,
            ],
            env={
                "PATH": os.environ["PATH"],
                "HOME": name,
                "TMPDIR": str(folder / "tmp"),
                "PYTHONUTF8": "1",
                # Of an installation that the demo must leave alone.
                "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
                "DENREI_HOME_FILE": "/nowhere",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        running = Demo(process, folder)
        try:
            yield running
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=SECONDS)


def control(running: Demo, name: str, said: dict[str, object]) -> None:
    """Switch something, as the page does."""
    (folder,) = running.folder.glob("tmp/denrei-demo-*")
    Control(folder / name).write(said)


def wait_for(page: Page, words: str) -> None:
    """Look at the page again until it says something."""
    deadline = time.monotonic() + SECONDS
    while words not in page.inner_text("body"):
        assert time.monotonic() < deadline, page.inner_text("body")
        time.sleep(0.2)
        page.reload()
