"""The receiver of bounces and replies: SMTP and LMTP (RFC 5321, RFC 2033), and nothing is passed on.

A mail is stored before its 250; where the database is away the answer is 451 and the peer tries
again. Who may be written to is asked of `doors`. The dialogue itself is aiosmtpd's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, InterfaceError, OperationalError

from denrei.outcomes.doors import Doors
from denrei.outcomes.keeping import KEPT, Arrived
from denrei.outcomes.models import Way

_log = logging.getLogger(__name__)

#: Octets of a mail; a reply with photographs is taken, and its beginning kept.
SIZE = 20 << 20
#: Connections at once, and seconds of silence after which one is closed (RFC 5321, 4.5.3.2.7).
CONNECTIONS, SILENCE = 100, 300.0
#: Recipients of one mail. In LMTP each wants an answer of its own: one keeps them in step.
_RECIPIENTS = {Way.SMTP: 50, Way.LMTP: 1}
#: Octets of a line; servers that break RFC 5321's 1000 send bounces, too.
_LINE = 64 << 10
#: Mails that are stored in one transaction, of those that came meanwhile.
_TOGETHER = 100
#: Seconds after which the addresses are asked for anew, and at the earliest for a strange one.
_FRESH, _STRANGE = 30.0, 2.0
_AWAY = "451 4.3.0 Storage is away for a moment, please try again"
_BUSY = b"421 4.3.2 Too many connections, please try again\r\n"

#: What keeps mails, and tells the addresses: run in a thread, they ask the database.
Keep = Callable[[Sequence[Arrived]], Awaitable[None]]
Look = Callable[[], Awaitable[Doors]]


@dataclass
class Porter:
    """Knows the addresses, as they were some seconds ago."""

    look: Look
    clock: Callable[[], float]
    _doors: Doors = field(default_factory=Doors)
    _asked_at: float = float("-inf")
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def doors_for(self, address: str) -> Doors:
        """Return the addresses; asked anew where they are old, or this one is strange to them.

        django.db.DatabaseError where they were never known.
        """
        async with self._turn:
            age = self.clock() - self._asked_at
            if age > _FRESH or (age > _STRANGE and not self._doors.takes(address)):
                self._doors = await self.look()
                self._asked_at = self.clock()
        return self._doors


class Store:
    """Keeps mails, those of one moment in one transaction."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._waiting: list[tuple[Arrived, asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None

    async def keep(self, mail: Arrived) -> None:
        """Return when the mail is stored. Raises what the database raised."""
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((mail, stored))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        await stored

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            error: BaseException | None = None
            try:
                await self._keep([mail for mail, _ in batch])
            except (DatabaseError, InterfaceError) as raised:
                error = raised
            for _, stored in batch:
                if stored.done():
                    continue
                if error is None:
                    stored.set_result(None)
                else:
                    stored.set_exception(error)


@dataclass
class Handler:
    """What aiosmtpd asks at each step; its method names are aiosmtpd's."""

    way: Way
    porter: Porter
    store: Store

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take our addresses, refuse all others."""
        del server, session, options
        if len(envelope.rcpt_tos) >= _RECIPIENTS[self.way]:
            return "452 4.5.3 Too many recipients"
        try:
            doors = await self.porter.doors_for(address)
        except (DatabaseError, InterfaceError) as error:
            _log.warning("addresses unknown", extra={"why": str(error)})
            return _AWAY
        if not doors.takes(address):
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        """Store the mail, then say so."""
        del server, session
        raw = envelope.original_content or b""
        try:
            for address in envelope.rcpt_tos:
                doors = await self.porter.doors_for(address)
                await self.store.keep(self._arrived(envelope, address, raw, doors))
        except (DatabaseError, InterfaceError) as error:
            kind = "database away" if isinstance(error, OperationalError) else "mail not stored"
            _log.warning(kind, extra={"why": str(error)})
            return _AWAY
        return "250 2.0.0 Stored"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong is not the peer's fault: it keeps the mail and tries again."""
        _log.error("dialogue failed", exc_info=error)
        return "451 4.3.0 Our mistake, please try again"

    def _arrived(self, envelope: Envelope, address: str, raw: bytes, doors: Doors) -> Arrived:
        sender = str(envelope.mail_from or "")
        return Arrived(
            way=self.way,
            raw=raw[:KEPT],
            size=len(raw),
            envelope_from="" if sender == "<>" else sender,
            envelope_to=address,
            came_to_id=doors.whose(address),
        )


class Receiver:
    """Listens on one address."""

    def __init__(
        self, handler: Handler, host: str, port: int, *, size: int = SIZE, most: int = CONNECTIONS
    ) -> None:
        self._handler = handler
        self.host = host
        #: As it listens; 0 takes a free one.
        self.port = port
        self._size = size
        self._most = most
        self.connections = 0
        self._server: asyncio.Server | None = None

    def has_room(self) -> bool:
        """Tell whether another connection may come."""
        return self.connections <= self._most

    async def __aenter__(self) -> Receiver:
        """Listen. OSError where somebody else does."""
        loop = asyncio.get_running_loop()
        kind = _Lmtp if self._handler.way is Way.LMTP else _Smtp
        self._server = await loop.create_server(
            lambda: kind(
                self._handler,
                self,
                data_size_limit=self._size,
                enable_SMTPUTF8=True,
                hostname="denrei",
                ident="denrei",
                timeout=SILENCE,
                loop=loop,
            ),
            self.host,
            self.port,
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


class _Counted(SMTP):
    """A connection that is counted, and sent away where there are too many."""

    line_length_limit = _LINE

    def __init__(self, handler: Handler, receiver: Receiver, **given: Any) -> None:
        super().__init__(handler, **given)
        self._receiver = receiver
        self._is_taken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        self._receiver.connections += 1
        self._is_taken = self._receiver.has_room()
        if self._is_taken:
            super().connection_made(transport)
        elif isinstance(transport, asyncio.WriteTransport):
            transport.write(_BUSY)
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Read on, unless it was sent away."""
        if self._is_taken:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        """End it."""
        return super().eof_received() if self._is_taken else False

    def connection_lost(self, error: Exception | None) -> None:
        """Count it no longer."""
        self._receiver.connections -= 1
        if self._is_taken:
            super().connection_lost(error)


class _Smtp(_Counted):
    """SMTP, for mail servers of the whole world."""


class _Lmtp(_Counted, LMTP):
    """LMTP, for the mail server in front."""
