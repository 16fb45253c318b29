"""A mail server that follows a script: one coroutine for each connection, on a port of its own."""

from __future__ import annotations

import asyncio
import functools
import inspect
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest
import uvloop

from denrei.channels import Accepted, Content, Outgoing, Sender, SendError
from denrei.channels.smtp import Smtp

#: What everything in a test must be done in; nothing takes nearly so long.
PATIENCE = 20.0
CONTENT = Content(
    key="content-1",
    subject="【訓練】安否確認のお願い",
    body="震度6弱の地震がありました。\n{{url}}\n回答してください。\n",
    language="ja",
)


class Talk:
    """The server's side of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        #: Commands and lines of text as they came, without line ends.
        self.heard: list[bytes] = []

    async def say(self, *lines: str) -> None:
        """Write lines."""
        await self.write("".join(f"{line}\r\n" for line in lines).encode())

    async def write(self, data: bytes) -> None:
        """Write bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def hear(self) -> bytes:
        """Read one line; EOFError when the client has gone."""
        line = await self._reader.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError
        self.heard.append(line[:-2])
        return line[:-2]

    async def text(self) -> list[bytes]:
        """Read a message up to its dot, dots still doubled."""
        lines = []
        while (line := await self.hear()) != b".":
            lines.append(line)
        return lines

    async def gulp(self) -> bytes:
        """Read what has been written by now, at least a byte."""
        return await self._reader.read(1 << 20)

    async def greet(self, *offers: str) -> None:
        """Greet, and answer EHLO."""
        await self.say("220 relay.test ESMTP")
        await self.hear()
        names = ["relay.test", *offers]
        await self.say(*(f"250-{name}" for name in names[:-1]), f"250 {names[-1]}")

    async def take_one(self, *, last: str = "250 2.0.0 queued") -> list[bytes]:
        """Carry one message, a command at a time; return its text."""
        for reply in ("250 ok", "250 ok", "354 go on"):
            await self.hear()
            await self.say(reply)
        text = await self.text()
        await self.say(last)
        return text

    async def starttls(self, context: ssl.SSLContext) -> None:
        """Begin TLS as a server."""
        await self._writer.start_tls(context)

    def cut(self) -> None:
        """Reset the connection."""
        self._writer.transport.abort()

    def hang_up(self) -> None:
        """Close the connection in order."""
        self._writer.close()


Script = Callable[[Talk], Coroutine[object, object, None]]


class Relay:
    """A running server."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.port = 0
        self.talks: list[Talk] = []
        self._tasks: set[asyncio.Task[object]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Follow the script on one connection, then close it."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        talk = Talk(reader, writer)
        self.talks.append(talk)
        try:
            await self._script(talk)
        except (EOFError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.transport.abort()

    async def stop(self) -> None:
        """End every script."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def heard(self) -> list[bytes]:
        """All lines of all connections, in the order of the connections."""
        return [line for talk in self.talks for line in talk.heard]


@asynccontextmanager
async def relay(script: Script, context: ssl.SSLContext | None = None) -> AsyncIterator[Relay]:
    """Serve `script`; `context` speaks TLS from the first byte."""
    it = Relay(script)
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0, ssl=context)
    it.port = server.sockets[0].getsockname()[1]
    try:
        async with asyncio.timeout(PATIENCE):
            yield it
    finally:
        server.close()
        await it.stop()


def smtp(port: int, /, **changes: object) -> Smtp:
    """Return a gateway to a relay on this machine."""
    fields: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender_name": "危機管理室",
        "sender_address": "kiki@city.example.jp",
        "return_path_domain": "bounce.example.jp",
        "connections": 1,
        **changes,
    }
    return Smtp(**fields)  # type: ignore[arg-type]  # fields of many types in one mapping


def outgoing(
    number: int = 1, /, *, alive: Callable[[], bool] = lambda: True, **changes: object
) -> Outgoing:
    """Return a message to `person<number>`."""
    fields: dict[str, object] = {
        "delivery": number,
        "correlation": f"c{number}",
        "return_token": f"t{number}",
        "address": f"person{number}@example.jp",
        "content": CONTENT,
        "url": f"https://anpi.example.jp/a/{number}",
        "alive": alive,
        **changes,
    }
    return Outgoing(**fields)  # type: ignore[arg-type]  # fields of many types in one mapping


async def fate(sent: Awaitable[Accepted]) -> Accepted | SendError:
    """Return how a message ended."""
    try:
        return await sent
    except SendError as error:
        return error


async def fates(sender: Sender, *messages: Outgoing) -> list[Accepted | SendError]:
    """Send at once, return how each ended."""
    return list(await asyncio.gather(*(fate(sender.send(one)) for one in messages)))


def on_both_loops(test: Callable[..., Coroutine[object, object, None]]) -> Callable[..., None]:
    """Run an async test on asyncio's own loop and on uvloop: they differ where it hurts."""

    @functools.wraps(test)
    def run(*, loop_factory: Callable[[], asyncio.AbstractEventLoop], **fixtures: object) -> None:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(test(**fixtures))

    signature = inspect.signature(test)
    mine = inspect.Parameter("loop_factory", inspect.Parameter.KEYWORD_ONLY)
    run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), mine])  # type: ignore[attr-defined]  # what pytest reads
    factories = [asyncio.new_event_loop, uvloop.new_event_loop]
    both: Callable[..., None] = pytest.mark.parametrize(
        "loop_factory", factories, ids=["asyncio", "uvloop"]
    )(run)
    return both
