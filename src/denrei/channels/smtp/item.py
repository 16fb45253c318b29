"""One message on its way through the pool, and how it ends: taken, refused, cut or withheld."""

from __future__ import annotations

import asyncio

from denrei.channels import Accepted, Outgoing, SendError
from denrei.channels.smtp.message import Letter
from denrei.channels.smtp.wire import Cause
from denrei.domain.failures import Reason
from denrei.domain.replies import judging
from denrei.domain.replies.rules import Stage
from denrei.domain.states import Phase

#: The server closes the connection, whatever it was asked (RFC 5321, 3.8).
CLOSING = b"421"
_NO_LETTER = Letter(b"", b"", b"")


class Item:
    """What to send, and who waits for it. It ends once; what comes later is ignored."""

    __slots__ = ("future", "letter", "outgoing", "signed")

    def __init__(self, outgoing: Outgoing, future: asyncio.Future[Accepted]) -> None:
        self.outgoing = outgoing
        self.future = future
        self.letter = _NO_LETTER
        #: Its text with the signature, where the gateway signs.
        self.signed = b""

    def is_wanted(self) -> bool:
        """May another byte of it be written?"""
        return not self.future.done() and self.outgoing.alive()

    def accept(self, raw: bytes) -> None:
        """The server took it over."""
        if not self.future.done():
            self.future.set_result(Accepted(reply=judging.text(raw)))

    def refuse(self, stage: Stage, raw: bytes) -> None:
        """The server said no; a 421 before the dot is about the connection, not about this."""
        reply = judging.text(raw)
        domain = self.outgoing.address.rpartition("@")[2]
        reason, retryable = judging.judge(reply, stage=stage, domain=domain)
        is_closing = raw.startswith(CLOSING) and stage is not Stage.FINAL
        phase = Phase.BEFORE if is_closing else Phase.ANSWERED
        self.fail(SendError(reason, retryable=retryable, phase=phase, detail=f"{stage}: {reply}"))

    def cut(self, cause: Cause, phase: Phase) -> None:
        """The connection ended when it had come as far as `phase`."""
        reason = Reason.IN_DOUBT if phase is Phase.IN_DOUBT else cause.reason
        self.fail(SendError(reason, retryable=True, phase=phase, detail=cause.detail))

    def fail(self, error: SendError) -> None:
        """It ends with this."""
        if not self.future.done():
            self.future.set_exception(error)
