"""From a host and a port to a connection that takes messages: greeting, EHLO, TLS, AUTH.

Each failure names its step, so that a connection test can show it (MSG-6). A refused sign-in or a
failed TLS is `Reason.GATEWAY`, an alarm; whatever may mend itself is `CONNECTION` or `TIMEOUT`.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from denrei.channels import SendError
from denrei.channels.smtp import extensions
from denrei.channels.smtp.extensions import Extensions
from denrei.channels.smtp.wire import Cause, Wire
from denrei.domain.failures import Reason
from denrei.domain.replies import judging
from denrei.domain.replies.rules import Stage
from denrei.domain.states import Phase

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

W = TypeVar("W", bound=Wire)

#: Answers to EHLO of a server that only knows HELO (RFC 5321, 3.2).
_NO_EHLO = (b"500", b"501", b"502", b"504")


async def dial(
    smtp: Smtp, make: Callable[[], W], context: Callable[[], ssl.SSLContext]
) -> tuple[W, Extensions]:
    """Return a connection ready for MAIL, and what its server offers; else `SendError`, UNSENT."""
    wire = await _connect(smtp, make)
    handshake = _Handshake(smtp, wire, context)
    try:
        offered = await handshake.run()
    except OSError as error:
        raise handshake.failure(error) from error
    finally:
        if not handshake.is_done:
            wire.drop(Cause(Reason.CONNECTION, "handshake failed"))
    return wire, offered


def tls_context(smtp: Smtp) -> ssl.SSLContext:
    """Read the certificates to trust, some 20 ms; OSError where their file can't be read."""
    context = ssl.create_default_context(cafile=smtp.ca_file or None)
    if not smtp.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _connect(smtp: Smtp, make: Callable[[], W]) -> W:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(smtp.connect_timeout):
            _, wire = await loop.create_connection(make, smtp.host, smtp.port)
    except OSError as error:
        detail = f"connect: {str(error) or 'no answer in time'}"
        raise _unsent(Reason.CONNECTION, detail) from error
    return wire


class _Handshake:
    """The steps, and which one is being done."""

    def __init__(self, smtp: Smtp, wire: Wire, context: Callable[[], ssl.SSLContext]) -> None:
        self._smtp = smtp
        self._wire = wire
        self._context = context
        self._step = "connect"
        self.is_done = False

    async def run(self) -> Extensions:
        if self._smtp.security == "tls":
            await self._encrypt()
        self._step = "greeting"
        raw = await self._wire.greeting(self._smtp.greeting_timeout)
        if raw[:1] != b"2":
            raise self._refused(raw, Stage.CONNECT)
        offered = await self._hello()
        if self._smtp.security == "starttls":
            offered = await self._starttls(offered)
        if self._smtp.username:
            await self._sign_in(offered)
        self.is_done = True
        return offered

    def failure(self, error: OSError) -> SendError:
        """Say what an error of this step means."""
        detail = f"{self._step}: {str(error) or 'no answer in time'}"
        if self._step == "TLS":
            return _unsent(Reason.GATEWAY, detail)
        is_late = isinstance(error, TimeoutError)
        return _unsent(Reason.TIMEOUT if is_late else Reason.CONNECTION, detail)

    async def _ask(self, line: bytes, stage: Stage, positive: bytes = b"2") -> None:
        """Ask; a reply that does not begin with `positive` ends the handshake."""
        raw = await self._wire.ask(line, self._smtp.greeting_timeout)
        if raw[:1] != positive:
            raise self._refused(raw, stage, line)

    def _refused(self, raw: bytes, stage: Stage, line: bytes = b"") -> SendError:
        text = judging.text(raw)
        verdict = judging.judge(text, stage=stage, domain="")
        if self._step == "AUTH":
            # A server may repeat what it did not understand: the password.
            for word in line.decode("ascii").split()[-1:]:
                text = text.replace(word, "***")
        return _unsent(verdict.reason, f"{self._step}: {text}", retryable=verdict.retryable)

    async def _hello(self) -> Extensions:
        self._step = "EHLO"
        name = (self._smtp.hello_name or self._smtp.identity).encode("ascii")
        raw = await self._wire.ask(b"EHLO %b\r\n" % name, self._smtp.greeting_timeout)
        if raw[:1] == b"2":
            return extensions.parse(raw)
        if raw[:3] not in _NO_EHLO:
            raise self._refused(raw, Stage.HELO)
        await self._ask(b"HELO %b\r\n" % name, Stage.HELO)
        return Extensions()

    async def _starttls(self, offered: Extensions) -> Extensions:
        """Upgrade; what was offered in the clear is forgotten (RFC 3207, 4.2)."""
        self._step = "STARTTLS"
        if not offered.starttls:
            raise _unsent(Reason.GATEWAY, "STARTTLS: not offered by the server")
        await self._ask(b"STARTTLS\r\n", Stage.AUTH)
        await self._encrypt()
        return await self._hello()

    async def _encrypt(self) -> None:
        self._step = "TLS"
        await self._wire.encrypt(self._context(), self._smtp.host, self._smtp.greeting_timeout)

    async def _sign_in(self, offered: Extensions) -> None:
        """Sign in by PLAIN (RFC 4616) or LOGIN; `Smtp` allows it under TLS or on loopback only."""
        self._step = "AUTH"
        user = self._smtp.username.encode()
        password = self._smtp.password.reveal().encode()
        if "PLAIN" in offered.auth:
            token = b64encode(b"\0%b\0%b" % (user, password))
            await self._ask(b"AUTH PLAIN %b\r\n" % token, Stage.AUTH)
        elif "LOGIN" in offered.auth:
            await self._ask(b"AUTH LOGIN\r\n", Stage.AUTH, positive=b"3")
            await self._ask(b64encode(user) + b"\r\n", Stage.AUTH, positive=b"3")
            await self._ask(b64encode(password) + b"\r\n", Stage.AUTH)
        else:
            raise _unsent(Reason.GATEWAY, "AUTH: the server offers neither PLAIN nor LOGIN")


def _unsent(reason: Reason, detail: str, *, retryable: bool = True) -> SendError:
    return SendError(reason, retryable=retryable, phase=Phase.UNSENT, detail=detail)
