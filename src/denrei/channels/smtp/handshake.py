"""From a host and a port to a connection that takes messages: greeting, EHLO, TLS, AUTH.

Each failure names its step, so that a connection test can show it (MSG-6). A refused sign-in or a
failed TLS is `Reason.GATEWAY`, an alarm; whatever may mend itself is `CONNECTION` or `TIMEOUT`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from denrei.channels.smtp import extensions
from denrei.channels.smtp.extensions import Extensions
from denrei.channels.smtp.steps import Step, StepError, Steps, Told, untold
from denrei.channels.smtp.wire import Cause, Wire
from denrei.domain.failures import Reason
from denrei.domain.replies import judging
from denrei.domain.replies.rules import Stage

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

W = TypeVar("W", bound=Wire)

#: Answers to EHLO of a server that only knows HELO (RFC 5321, 3.2).
_NO_EHLO = (b"500", b"501", b"502", b"504")


async def dial(
    smtp: Smtp, make: Callable[[], W], context: Callable[[], ssl.SSLContext], told: Told = untold
) -> tuple[W, Extensions]:
    """Return a connection ready for MAIL, and what its server offers. StepError."""
    steps = Steps(Step.CONNECT, told)
    wire = await connect(steps, make, (smtp.host, smtp.port), smtp.connect_timeout, Step.NAME)
    handshake = _Handshake(smtp, wire, context, steps)
    try:
        offered = await handshake.run()
    except OSError as error:
        raise steps.broken(error) from error
    finally:
        if not handshake.is_done:
            wire.drop(Cause(Reason.CONNECTION, "handshake failed"))
    return wire, offered


async def connect(
    steps: Steps, make: Callable[[], W], address: tuple[str, int], seconds: float, name: Step
) -> W:
    """Return a new connection; where the host's name can't be resolved, step `name` fails. StepError."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            _, wire = await loop.create_connection(make, *address)
    except (socket.gaierror, UnicodeError) as error:  # the latter of a label no name can have
        steps.begin(name)
        raise steps.broken(error) from error
    except OSError as error:
        raise steps.broken(error) from error
    steps.done(wire.peer)
    return wire


def tls_context(smtp: Smtp) -> ssl.SSLContext:
    """Read the certificates to trust, some 20 ms; OSError where their file can't be read."""
    context = ssl.create_default_context(cafile=smtp.ca_file or None)
    if not smtp.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class _Handshake:
    """The steps on a connection that was made."""

    def __init__(
        self, smtp: Smtp, wire: Wire, context: Callable[[], ssl.SSLContext], steps: Steps
    ) -> None:
        self._smtp = smtp
        self._wire = wire
        self._context = context
        self._steps = steps
        self.is_done = False

    async def run(self) -> Extensions:
        if self._smtp.security == "tls":
            await self._encrypt()
        self._steps.begin(Step.GREETING)
        raw = await self._wire.greeting(self._smtp.greeting_timeout)
        if raw[:1] != b"2":
            raise self._refused(raw, Stage.CONNECT)
        self._steps.done(judging.text(raw))
        offered = await self._hello()
        if self._smtp.security == "starttls":
            offered = await self._starttls(offered)
        if self._smtp.username:
            await self._sign_in(offered)
        self.is_done = True
        return offered

    async def _ask(self, line: bytes, stage: Stage, positive: bytes = b"2") -> bytes:
        """Ask; a reply that does not begin with `positive` ends the handshake."""
        raw = await self._wire.ask(line, self._smtp.greeting_timeout)
        if raw[:1] != positive:
            raise self._refused(raw, stage, line)
        return raw

    def _refused(self, raw: bytes, stage: Stage, line: bytes = b"") -> StepError:
        text = judging.text(raw)
        verdict = judging.judge(text, stage=stage, domain="")
        if self._steps.now is Step.AUTH:
            # A server may repeat what it did not understand: the password.
            for word in line.decode("ascii").split()[-1:]:
                text = text.replace(word, "***")
        return self._steps.failed(verdict.reason, text, retryable=verdict.retryable)

    async def _hello(self) -> Extensions:
        self._steps.begin(Step.EHLO)
        name = (self._smtp.hello_name or self._smtp.identity).encode("ascii")
        raw = await self._wire.ask(b"EHLO %b\r\n" % name, self._smtp.greeting_timeout)
        if raw[:1] == b"2":
            self._steps.done(judging.text(raw))
            return extensions.parse(raw)
        if raw[:3] not in _NO_EHLO:
            raise self._refused(raw, Stage.HELO)
        self._steps.done(judging.text(await self._ask(b"HELO %b\r\n" % name, Stage.HELO)))
        return Extensions()

    async def _starttls(self, offered: Extensions) -> Extensions:
        """Upgrade; what was offered in the clear is forgotten (RFC 3207, 4.2)."""
        self._steps.begin(Step.STARTTLS)
        if not offered.starttls:
            raise self._steps.failed(Reason.GATEWAY, "not offered by the server")
        self._steps.done(judging.text(await self._ask(b"STARTTLS\r\n", Stage.AUTH)))
        await self._encrypt()
        return await self._hello()

    async def _encrypt(self) -> None:
        self._steps.begin(Step.TLS)
        await self._wire.encrypt(self._context(), self._smtp.host, self._smtp.greeting_timeout)
        self._steps.done(self._wire.cipher)

    async def _sign_in(self, offered: Extensions) -> None:
        """Sign in by PLAIN (RFC 4616) or LOGIN; `Smtp` allows it under TLS or on loopback only."""
        self._steps.begin(Step.AUTH)
        user = self._smtp.username.encode()
        password = self._smtp.password.reveal().encode()
        if "PLAIN" in offered.auth:
            token = b64encode(b"\0%b\0%b" % (user, password))
            raw = await self._ask(b"AUTH PLAIN %b\r\n" % token, Stage.AUTH)
        elif "LOGIN" in offered.auth:
            await self._ask(b"AUTH LOGIN\r\n", Stage.AUTH, positive=b"3")
            await self._ask(b64encode(user) + b"\r\n", Stage.AUTH, positive=b"3")
            raw = await self._ask(b64encode(password) + b"\r\n", Stage.AUTH)
        else:
            raise self._steps.failed(Reason.GATEWAY, "the server offers neither PLAIN nor LOGIN")
        self._steps.done(judging.text(raw))
