"""The mail servers of the invented world in one: accepts, refuses, delays and drops by address.

In process: `async with MailWorld(rules, log) as world: world.port`. By itself:
`python -m denrei.project.demo.mailworld --port 0 --log FILE [--rules FILE]` prints `{"port": …}`
when it listens and ends on SIGTERM. `--texts` keeps in the log what people read; `--faults FILE`
follows a file that says what is broken at this moment (`faults`); `--returns PORT` is where mails that
come back are taken by LMTP.
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

from denrei.project.demo import faults as breaking
from denrei.project.demo import rules as rulebooks
from denrei.project.demo.controls import Control
from denrei.project.demo.faults import Faults
from denrei.project.demo.returning import Returns
from denrei.project.demo.rules import Rule, RuleBook
from denrei.project.demo.smtpsession import Session, Shared
from denrei.project.demo.worldlog import WorldLog

_SIZE = 10 * 1024 * 1024
#: Between two looks at the file of faults.
_LOOK_SECONDS = 0.25


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
        texts: bool = False,
        broken: Path | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self._book = RuleBook(rules)
        self._path = log
        self._size = size
        self._clock = clock
        self._texts = texts
        self._faults = Control(broken) if broken else None
        #: Where mails that come back are taken by LMTP; set before the world begins.
        self.returns_to: tuple[str, int] | None = None
        self._watch: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> MailWorld:
        log = WorldLog(self._path)
        self._shared = Shared(
            book=self._book, log=log, clock=self._clock, size=self._size, texts=self._texts
        )
        if self.returns_to is not None:
            self._shared.returns = Returns(*self.returns_to)
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                lambda: Session(self._shared), self.host, self.port, backlog=1024
            )
        except OSError:
            log.close()
            raise
        self.port = self._server.sockets[0].getsockname()[1]
        if self._faults is not None:
            self._look(self._faults)
        return self

    def _look(self, control: Control) -> None:
        """Obey what the file says now, and look again soon: a fault ends by its time, too."""
        self._shared.faults = breaking.at(control.read(), self._clock())
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(_LOOK_SECONDS, self._look, control)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._server.close()
        sessions = list(self._shared.sessions)
        for session in sessions:
            session.abort()
        await asyncio.gather(*(session.lost for session in sessions))
        await self._server.wait_closed()
        if self._shared.returns is not None:
            await self._shared.returns.end()
        self._shared.log.close()

    @property
    def counts(self) -> Counter[str]:
        """Events so far by name: accepted, refused, dropped."""
        return self._shared.counts

    @property
    def faults(self) -> Faults:
        """What is broken at this moment."""
        return self._shared.faults

    @property
    def connections(self) -> int:
        """Connections so far."""
        return self._shared.connections


async def _serve(rules: Sequence[Rule], options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    world = MailWorld(
        rules,
        options.log,
        host=options.host,
        port=options.port,
        texts=options.texts,
        broken=options.faults,
    )
    if options.returns:
        world.returns_to = ("127.0.0.1", options.returns)
    async with world:
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
    parser.add_argument("--texts", action="store_true", help="keep what people read in the log")
    parser.add_argument("--returns", type=int, help="port of LMTP to which mails come back")
    parser.add_argument("--faults", type=Path, help="what is broken at this moment, as JSON")
    options = parser.parse_args(arguments)
    rules = rulebooks.load(options.rules) if options.rules else list(rulebooks.BY_SUFFIX)
    serving = _serve(rules, options)
    if sys.platform == "win32":
        asyncio.run(serving)
    else:
        import uvloop  # not for Windows

        uvloop.run(serving)


if __name__ == "__main__":
    main()
