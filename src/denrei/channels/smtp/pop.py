"""Signing in at a POP3 server (RFC 1939), so that a relay lets this machine send for some minutes.

Nothing is fetched or deleted. STLS is that of RFC 2595; a refusal that may pass by itself is told by
the response codes of RFC 2449 and RFC 3206.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from denrei.channels.smtp.handshake import connect
from denrei.channels.smtp.steps import Step, StepError, Steps, Told, untold
from denrei.channels.smtp.wire import Cause, Wire
from denrei.domain.failures import Reason
from denrei.domain.replies import judging

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

#: Somebody else has the mailbox open, it may not be opened again so soon, or the server is in trouble.
_FOR_NOW = re.compile(r"\[(?:IN-USE|LOGIN-DELAY|SYS/TEMP)\]", re.IGNORECASE)
#: Seconds that the server may take to say goodbye.
_FAREWELL = 1.0


async def sign_in(smtp: Smtp, context: Callable[[], ssl.SSLContext], told: Told = untold) -> None:
    """Sign in and leave again. StepError."""
    steps = Steps(Step.POP_CONNECT, told)
    loop = asyncio.get_running_loop()
    address = (smtp.pop_host, smtp.pop_port)
    wire = await connect(
        steps, lambda: _PopWire(loop), address, smtp.connect_timeout, Step.POP_NAME
    )
    visit = _Visit(smtp, wire, context, steps)
    try:
        await visit.run()
    except OSError as error:
        raise steps.broken(error) from error
    finally:
        wire.drop(Cause(Reason.NONE, "visited", is_fault=False))


class _PopWire(Wire):
    """The wire of one POP3 connection; every answer that is asked for has one line."""

    def _line(self, line: bytes) -> None:
        if line.startswith((b"+OK", b"-ERR")):
            self._under_way = 0
            self._whole(line.rstrip(b"\r"))
        else:
            self.drop(Cause(Reason.CONNECTION, f"not a reply of POP3: {line[:80]!r}"))


class _Visit:
    """The steps on a connection that was made."""

    def __init__(
        self, smtp: Smtp, wire: Wire, context: Callable[[], ssl.SSLContext], steps: Steps
    ) -> None:
        self._smtp = smtp
        self._wire = wire
        self._context = context
        self._steps = steps

    async def run(self) -> None:
        if self._smtp.pop_security == "tls":
            await self._encrypt()
        self._steps.begin(Step.POP_GREETING)
        self._heard(await self._wire.greeting(self._smtp.greeting_timeout))
        if self._smtp.pop_security == "starttls":
            self._steps.begin(Step.POP_STLS)
            self._heard(await self._ask(b"STLS"))
            await self._encrypt()
        await self._sign_in()
        with suppress(OSError):
            await self._wire.ask(b"QUIT\r\n", _FAREWELL)

    async def _sign_in(self) -> None:
        """Sign in by USER and PASS; `Smtp` allows it under TLS or on loopback only."""
        self._steps.begin(Step.POP_SIGN_IN)
        raw = await self._ask(b"USER %b" % self._smtp.pop_username.encode())
        if raw.startswith(b"+OK"):
            raw = await self._ask(b"PASS %b" % self._smtp.pop_password.reveal().encode())
        self._heard(raw)

    async def _ask(self, command: bytes) -> bytes:
        return await self._wire.ask(command + b"\r\n", self._smtp.greeting_timeout)

    def _heard(self, raw: bytes) -> None:
        """Go on where the server agreed."""
        said = judging.text(raw)
        if raw.startswith(b"+OK"):
            self._steps.done(said)
        else:
            raise self._refused(said)

    def _refused(self, said: str) -> StepError:
        # A server may repeat what it did not understand: the password.
        said = said.replace(self._smtp.pop_password.reveal(), "***")
        is_passing = self._steps.now is Step.POP_GREETING or _FOR_NOW.search(said)
        return self._steps.failed(Reason.CONNECTION if is_passing else Reason.GATEWAY, said)

    async def _encrypt(self) -> None:
        self._steps.begin(Step.POP_TLS)
        await self._wire.encrypt(self._context(), self._smtp.pop_host, self._smtp.greeting_timeout)
        self._steps.done(self._wire.cipher)
