"""A raw SMTP client of the mail world, and what the world's log says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from denrei.project.demo import worldlog
from denrei.project.demo.mailworld import MailWorld
from denrei.project.demo.rules import Rule

BODY = b"Message-ID: <1@denrei.example>\r\nSubject: test\r\n\r\nhttps://a.example/r/x\r\n.\r\n"


class Client:
    """A raw SMTP client: writes bytes, reads whole replies."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def reply(self) -> str:
        """Return the next reply, lines joined by a bar; "" at the end of the connection."""
        lines = []
        while line := (await asyncio.wait_for(self.reader.readline(), 5)).decode().rstrip("\r\n"):
            lines.append(line)
            if line[3:4] == " ":
                break
        return "|".join(lines)

    async def say(self, data: bytes) -> str:
        """Write bytes and return the next reply."""
        self.writer.write(data)
        return await self.reply()

    async def mail(self, address: str, body: bytes = BODY) -> list[str]:
        """Send one message step by step; return the replies of RCPT, DATA and the dot."""
        await self.say(b"MAIL FROM:<s@denrei.example>\r\n")
        replies = [await self.say(f"RCPT TO:<{address}>\r\n".encode())]
        if replies[0].startswith("2"):
            replies.append(await self.say(b"DATA\r\n"))
            replies.append(await self.say(body))
        else:
            await self.say(b"RSET\r\n")
        return replies


@asynccontextmanager
async def connected(world: MailWorld) -> AsyncIterator[Client]:
    """Open a connection and say EHLO."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
    client = Client(reader, writer)
    try:
        if (await client.reply()).startswith("220"):
            await client.say(b"EHLO denrei.example\r\n")
        yield client
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def events(log: Path, name: str) -> list[dict[str, object]]:
    """Return the events of one name."""
    return [event for event in worldlog.events(log) if event["event"] == name]


def received(log: Path) -> list[object]:
    """Return who was accepted, in order."""
    return [event["rcpt"] for event in events(log, "accepted")]


async def one(found: Iterable[Rule], log: Path, address: str, body: bytes = BODY) -> list[str]:
    """Send one message to a world of these rules."""
    async with MailWorld(found, log) as world, connected(world) as client:
        return await client.mail(address, body)
