"""The wire side of an SMTP server: frames lines and bodies, answers in order and in their time.

While an answer waits for its time, what follows it waits too. The log is written before any answer.
"""

from __future__ import annotations

import abc
import asyncio
from collections.abc import Callable
from typing import cast

from denrei.project.demo.worldlog import WorldLog

_LINE_LIMIT = 4096
#: Between two bytes of an answer that drips.
_DRIP_SECONDS = 0.001


class Wire(asyncio.Protocol, abc.ABC):
    """Reads commands and bodies out of one growing buffer and answers in batches."""

    def __init__(self, log: WorldLog, size: int) -> None:
        self._log = log
        self._size = size
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._timer: asyncio.TimerHandle | None = None
        self._buffer = bytearray()
        #: Where the next command starts; in a body, where the CRLF of the DATA command stands.
        self._at = 0
        self._searched = 0
        self._out: list[bytes] = []
        #: An answer waits for its time.
        self._held = False
        self._in_body = False
        #: The body was longer than `size`; what came is no longer all there.
        self._too_big = False
        #: Nothing more is read, and the connection ends when all is said.
        self._closing = False
        #: Answers go out byte by byte.
        self._drip = False

    @abc.abstractmethod
    def _obey(self, line: bytes) -> None:
        """Answer one command, without its CRLF."""

    @abc.abstractmethod
    def _finish(self, raw: bytes) -> None:
        """Answer the final dot of a body; `raw` ends with CRLF and has its dots doubled."""

    @abc.abstractmethod
    def _begun(self) -> None:
        """Learn that bytes of a body have come."""

    @abc.abstractmethod
    def _answered(self) -> None:
        """Learn that a dripping answer has gone out to its last byte."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take bytes; go on unless an answer is waited for."""
        if self._closing:
            return
        self._buffer += data
        if not self._held:
            self._advance()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Stop the clock of what would have been answered."""
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    def _say(self, line: bytes) -> None:
        self._out.append(line + b"\r\n")

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do `act`, which answers, after `seconds`; a dripping answer is slow by itself."""
        if not seconds or self._drip:
            act()
            return
        self._flush()
        self._held = True

        def go_on() -> None:
            self._held = False
            act()
            self._advance()

        self._timer = asyncio.get_running_loop().call_later(seconds, go_on)

    def _advance(self) -> None:
        buffer = self._buffer
        while self._at < len(buffer) and not self._held and not self._closing:
            whole = self._take_body() if self._in_body else self._take_line()
            if not whole:
                break
            if self._drip:
                self._flush()
        if self._at:
            del buffer[: self._at]
            self._searched = max(0, self._searched - self._at)
            self._at = 0
        if not self._held:
            self._flush()

    def _take_line(self) -> bool:
        end = self._buffer.find(b"\r\n", self._at)
        if end < 0:
            if len(self._buffer) - self._at > _LINE_LIMIT:
                self._say(b"500 5.5.2 Line too long")
                self._closing = True
            return False
        line = bytes(self._buffer[self._at : end])
        self._at = end + 2
        self._obey(line)
        if self._in_body:
            # DATA leaves its CRLF, so that the `CRLF . CRLF` of an empty body is found as well.
            self._at = self._searched = end
        return True

    def _take_body(self) -> bool:
        buffer, start = self._buffer, self._at
        if len(buffer) <= start + 2:
            return False
        self._begun()
        if self._closing:
            return False
        end = buffer.find(b"\r\n.\r\n", self._searched)
        if len(buffer) - start > self._size:
            self._too_big = self._too_big or end < 0 or end - start > self._size
        if end < 0:
            self._searched = max(start, len(buffer) - 4)
            if self._too_big:
                del buffer[start : self._searched]
                self._searched = start
            return False
        raw = bytes(buffer[start + 2 : end + 2])
        self._at = end + 5
        self._in_body = False
        self._finish(raw)
        return True

    def _flush(self) -> None:
        """Write the log first, then the answers: no 250 without its line."""
        self._log.flush()
        if self._out:
            data = b"".join(self._out)
            self._out.clear()
            if self._drip:
                self._trickle(data)
                return
            self._transport.write(data)
        if self._closing:
            self._transport.close()

    def _trickle(self, data: bytes) -> None:
        self._transport.write(data[:1])
        self._held = True
        rest = data[1:]
        then = (lambda: self._trickle(rest)) if rest else self._trickled
        self._timer = asyncio.get_running_loop().call_later(_DRIP_SECONDS, then)

    def _trickled(self) -> None:
        self._held = False
        self._answered()
        self._advance()
