"""The processes of the demo: started, waited for, and ended by us, in order."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

#: Seconds that a process gets to end by itself.
_FAREWELL = 20.0
#: Seconds until a server must answer.
_PATIENCE = 30.0


class ActorError(Exception):
    """A process of the demo did not start, or ended; the message ends with what it said last."""


class Actor:
    """One process; what it says on standard error goes to a file."""

    def __init__(
        self, name: str, arguments: list[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self._said = folder / f"{name}.log"
        with self._said.open("wb") as log:
            # A session of its own: Ctrl-C of the terminal comes to us first, we end them in order.
            self.process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **environment},
                start_new_session=True,
                text=True,
            )

    def first_line(self) -> dict[str, object]:
        """Return the JSON line that it prints when it is ready."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise self.error("起動できません")
        found: dict[str, object] = json.loads(line)
        return found

    def check(self) -> None:
        """Raise ActorError where it has ended by itself."""
        if self.process.poll() is not None:
            raise self.error("途中で終了しました")

    def finish(self, seconds: float) -> None:
        """Wait until it has done its work. ActorError: it failed, or took too long."""
        try:
            self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise self.error("終わりません") from None
        if self.process.returncode:
            raise self.error("失敗しました")

    def error(self, words: str) -> ActorError:
        """Return an error with what it said last."""
        last = self._said.read_text(encoding="utf-8", errors="replace")[-1500:]
        return ActorError(f"{self.name} が{words}。\n{last}")

    def end(self) -> None:
        """End it by SIGTERM; by SIGKILL where it doesn't listen, or somebody presses Ctrl-C again."""
        self.process.terminate()
        try:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_FAREWELL)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()


@contextmanager
def acting(
    name: str, arguments: list[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Actor]:
    """Run a process for the time of the context."""
    actor = Actor(name, arguments, folder, environment or {})
    try:
        yield actor
    finally:
        actor.end()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_until_served(actor: Actor, url: str) -> None:
    """Wait until a web server answers anything at all."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        actor.check()
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - our own http address
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise actor.error("応答しません")
