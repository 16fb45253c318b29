"""Mail servers that behave badly, each on a port of its own; `python -m chaos.hostile --log FILE`.

They speak ESMTP with PIPELINING (RFC 5321, RFC 2920) on 127.0.0.1 and share nothing with denrei.
A JSON line tells the ports by temper; the log has a JSON line for each thing that the row's judge
must know: `taken` (a message is stored, its reply was written), `cut` (stored, the connection ended
instead of a reply), `refused`, `left` (421), `reset`. SIGTERM ends the program.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import signal
import socket
import struct
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

#: Octets of the reply that is too long.
MEGABYTE = 1_000_000
#: Written at once; a whole megabyte in one call would block the other ports.
_PIECE = 65_536
_ADDRESS = re.compile(rb"<([^<>]*)>")
#: Short, so that a server which says an octet a second is done with each within half a minute.
_BANNER, _HELLO = b"220 h.example\r\n", b"250-h\r\n250 PIPELINING\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How the server of one port behaves; shares are of 1, of connections or of messages."""

    name: str
    #: Connections that are reset before the banner.
    reset: float = 0.0
    #: Seconds from the first connection in which every one is reset.
    away: float = 0.0
    #: Connections that are told 421 instead of the banner.
    busy: float = 0.0
    #: Messages at which it says 421 and ends, at any step.
    leaves: float = 0.0
    #: Messages that get a 4yz at RCPT or after the dot.
    temporary: float = 0.0
    #: Messages that are stored, and the connection ends instead of the reply.
    cuts: float = 0.0
    #: Messages that get a reply line of `MEGABYTE`, at any step.
    shouts: float = 0.0
    #: Seconds between two octets of every reply; 0: all at once.
    drip: float = 0.0
    #: Seconds that a message takes it.
    thinks: float = 0.0


TEMPERS = {
    temper.name: temper
    for temper in (
        Temper(name="healthy", thinks=0.01),
        Temper(name="reset", reset=0.7),
        Temper(name="away", away=45.0),
        Temper(name="busy", busy=0.7),
        Temper(name="leaves", leaves=0.1),
        Temper(name="temporary", temporary=0.3),
        Temper(name="drip", drip=1.0),
        Temper(name="cuts", cuts=0.1),
        Temper(name="shouts", shouts=0.3),
        Temper(
            name="mixed", reset=0.2, busy=0.2, leaves=0.05, temporary=0.3, cuts=0.05, shouts=0.05
        ),
    )
}


class Log:
    """What the server of one port tells, and since when it has been asked."""

    def __init__(self, port: str, file: IO[str]) -> None:
        self._port = port
        self._file = file
        self._since = 0.0

    def __call__(self, event: str, **told: str) -> None:
        """Write an event, before its reply: what a reader of the log misses was not answered."""
        line = {"port": self._port, "event": event, "at": round(time.time(), 3), **told}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def is_away(self, seconds: float) -> bool:
        """Tell whether less than so many seconds have passed since the first connection."""
        self._since = self._since or time.monotonic()
        return time.monotonic() < self._since + seconds


class Over(Exception):  # noqa: N818 - no error: the session has ended
    """The session ends now."""


class Session:
    """One connection."""

    def __init__(
        self, temper: Temper, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, log: Log
    ) -> None:
        self._temper = temper
        self._reader = reader
        self._writer = writer
        self._log = log
        self._rcpt = ""

    async def run(self) -> None:
        """Greet, obey, end."""
        with suppress(Over, ConnectionError, asyncio.IncompleteReadError):
            await self._greet()
            while True:
                await self._obey(await self._reader.readuntil(b"\n"))

    async def _greet(self) -> None:
        if _happens(self._temper.reset) or self._log.is_away(self._temper.away):
            self._reset()
        if _happens(self._temper.busy):
            await self._leave("banner")
        await self._say(_BANNER)

    async def _obey(self, line: bytes) -> None:
        verb = line[:4].upper().strip()
        steps: dict[bytes, Callable[[bytes], Awaitable[None]]] = {
            b"EHLO": lambda _: self._say(_HELLO),
            b"HELO": lambda _: self._say(b"250 ok\r\n"),
            b"RSET": lambda _: self._say(b"250 ok\r\n"),
            b"MAIL": self._mail,
            b"RCPT": self._named,
            b"DATA": self._data,
            b"QUIT": self._quit,
        }
        step = steps.get(verb)
        if step is None:
            await self._say(b"500 what?\r\n")
        else:
            await step(line)

    async def _mail(self, _line: bytes) -> None:
        self._rcpt = ""
        await self._answer("mail", b"250 ok")

    async def _named(self, line: bytes) -> None:
        found = _ADDRESS.search(line)
        address = found[1].decode("utf-8", "replace") if found else ""
        if _happens(self._temper.temporary / 2):
            self._log("refused", rcpt=address)
            await self._say(b"451 4.3.0 try again\r\n")
        else:
            self._rcpt = address
            await self._answer("rcpt", b"250 ok")

    async def _data(self, _line: bytes) -> None:
        if not self._rcpt:
            await self._say(b"503 5.5.1 no recipient\r\n")
            return
        await self._answer("data", b"354 go")
        message = await self._reader.readuntil(b"\r\n.\r\n")
        if self._temper.thinks:
            await asyncio.sleep(self._temper.thinks)
        await self._store(_identity(message))

    async def _store(self, message: str) -> None:
        temper, rcpt, self._rcpt = self._temper, self._rcpt, ""
        if _happens(temper.temporary / 2):
            self._log("refused", rcpt=rcpt)
            await self._say(b"451 4.3.0 try again\r\n")
        elif _happens(temper.leaves / 4):
            await self._leave("dot")
        elif _happens(temper.cuts):
            self._log("cut", rcpt=rcpt, id=message)
            self._writer.close()
            raise Over
        else:
            self._log("taken", rcpt=rcpt, id=message)
            await self._reply(b"250 ok")

    async def _answer(self, step: str, reply: bytes) -> None:
        """Say yes, or 421."""
        if _happens(self._temper.leaves / 4):
            await self._leave(step)
        await self._reply(reply)

    async def _reply(self, reply: bytes) -> None:
        if _happens(self._temper.shouts / 4):
            self._log("shouted")
            await self._say(reply + b" " + b"x" * MEGABYTE + b"\r\n")
        else:
            await self._say(reply + b"\r\n")

    async def _say(self, reply: bytes) -> None:
        piece = 1 if self._temper.drip else _PIECE
        for start in range(0, len(reply), piece):
            if self._temper.drip:
                await asyncio.sleep(self._temper.drip)
            self._writer.write(reply[start : start + piece])
            await self._writer.drain()

    async def _leave(self, step: str) -> None:
        self._log("left", step=step)
        await self._say(b"421 4.3.2 closing\r\n")
        self._writer.close()
        raise Over

    async def _quit(self, _line: bytes) -> None:
        await self._say(b"221 bye\r\n")
        self._writer.close()
        raise Over

    def _reset(self) -> None:
        """End by RST, not FIN: linger on, zero seconds (socket(7))."""
        self._log("reset")
        handle = self._writer.get_extra_info("socket")
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
        raise Over


def _happens(share: float) -> bool:
    return share > 0 and random.random() < share


def _identity(message: bytes) -> str:
    head = message.partition(b"\r\n\r\n")[0]
    found = re.search(rb"(?im)^message-id:\s*(\S+)", head)
    return found[1].decode("ascii", "replace") if found else ""


async def serve(log: IO[str]) -> None:
    """Listen on a port for each temper until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with AsyncExitStack() as stack:
        ports = {}
        for temper in TEMPERS.values():
            server = await asyncio.start_server(
                _sessions(temper, log), "127.0.0.1", 0, limit=MEGABYTE
            )
            stack.callback(server.close)
            ports[temper.name] = server.sockets[0].getsockname()[1]
        sys.stdout.write(json.dumps(ports) + "\n")
        sys.stdout.flush()
        await ended.wait()


def _sessions(
    temper: Temper, file: IO[str]
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    log = Log(temper.name, file)

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await Session(temper, reader, writer, log).run()
        finally:
            writer.close()

    return session


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(prog="chaos.hostile", description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=5321)
    given = parser.parse_args()
    random.seed(given.seed)
    with given.log.open("a", encoding="utf-8") as log:
        asyncio.run(serve(log))


if __name__ == "__main__":
    main()
