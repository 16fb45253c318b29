"""The wire of one SMTP connection: bytes to replies, deadlines, and the one way to give up.

A reply is handed on raw, its lines joined by `\\n` without line ends: `raw[:3]` is its code. Of one
that is longer than `KEPT` only so much is kept: after the dot its code still tells whether the message
was taken. What isn't a reply of RFC 5321, 4.2, or grows beyond `LONGEST_REPLY`, cuts the connection.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from math import inf
from typing import NamedTuple, cast

from denrei.domain.failures import Reason

#: Octets of a reply that are kept; a line has at most 512 (RFC 5321, 4.5.3.1.5).
KEPT = 16 * 1024
#: Octets that a reply may have.
LONGEST_REPLY = 4 * 1024 * 1024
#: What a line of a reply may begin with: 2yz to 5yz, there is no 1yz in SMTP (RFC 5321, 4.2.1), and what
#: tells whether another line follows. One look for each line of a million dialogues.
_GOES_ON, _ENDS = (
    frozenset(b"%d%b" % (code, mark) for code in range(200, 600) for mark in marks)
    for marks in ([b"-"], [b" ", b"\r", b""])
)


class Cause(NamedTuple):
    """Why a connection ended."""

    reason: Reason
    detail: str
    #: False where it is in order: the next connection needs no pause.
    is_fault: bool = True


class Wire(asyncio.Protocol):
    """Reads replies and keeps deadlines; what is said is the matter of its subclass."""

    _transport: asyncio.Transport

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: Callable[[bytes], None] = self._answer
        self._cause: Cause | None = None
        #: The beginning of a line whose end has not come.
        self._partial = b""
        self._lines: list[bytes] = []
        self._lines_size = 0
        #: Octets that came since the last whole reply.
        self._under_way = 0
        self._due = inf
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = inf
        #: The greeting may come before anybody asks for it.
        self._waiter: asyncio.Future[bytes] = loop.create_future()
        #: Done when the connection is gone.
        self.closed: asyncio.Future[None] = loop.create_future()

    @property
    def peer(self) -> str:
        """Return the address of the other side, "" where it has gone."""
        peer = self._transport.get_extra_info("peername")
        return str(peer[0]) if peer else ""

    @property
    def cipher(self) -> str:
        """Return how it is encrypted: "TLSv1.3 TLS_AES_256_GCM_SHA384"; "" where it is not."""
        cipher = self._transport.get_extra_info("cipher")
        return f"{cipher[1]} {cipher[0]}" if cipher else ""

    # What the event loop tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (`asyncio.Protocol`)."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Cut `data` into lines and replies (`asyncio.Protocol`)."""
        lines = data.split(b"\n")
        lines[0] = self._partial + lines[0]
        self._partial = lines.pop()[:KEPT]
        for line in lines:
            if self._cause is not None:
                return
            self._line(line[:KEPT])
        if self._partial or self._lines:
            self._under_way += len(data)
            if self._under_way > LONGEST_REPLY:
                self.drop(Cause(Reason.CONNECTION, "a reply that does not end"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits (`asyncio.Protocol`)."""
        if self._cause is None:
            self._cause = Cause(Reason.CONNECTION, f"connection lost: {exc or 'closed'}")
        if self._alarm is not None:
            self._alarm.cancel()
        if not self._waiter.done():
            self._waiter.set_exception(ConnectionError(self._cause.detail))
            self._waiter.exception()  # told, though perhaps nobody waits any more
        if not self.closed.done():
            self.closed.set_result(None)

    # What is said and heard.

    async def greeting(self, seconds: float) -> bytes:
        """Wait for the server's first reply. TimeoutError; ConnectionError when it is cut."""
        async with asyncio.timeout(seconds):
            return await self._waiter

    async def ask(self, line: bytes, seconds: float) -> bytes:
        """Write one command, wait for its reply. TimeoutError; ConnectionError when it is cut."""
        if self._cause is not None:
            raise ConnectionError(self._cause.detail)
        self._waiter = self._loop.create_future()
        self._handle = self._answer
        self._transport.write(line)
        return await self.greeting(seconds)

    async def encrypt(self, context: ssl.SSLContext, name: str, seconds: float) -> None:
        """Begin TLS; OSError where that fails, `ssl.SSLError` and TimeoutError among them."""
        if self._cause is not None:
            raise ConnectionError(self._cause.detail)
        if self._partial or self._lines:
            raise ConnectionError("plain bytes after STARTTLS")
        async with asyncio.timeout(seconds):
            transport = await self._loop.start_tls(
                self._transport, self, context, server_hostname=name
            )
        if transport is None:
            raise ConnectionError("connection lost")
        self._transport = transport

    def drop(self, cause: Cause) -> None:
        """Give this connection up at once; nothing more is read or written."""
        if self._cause is None:
            self._cause = cause
        if not self.closed.done():
            self._transport.abort()

    def _expect(self, handle: Callable[[bytes], None], seconds: float) -> None:
        """Give the next reply to `handle`; without one the connection expires.

        The alarm is not set anew each time: it looks at `_due` when it rings.
        """
        self._handle = handle
        self._due = self._loop.time() + seconds
        if self._due < self._alarm_at:
            self._set_alarm()

    def _expired(self) -> None:
        """No reply came in time."""
        self.drop(Cause(Reason.TIMEOUT, "no reply in time"))

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = self._due
        self._alarm = self._loop.call_at(self._due, self._ring)

    def _ring(self) -> None:
        self._alarm, self._alarm_at = None, inf
        if self.closed.done() or self._cause is not None:
            return
        if self._loop.time() < self._due:
            self._set_alarm()
        else:
            self._expired()

    def _line(self, line: bytes) -> None:
        head = line[:4]
        if head not in _ENDS and head not in _GOES_ON:
            self.drop(Cause(Reason.CONNECTION, f"not a reply: {line[:80]!r}"))
        elif self._lines and line[:3] != self._lines[0][:3]:
            self.drop(Cause(Reason.CONNECTION, "lines of one reply with different codes"))
        elif head in _ENDS:
            self._under_way = 0
            self._whole(line.rstrip(b"\r"))
        elif self._lines_size < KEPT:
            self._lines.append(line.rstrip(b"\r"))
            self._lines_size += len(line)

    def _whole(self, line: bytes) -> None:
        """Hand on the reply that ends with `line`."""
        if self._lines:
            line = b"\n".join((*self._lines, line))
            self._lines, self._lines_size = [], 0
        self._handle(line)

    def _answer(self, raw: bytes) -> None:
        self._handle = self._unexpected
        if not self._waiter.done():
            self._waiter.set_result(raw)

    def _unexpected(self, raw: bytes) -> None:
        self.drop(Cause(Reason.CONNECTION, f"a reply to nothing: {raw[:80]!r}"))
