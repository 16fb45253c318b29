"""Channel `smtp`: mail through the organization's own mail server (MSG-6, OPS-6).

The dataclass is the configuration, a form is drawn from it. Opened, it is a pool of connections
(`pool`) that a handshake prepared (`handshake`), after a sign-in at a POP server where the relay asks
for one (`window`, `pop`); on each the messages follow one another (`session`
above `wire`), several commands in one write where the server allows it (RFC 2920). `message` makes
the bytes; what an answer means is said in `denrei.domain.replies`, for bounces as well.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar, Literal

from denrei.channels import LATER, Callback, Check, Outcome, Returns, Secret, Sender
from denrei.channels.smtp import examining, settings
from denrei.channels.smtp.pool import Pool
from denrei.domain.states import Medium

_NO_SECRET = Secret("")


def _local_time() -> datetime:
    return datetime.now(tz=UTC).astimezone()


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """One mail server and the sender's identity there. ValueError: a sentence for the operator."""

    kind: ClassVar[str] = "smtp"
    medium: ClassVar[Medium] = Medium.MAIL

    host: str
    port: int = 587
    #: "starttls" is required, not tried; "tls" is TLS from the first byte (port 465).
    security: Literal["none", "starttls", "tls"] = "starttls"
    #: Whether the server's certificate and name must be right.
    verify: bool = True
    #: File of certificates to trust instead of the system's; "" means the system's.
    ca_file: str = ""
    #: Both or neither; only under TLS, unless the host is this machine.
    username: str = ""
    password: Secret = _NO_SECRET
    #: POP before SMTP: this server must be signed in at before mail is sent; "" means there is no need.
    pop_host: str = field(default="", metadata=LATER)
    pop_port: int = field(default=995, metadata=LATER)
    pop_security: Literal["none", "starttls", "tls"] = field(default="tls", metadata=LATER)
    #: Both where there is a host; only under TLS, unless that host is this machine.
    pop_username: str = field(default="", metadata=LATER)
    pop_password: Secret = field(default=_NO_SECRET, metadata=LATER)
    #: For how long a sign-in there lets us send.
    pop_minutes: float = field(default=10.0, metadata=LATER)
    #: Name of this host in EHLO; "" means the domain of the sender.
    hello_name: str = ""
    #: From, where a content has none of its own.
    sender_name: str = ""
    sender_address: str
    #: "" means no Reply-To.
    reply_to: str = ""
    #: Bounces come to b+<return token>@ this domain; "" means to the sender's address.
    return_path_domain: str = ""
    #: Right side of Message-ID; "" means the domain of the sender.
    message_id_domain: str = ""
    #: "iso-2022-jp" for old handsets; what it can't carry goes as UTF-8.
    encoding: Literal["utf-8", "iso-2022-jp"] = "utf-8"
    #: Signed by DKIM where there is a selector and a private key (PEM: RSA or Ed25519); both or neither.
    dkim_selector: str = ""
    dkim_key: Secret = _NO_SECRET
    #: Who signs; "" means the domain of the sender.
    dkim_domain: str = ""
    #: How many connections at most.
    connections: int = 10
    #: Seconds for each phase; at most what RFC 5321, 4.5.3.2 waits (`settings.LONGEST_WAITS`).
    connect_timeout: float = 10.0
    greeting_timeout: float = 30.0
    command_timeout: float = 30.0
    data_timeout: float = 30.0
    #: A server that is only slow makes a duplicate when this is short.
    final_timeout: float = 120.0
    #: A connection without work is closed after so many seconds.
    idle_timeout: float = 10.0
    #: Octets of a message; the server's own maximum (RFC 1870) counts too.
    size_limit: int = 10_000_000

    def __post_init__(self) -> None:
        complaint = next(settings.complaints(self), None)
        if complaint is not None:
            raise ValueError(complaint)

    @property
    def identity(self) -> str:
        """Domain of our Message-IDs."""
        return self.message_id_domain or self.sender_address.rpartition("@")[2]

    @property
    def returns(self) -> Returns:
        """Where bounces and replies come to."""
        named = (self.sender_address, self.reply_to)
        return Returns(domain=self.return_path_domain, addresses=tuple(one for one in named if one))

    @asynccontextmanager
    async def open(
        self,
        *,
        now: Callable[[], datetime] = _local_time,
        jitter: Callable[[], float] = random.random,
    ) -> AsyncIterator[Sender]:
        """Open the pool; connections are made when there is something to send.

        `now` (aware) gives the Date of a content, `jitter` (0 to 1) spreads reconnects.
        """
        pool = Pool(self, now=now, jitter=jitter)
        try:
            yield pool
        finally:
            await pool.close()

    async def examine(self) -> Sequence[Check]:
        """Speak with both servers up to the sender's address; nothing is sent."""
        return await examining.examine(self)

    def outcomes(self, callback: Callback) -> Sequence[Outcome]:
        """Return (): bounces come by mail, not by HTTP."""
        del callback
        return ()
