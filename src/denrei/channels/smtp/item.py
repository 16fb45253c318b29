"""One message on its way through the pool, and how it ends: taken, refused, cut or withheld."""

from __future__ import annotations

from denrei.channels import Accepted, Ended, Outgoing, SendError
from denrei.channels.smtp.message import Letter
from denrei.channels.smtp.wire import Cause
from denrei.domain.failures import Reason
from denrei.domain.replies import entry, judging
from denrei.domain.replies.rules import Stage
from denrei.domain.states import Phase

#: The server closes the connection, whatever it was asked (RFC 5321, 3.8).
CLOSING = b"421"
_NO_LETTER = Letter(b"", b"", b"")


class Item:
    """What to send, and who is told. It ends once; what comes later is ignored."""

    __slots__ = ("_ended", "is_again", "letter", "outgoing", "signed")

    def __init__(self, outgoing: Outgoing, ended: Ended) -> None:
        self.outgoing = outgoing
        self._ended: Ended | None = ended
        self.letter = _NO_LETTER
        #: Its text with the signature, where the gateway signs.
        self.signed = b""
        #: It was refused once for want of a sign-in at the POP server.
        self.is_again = False

    @classmethod
    def over(cls, outgoing: Outgoing) -> Item:
        """Return one that has ended already."""
        item = cls(outgoing, lambda _: None)
        item.withdraw()
        return item

    def is_over(self) -> bool:
        """Has it ended, or did whoever sent it go away?"""
        return self._ended is None

    def is_wanted(self) -> bool:
        """May another byte of it be written?"""
        return self._ended is not None and self.outgoing.alive()

    def withdraw(self) -> None:
        """Nobody waits for it any more."""
        self._ended = None

    def accept(self, raw: bytes) -> None:
        """The server took it over."""
        self._end(Accepted(judging.text(raw)))

    def refuse(self, stage: Stage, raw: bytes, *, needs_entry: bool = False) -> None:
        """The server said no; a 421 before the dot is about the connection, not about this.

        `needs_entry`: it asks for POP before SMTP, and what it says of that is never about a recipient.
        """
        reply = judging.text(raw)
        domain = self.outgoing.address.rpartition("@")[2]
        reason, retryable = judging.judge(reply, stage=stage, domain=domain)
        if needs_entry and entry.is_refused(raw, stage):
            reason, retryable = Reason.GATEWAY, True
        is_closing = raw.startswith(CLOSING) and stage is not Stage.FINAL
        phase = Phase.BEFORE if is_closing else Phase.ANSWERED
        self.fail(SendError(reason, retryable=retryable, phase=phase, detail=f"{stage}: {reply}"))

    def cut(self, cause: Cause, phase: Phase) -> None:
        """The connection ended when it had come as far as `phase`."""
        reason = Reason.IN_DOUBT if phase is Phase.IN_DOUBT else cause.reason
        self.fail(SendError(reason, retryable=True, phase=phase, detail=cause.detail))

    def fail(self, error: SendError) -> None:
        """It ends with this."""
        self._end(error)

    def _end(self, how: Accepted | SendError) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(how)
