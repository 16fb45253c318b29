"""The mail world as a receiving server in a thread of the test."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from denrei.project.demo import worldlog
from denrei.project.demo.mailworld import MailWorld
from denrei.project.demo.rules import Rule


@contextmanager
def receiving(log: Path, rules: Sequence[Rule] = ()) -> Iterator[int]:
    """Run a receiving server; yield its port."""
    ready, port = threading.Event(), 0
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        nonlocal port
        async with MailWorld(rules, log) as world:
            port = world.port
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


def received(log: Path) -> Counter[str]:
    """Return address → messages that the server took."""
    return Counter(
        str(event["rcpt"]) for event in worldlog.events(log) if event["event"] == "accepted"
    )
