"""The connection test of a mail server: every step of a sending but the mail itself (MSG-6)."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from denrei.channels import Check, Found
from denrei.channels.smtp import addresses, advice, handshake, pop
from denrei.channels.smtp.steps import Step, StepError, Steps, Told
from denrei.channels.smtp.wire import Cause, Wire
from denrei.domain.failures import Reason
from denrei.domain.replies import judging
from denrei.domain.replies.rules import Stage

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

#: Somebody waits: at most for a connection, for each answer, and for the answer to QUIT. A server may
#: let whoever gave a wrong password before wait for its answer (dovecot: up to 15 s).
_CONNECT_SECONDS, _ANSWER_SECONDS, _FAREWELL_SECONDS = 5.0, 20.0, 1.0
#: In the return path where no delivery is named.
_NOBODY = "b+test"


async def examine(smtp: Smtp) -> Sequence[Check]:
    """Return every step in its order; what follows a failure is not tried."""
    heard: dict[Step, str] = {}
    failure = None
    try:
        await _walk(_patient(smtp), heard.__setitem__)
    except StepError as error:
        failure = error
    finally:
        # Transports that were aborted give their sockets back in the next turn of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    return tuple(_check(step, smtp, heard, failure) for step in _order(smtp))


def _patient(smtp: Smtp) -> Smtp:
    return dataclasses.replace(
        smtp,
        connect_timeout=min(smtp.connect_timeout, _CONNECT_SECONDS),
        greeting_timeout=min(smtp.greeting_timeout, _ANSWER_SECONDS),
    )


async def _walk(smtp: Smtp, told: Told) -> None:
    """Tell of each step that goes well. StepError."""
    context = functools.cache(functools.partial(handshake.tls_context, smtp))
    if smtp.pop_host:
        await _resolve(smtp.pop_host, Steps(Step.POP_NAME, told))
        await pop.sign_in(smtp, context, told)
    await _resolve(smtp.host, Steps(Step.NAME, told))
    make = functools.partial(Wire, asyncio.get_running_loop())
    wire, _ = await handshake.dial(smtp, make, context, told)
    try:
        await _name_sender(smtp, wire, Steps(Step.SENDER, told))
        with suppress(OSError):
            await wire.ask(b"RSET\r\n", _FAREWELL_SECONDS)
            await wire.ask(b"QUIT\r\n", _FAREWELL_SECONDS)
    finally:
        wire.drop(Cause(Reason.NONE, "examined", is_fault=False))
        await wire.closed


async def _resolve(host: str, steps: Steps) -> None:
    """Ask for the addresses of a name, as a step of its own: a connection can't tell the two apart."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise steps.broken(error) from error
    steps.done(" ".join(dict.fromkeys(str(address[0]) for *_, address in found)))


async def _name_sender(smtp: Smtp, wire: Wire, steps: Steps) -> None:
    """Begin a mail as every mail begins, and leave it at that."""
    path = smtp.return_path_domain and f"{_NOBODY}@{smtp.return_path_domain}"
    line = b"MAIL FROM:<%b>\r\n" % addresses.mailbox(path or smtp.sender_address)
    try:
        raw = await wire.ask(line, smtp.greeting_timeout)
    except OSError as error:
        raise steps.broken(error) from error
    text = judging.text(raw)
    if raw[:1] != b"2":
        verdict = judging.judge(text, stage=Stage.MAIL, domain="")
        raise steps.failed(verdict.reason, text, retryable=verdict.retryable)
    steps.done(text)


def _order(smtp: Smtp) -> Iterator[Step]:
    """Yield the steps in the order of these settings; where there is no POP server, one that says so."""
    if smtp.pop_host:
        is_upgraded = smtp.pop_security == "starttls"
        yield from (Step.POP_NAME, Step.POP_CONNECT)
        yield from () if is_upgraded else (Step.POP_TLS,)
        yield Step.POP_GREETING
        yield from (Step.POP_STLS, Step.POP_TLS) if is_upgraded else ()
    yield from (Step.POP_SIGN_IN, Step.NAME, Step.CONNECT)
    yield from (Step.TLS,) if smtp.security == "tls" else ()
    yield from (Step.GREETING, Step.EHLO)
    yield Step.STARTTLS
    yield from () if smtp.security == "tls" else (Step.TLS,)
    yield from (Step.AUTH, Step.SENDER)


def _is_needless(step: Step, smtp: Smtp) -> bool:
    return {
        Step.POP_SIGN_IN: not smtp.pop_host,
        Step.POP_TLS: smtp.pop_security == "none",
        Step.STARTTLS: smtp.security != "starttls",
        Step.TLS: smtp.security == "none",
        Step.AUTH: not smtp.username,
    }.get(step, False)


def _check(step: Step, smtp: Smtp, heard: Mapping[Step, str], failure: StepError | None) -> Check:
    name = advice.NAMES[step]
    if failure is not None and failure.step is step:
        what, todo = advice.on(step, failure.said)
        return Check(name=name, found=Found.FAILED, said=failure.said, what=what, todo=todo)
    if _is_needless(step, smtp):
        return Check(name=name, found=Found.NEEDLESS)
    if step in heard and not (failure and _is_after(step, failure.step, smtp)):
        return Check(name=name, found=Found.DONE, said=heard[step])
    return Check(name=name, found=Found.AHEAD)


def _is_after(step: Step, other: Step, smtp: Smtp) -> bool:
    order = list(_order(smtp))
    return order.index(step) > order.index(other)
