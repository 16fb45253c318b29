"""A mail server that keeps nothing: constant distance, STARTTLS and AUTH as asked, and when mails begin.

`python -m bench.receiver [--delay MS] [--tls FOLDER] [--auth]` prints a JSON line with its port, and one with
the time (`CLOCK_MONOTONIC`, the same in all processes) of the first mail after each second without any.
Every reply leaves `--delay` after what it answers came: the time of a round trip.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

_END = b"\r\n.\r\n"
_QUIET_SECONDS = 1.0
_last = 0.0


def certificate(folder: Path) -> Path:
    """Write a certificate of our own for this machine with its key; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "certificate.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


class Session(asyncio.Protocol):
    """One connection; what it is told is thrown away."""

    def __init__(self, given: argparse.Namespace, context: ssl.SSLContext | None) -> None:
        self._delay = given.delay / 1000
        self._context = context
        self._extensions = ["PIPELINING", "8BITMIME", "DSN", "SMTPUTF8"]
        self._extensions += ["AUTH PLAIN"] if given.auth else []
        self._held = b""
        self._is_in_text = False
        self._is_upgrading = False
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet; after STARTTLS the dialogue goes on without a greeting."""
        is_first = not hasattr(self, "_transport")
        self._transport = transport
        if is_first:
            self._write(b"220 receiver\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command and each text."""
        held, replies = self._held + data, []
        while not self._is_upgrading:
            mark = _END if self._is_in_text else b"\r\n"
            end = held.find(mark)
            if end < 0:
                break
            line, held = held[:end], held[end + len(mark) :]
            if self._is_in_text:
                self._is_in_text = False
                _note()
                replies.append(b"250 2.0.0 Ok\r\n")
            else:
                replies.append(self._answered(line[:4].upper()))
        self._held = held
        if replies:
            self._write(b"".join(replies))

    def _answered(self, verb: bytes) -> bytes:
        if verb == b"DATA":
            self._is_in_text = True
            return b"354 go on\r\n"
        if verb == b"EHLO":
            offered = [*self._extensions, *(["STARTTLS"] if self._context else [])]
            lines = [f"250-{word}\r\n" for word in ("receiver", *offered)]
            return "".join([*lines, "250 HELP\r\n"]).encode()
        if verb == b"STAR":
            task = self._loop.create_task(self._encrypt())
            self._tasks.add(task)
            self._is_upgrading = True
            return b"220 go ahead\r\n"
        return {b"QUIT": b"221 bye\r\n", b"AUTH": b"235 2.7.0 Ok\r\n"}.get(
            verb, b"250 2.1.0 Ok\r\n"
        )

    async def _encrypt(self) -> None:
        context, self._context = self._context, None
        self._transport = await self._loop.start_tls(
            self._transport, self, context, server_side=True
        )
        self._is_upgrading = False
        self.data_received(b"")  # what came before the new transport was known

    def _write(self, data: bytes) -> None:
        if self._delay:
            self._loop.call_later(self._delay, self._transport.write, data)
        else:
            self._transport.write(data)


def _note() -> None:
    """Tell of a mail that is the first after a rest."""
    global _last  # noqa: PLW0603 - one server in this process
    now = time.monotonic()
    if now - _last > _QUIET_SECONDS:
        print(json.dumps({"first": now}), flush=True)
    _last = now


async def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds of a round trip")
    parser.add_argument("--tls", type=Path, help="folder for a certificate")
    parser.add_argument("--auth", action="store_true")
    given = parser.parse_args()
    context = None
    if given.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(given.tls))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(given, context), "127.0.0.1", 0, backlog=1024)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
