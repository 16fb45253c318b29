"""A mail server of its own that takes everything and logs it: the truth about what was received.

Imports nothing of what it judges. `python -m chaos.sink --log FILE` prints `{"port": …}` when it listens.
Each message whose final dot came is one line of JSON, with the system before the 250 is said:
`{"at": seconds since 1970, "rcpt": address, "id": Message-ID, "mark": Subject, "host": address, "peer": port}`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

_GREETING = b"220 sink.example ESMTP\r\n"
_HELLO = b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
_OK = b"250 2.0.0 Ok\r\n"
_GO_ON = b"354 Go on\r\n"
_BYE = b"221 2.0.0 Bye\r\n"
_DOT = b"\r\n.\r\n"


class Session(asyncio.Protocol):
    """One connection; while the answer to a dot waits, what follows it waits too."""

    def __init__(self, log: int, delay: float) -> None:
        self._log, self._delay = log, delay
        self._buffer = bytearray()
        self._recipients: list[str] = []
        self._in_body = self._is_held = False

    def connection_made(self, transport: Any) -> None:
        """Greet."""
        self._transport = transport
        self._host, self._peer = transport.get_extra_info("peername")[:2]
        transport.write(_GREETING)

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        self._buffer += data
        self._advance()

    def _advance(self) -> None:
        """Take whole commands and bodies as long as nothing is held back."""
        while not self._is_held and (self._body() if self._in_body else self._line()):
            pass

    def _line(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._buffer[:end])
        self._in_body = line[:4].upper() == b"DATA"
        # DATA leaves its CRLF, so that the dot of an empty body is found as well
        del self._buffer[: end if self._in_body else end + 2]
        self._transport.write(self._answer(line))
        return True

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipients.append(line[line.index(b"<") + 1 : line.index(b">")].decode())
        elif verb in {b"MAIL", b"RSET"}:
            self._recipients = []
        return {b"EHLO": _HELLO, b"DATA": _GO_ON, b"QUIT": _BYE}.get(verb, _OK)

    def _body(self) -> bool:
        end = self._buffer.find(_DOT)
        if end < 0:
            return False
        self._note(bytes(self._buffer[2 : end + 2]))
        del self._buffer[: end + len(_DOT)]
        self._in_body = False
        if self._delay:
            self._is_held = True
            asyncio.get_running_loop().call_later(self._delay, self._go_on)
        else:
            self._transport.write(_OK)
        return True

    def _go_on(self) -> None:
        self._is_held = False
        self._transport.write(_OK)
        self._advance()

    def _note(self, raw: bytes) -> None:
        """Log the message once for each of its recipients; a killed sink loses nothing of it."""
        head = message_from_bytes(raw[: raw.find(b"\r\n\r\n") + 4], policy=policy.default)
        for recipient in self._recipients:
            seen = {
                "at": round(time.time(), 6),
                "rcpt": recipient,
                "id": str(head["Message-ID"]).strip(),
                "mark": str(head["Subject"]),
                "host": self._host,
                "peer": self._peer,
            }
            os.write(self._log, json.dumps(seen, ensure_ascii=False).encode() + b"\n")


async def _serve(given: argparse.Namespace) -> None:
    log = os.open(given.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(
        lambda: Session(log, given.delay), given.host, given.port, backlog=1024
    )
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    await stop.wait()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="chaos.sink", description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before a dot is answered")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
