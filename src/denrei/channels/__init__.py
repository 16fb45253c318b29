"""The contract of a channel: one way to reach people, in one file or package of its own.

A channel is a frozen dataclass whose fields are its configuration (a form is drawn from them; a
`Secret` is encrypted at rest and never printed). `kind` and `medium` name it. It is opened once
for each worker; what it opens sends, concurrently, and owns pools, windows and pipelining. It
knows no database, no queue and no other channel.

Errors: `SendError` is the only exception that a send may raise.

A message that passes here is one of a million: what stands for it is a tuple, which is made four times as
fast as a frozen dataclass.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from denrei.domain.failures import Reason
from denrei.domain.states import Medium, Phase

#: Of a field that the version before does not know: kept only where it says something (ADR 0023).
LATER: Mapping[str, bool] = {"later": True}


class Secret(str):
    """A configuration value that is never printed, logged or shown; `reveal()` gives it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return format("***", format_spec)

    def reveal(self) -> str:
        """Return the value itself, for the one place that needs it."""
        return str.__str__(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is the same for everybody of one (broadcast, medium, language), rendered once."""

    #: Identity of this rendering: a channel may cache by it what it derives.
    key: str
    subject: str
    #: Text with `\n` line ends. `{{url}}` stands where each person's own address comes.
    body: str
    #: "ja" or "en"
    language: str
    #: Name and address the receiver sees; "" means the gateway's own.
    sender_name: str = ""
    sender_address: str = ""
    reply_to: str = ""
    #: What a channel may need beside the text (answer keys of a call and the like).
    extra: Mapping[str, str] = field(default_factory=dict)


class Outgoing(NamedTuple):
    """One message to one contact. `correlation` is the same for every attempt of a delivery."""

    #: Number of the delivery, for logs.
    delivery: int
    #: Opaque, unique for each delivery, [0-9a-z.-]{1,64}: Message-ID, idempotency key, push tag.
    correlation: str
    #: Opaque, [0-9a-z.-]{1,48}: goes into the return path, so that a bounce names its delivery.
    return_token: str
    address: str
    content: Content
    #: This person's own address of the answer page, ASCII; replaces `{{url}}`.
    url: str
    #: Asked right before each write. False: not one byte more of this message, `WithheldError`.
    alive: Callable[[], bool]


class Accepted(NamedTuple):
    """The next system took the message over. `reply` is raw, for the attempt."""

    reply: str = ""
    #: Name of this message at the provider, where it gives one.
    provider_id: str = ""


class SendError(Exception):
    """A message was not taken over, or it isn't known whether it was.

    `phase` tells whether trying again is free; `retryable` whether it makes sense; `detail` is the
    provider's raw answer, kept in the attempt and never shown to a recipient.
    """

    def __init__(self, reason: Reason, *, retryable: bool, phase: Phase, detail: str = "") -> None:
        super().__init__(f"{reason.name} ({phase.name}): {detail}")
        self.reason = reason
        self.retryable = retryable
        self.phase = phase
        self.detail = detail


class WithheldError(SendError):
    """`alive()` said no before the point of no return: nothing was handed over."""

    def __init__(self) -> None:
        super().__init__(Reason.NONE, retryable=True, phase=Phase.UNSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """An HTTP callback of a provider as plain values, not as a framework's request."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a provider tells later about one message, already in the ledger's words."""

    #: Same for the same event however often it is told.
    key: bytes
    correlation: str = ""
    provider_id: str = ""
    #: Index into the medium's table of fold ranks: `denrei.domain.folding`.
    rank: int
    reason: Reason = Reason.NONE
    raw: str = ""


class Sender(Protocol):
    """An opened channel."""

    #: How many messages may usefully be in `send` at once.
    capacity: int

    def send(self, outgoing: Outgoing) -> Awaitable[Accepted]:
        """Hand one message over; called concurrently. Raises `SendError`, nothing else.

        Cancelling what it returns stops it within the channel's own timeout; a message past the
        point of no return then ends as in doubt.
        """

    def listen(self) -> AsyncIterator[Outcome]:
        """Yield what a live session brings by itself; ends at once where there is none."""


#: Told once how a message ended. Neither `Accepted` nor a `SendError`: a fault of the channel's code.
Ended = Callable[[Accepted | BaseException], None]


@runtime_checkable
class Posting(Protocol):
    """A sender that can do without a future, and a turn of the loop, for each message."""

    def post(self, outgoing: Outgoing, ended: Ended) -> None:
        """Hand one message over as `send` does, and tell how it ended, perhaps before returning."""


def poster(sender: Sender) -> Callable[[Outgoing, Ended], None]:
    """Return how many messages are handed over: the sender's `post`, or `send` with a future for each."""
    return sender.post if isinstance(sender, Posting) else partial(_posted, sender)


def _posted(sender: Sender, outgoing: Outgoing, ended: Ended) -> None:
    def tell(done: asyncio.Future[Accepted]) -> None:
        if done.cancelled():
            ended(asyncio.CancelledError())
        else:
            ended(done.exception() or done.result())

    asyncio.ensure_future(sender.send(outgoing)).add_done_callback(tell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Where mails about what a channel sent come back to."""

    #: Every return path below it is b+<return token>@ it; "" means there is none.
    domain: str = ""
    #: Addresses that people reply to, and servers where there is no such domain.
    addresses: tuple[str, ...] = ()


@runtime_checkable
class Returning(Protocol):
    """A channel whose messages are answered by mail: an extra of the contract."""

    @property
    def returns(self) -> Returns:
        """Where to."""


class Found(StrEnum):
    """What a connection test found about one step."""

    DONE = "done"
    FAILED = "failed"
    #: The settings don't ask for it.
    NEEDLESS = "needless"
    #: An earlier one failed.
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One step of a connection test, in Japanese."""

    name: str
    found: Found
    #: Raw words of the other side, or of the system where it said none.
    said: str = ""
    #: Where it failed: what happened, and what to do.
    what: str = ""
    todo: str = ""


@runtime_checkable
class Examinable(Protocol):
    """A channel that can speak with its other side without sending anything: an extra of the contract."""

    async def examine(self) -> Sequence[Check]:
        """Go through all steps, in their order; bounded in time."""


class Channel(Protocol):
    """The configuration of one gateway."""

    kind: ClassVar[str]
    medium: ClassVar[Medium]

    def open(self) -> AbstractAsyncContextManager[Sender]:
        """Open pools; leaving the context closes every connection and task."""

    def outcomes(self, callback: Callback) -> Sequence[Outcome]:
        """Translate an HTTP callback; () where this channel has none. ValueError: not genuine."""
