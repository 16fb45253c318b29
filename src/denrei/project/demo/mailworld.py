"""The mail servers of the invented world in one: accepts, refuses, delays and drops by address.

In process: `async with MailWorld(rules, log) as world: world.port`. By itself:
`python -m denrei.project.demo.mailworld --port 0 --log FILE [--rules FILE]` prints `{"port": …}`
when it listens and ends on SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType

from denrei.project.demo import rules as rulebooks
from denrei.project.demo.rules import Rule, RuleBook
from denrei.project.demo.smtpsession import Session, Shared
from denrei.project.demo.worldlog import WorldLog

_SIZE = 10 * 1024 * 1024


class MailWorld:
    """A listening server; `log` is appended to, `port` 0 takes a free one."""

    def __init__(
        self,
        rules: Iterable[Rule],
        log: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        size: int = _SIZE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.host = host
        self.port = port
        self._book = RuleBook(rules)
        self._path = log
        self._size = size
        self._clock = clock

    async def __aenter__(self) -> MailWorld:
        log = WorldLog(self._path)
        self._shared = Shared(book=self._book, log=log, clock=self._clock, size=self._size)
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                lambda: Session(self._shared), self.host, self.port, backlog=1024
            )
        except OSError:
            log.close()
            raise
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.close()
        sessions = list(self._shared.sessions)
        for session in sessions:
            session.abort()
        await asyncio.gather(*(session.lost for session in sessions))
        await self._server.wait_closed()
        self._shared.log.close()

    @property
    def counts(self) -> Counter[str]:
        """Events so far by name: accepted, refused, dropped."""
        return self._shared.counts

    @property
    def connections(self) -> int:
        """Connections so far."""
        return self._shared.connections


async def _serve(rules: Sequence[Rule], log: Path, host: str, port: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with MailWorld(rules, log, host=host, port=port) as world:
        sys.stdout.write(json.dumps({"port": world.port}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a world until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description="Mail servers that behave by rules")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--rules", type=Path, help="TOML or JSON, an array of tables `rule`")
    options = parser.parse_args(arguments)
    rules = rulebooks.load(options.rules) if options.rules else list(rulebooks.BY_SUFFIX)
    serving = _serve(rules, options.log, options.host, options.port)
    if sys.platform == "win32":
        asyncio.run(serving)
    else:
        import uvloop  # not for Windows

        uvloop.run(serving)


if __name__ == "__main__":
    main()
