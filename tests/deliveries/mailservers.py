"""The mail servers of the world outside, in a thread, with the log that is the truth of what came."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from denrei.channels.smtp import Smtp
from denrei.project.demo import worldlog
from denrei.project.demo.mailworld import MailWorld
from denrei.project.demo.rules import Rule
from tests.deliveries.world import wait_for


class MailServers:
    """Where to send, and what arrived."""

    def __init__(self, log: Path, port: int = 0) -> None:
        self._log = log
        self.port = port or _free_port()

    def gateway(self, connections: int, return_path_domain: str = "") -> Smtp:
        """Return the settings of a gateway to them."""
        return Smtp(
            host="127.0.0.1",
            port=self.port,
            security="none",
            sender_address="bousai@denrei.example",
            connections=connections,
            return_path_domain=return_path_domain,
        )

    @contextmanager
    def listening(
        self, rules: Sequence[Rule] = (), returns_to: tuple[str, int] | None = None
    ) -> Iterator[None]:
        """Take mail; `returns_to`: where what comes back is taken by LMTP."""
        ready, loops = threading.Event(), list[asyncio.AbstractEventLoop]()
        end = asyncio.Event()

        async def serve() -> None:
            loops.append(asyncio.get_running_loop())
            outside = MailWorld(rules, self._log, port=self.port)
            outside.returns_to = returns_to
            async with outside:
                ready.set()
                await end.wait()

        with ThreadPoolExecutor(1) as thread:
            done = thread.submit(asyncio.run, serve())
            wait_for(lambda: ready.is_set() or done.done())
            try:
                yield
            finally:
                if not done.done():
                    loops[0].call_soon_threadsafe(end.set)
                done.result(timeout=10)

    def received(self) -> int:
        """Return how many messages were taken, told or not."""
        return sum(len(ids) for ids in self.messages().values())

    def messages(self) -> dict[str, list[str]]:
        """Return address → Message-ID of each message that was taken."""
        found: dict[str, list[str]] = defaultdict(list)
        if self._log.exists():
            for event in worldlog.events(self._log):
                if event["event"] == "accepted":
                    found[str(event["rcpt"])].append(str(event["id"]))
        return dict(found)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
