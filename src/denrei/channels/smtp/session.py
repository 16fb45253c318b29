"""Messages on one connection, one after the other, in groups of commands where that is allowed.

With PIPELINING (RFC 2920) one write holds the body of a message with its dot and the envelope of
the next: one round trip for each message. Without it each command waits for its reply.

When the connection ends, each message's fate is exact: before its dot was written a retry is free
(`Phase.BEFORE`), after it nobody knows (`Phase.IN_DOUBT`). `alive()` is asked right before each
write; a message given up after DATA was answered takes the connection with it, for nothing but the
dot ends DATA.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from denrei.channels import SendError, WithheldError
from denrei.channels.smtp.extensions import Extensions
from denrei.channels.smtp.item import CLOSING, Item
from denrei.channels.smtp.message import Composer
from denrei.channels.smtp.wire import Cause, Wire
from denrei.domain.failures import Reason
from denrei.domain.replies import judging
from denrei.domain.replies.rules import Stage
from denrei.domain.states import Phase

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

_DATA = b"DATA\r\n"
_DOT = b".\r\n"
_RSET = b"RSET\r\n"
_QUIT = b"QUIT\r\n"
#: First digits of replies.
_OK, _GO_ON = b"2", b"3"
_LEFT = Cause(Reason.CONNECTION, "the gateway was closed", is_fault=False)
_WITHHELD = Cause(Reason.CONNECTION, "a message was withheld after DATA", is_fault=False)


class Source(Protocol):
    """Where a session finds its messages, and whom it tells of itself."""

    def take(self) -> Item | None:
        """Return the next message, if there is one."""

    def put_back(self, item: Item) -> None:
        """Take a message back, as the next one."""

    def takes_back(self, item: Item, stage: Stage, raw: bytes) -> bool:
        """Take a refused message back, to be tried again; False where the refusal counts."""

    def rests(self, session: Session) -> None:
        """It has nothing to do and may be woken."""

    def retires(self, session: Session) -> None:
        """It is ending of itself and must not be woken."""

    def works(self) -> None:
        """A message got its answer on it: connecting is worth while."""

    def lost(self, session: Session, cause: Cause) -> None:
        """It has ended."""


class Session(Wire):
    """The dialogue from MAIL on; each `_…` that takes a reply is a state."""

    def __init__(
        self, smtp: Smtp, source: Source, composer: Composer, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(loop)
        self._smtp = smtp
        self._source = source
        self._composer = composer
        self._offered = Extensions()
        self._is_pipelined = False
        self._is_open = False
        self._has_worked = False
        #: The message whose replies come now.
        self._item: Item | None = None
        #: The one whose envelope is on the wire behind the body of the first.
        self._next: Item | None = None
        #: Why the message is not sent although its dialogue goes on.
        self._refusal: tuple[Stage, bytes] | None = None

    def begin(self, offered: Extensions) -> None:
        """Start sending: the handshake is over."""
        self._offered = offered
        self._is_pipelined = offered.pipelining
        self._is_open = True
        self._start()

    def wake(self) -> None:
        """Send again after a rest; that the server has hung up meanwhile costs no message."""
        if self._transport.is_closing():
            return  # `lost` follows, and what waits goes by another
        self._start()
        if self._item is not None:
            self._handle = self._mailed_after_rest

    def leave(self) -> None:
        """End politely where nothing is under way, at once otherwise."""
        if self._item is None and self._is_open:
            self._quit()
        else:
            self.drop(_LEFT)

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle what was under way (`asyncio.Protocol`)."""
        is_stale = self._handle == self._mailed_after_rest and self._cause is None
        is_idle = self._item is None
        super().connection_lost(exc)
        assert self._cause is not None
        if self._is_open:
            is_fault = self._cause.is_fault and not (is_stale or is_idle)
            self._settle(self._cause, is_stale=is_stale)
            self._source.lost(self, self._cause._replace(is_fault=is_fault))

    def _settle(self, cause: Cause, *, is_stale: bool) -> None:
        item, following = self._item, self._next
        self._item = self._next = None
        if following is not None:
            following.cut(cause, Phase.BEFORE)
        if item is not None and is_stale:
            self._source.put_back(item)
        elif item is not None:
            item.cut(cause, Phase.IN_DOUBT if self._handle == self._dotted else Phase.BEFORE)

    # From one message to the next.

    def _take(self) -> Item | None:
        """Return the next message with its letter, to be written now."""
        while (item := self._source.take()) is not None:
            if item.is_over():
                continue
            try:
                item.letter = self._composer.compose(item.outgoing, self._offered, item.signed)
            except SendError as refusal:
                item.fail(refusal)
                continue
            if item.outgoing.alive():
                return item
            item.fail(WithheldError())
        return None

    def _start(self) -> None:
        item = self._item = self._take()
        if item is None:
            self._expect(self._spoken_to_at_rest, self._smtp.idle_timeout)
            self._source.rests(self)
        else:
            self._transport.write(self._envelope(item))
            self._expect_envelope()

    def _envelope(self, item: Item) -> bytes:
        mail, rcpt, _ = item.letter
        return mail + rcpt + _DATA if self._is_pipelined else mail

    def _write_with_next(self, data: bytes) -> None:
        """Write `data`, and behind it the next envelope where that is allowed."""
        item = self._next = self._take() if self._is_pipelined else None
        self._transport.write(data if item is None else data + self._envelope(item))

    def _follow(self) -> None:
        """The message is settled: on to the one behind it, or to another."""
        self._item, self._next = self._next, None
        if self._item is None:
            self._start()
        else:
            self._expect_envelope()

    def _expect_envelope(self) -> None:
        self._refusal = None
        self._expect(self._mailed, self._smtp.command_timeout)

    # States: each is given the reply to what its name says was done.

    def _mailed_after_rest(self, raw: bytes) -> None:
        self._mailed(raw)

    def _mailed(self, raw: bytes) -> None:
        assert self._item is not None
        if raw[:1] == _OK or self._note(Stage.MAIL, raw):
            self._go_on(self._named, self._item.letter.rcpt, self._smtp.command_timeout)

    def _named(self, raw: bytes) -> None:
        if raw[:1] == _OK or self._note(Stage.RCPT, raw):
            self._go_on(self._opened, _DATA, self._smtp.data_timeout)

    def _opened(self, raw: bytes) -> None:
        if raw[:1] == _GO_ON:
            if self._refusal is None:
                self._send_body()
            else:
                # RFC 2920, 3.1: a server may open DATA without a recipient; end it empty.
                self._answer_refused()
                self._write_with_next(_DOT)
                self._expect(self._emptied, self._smtp.final_timeout)
        elif raw[:1] == _OK:
            self._unexpected(raw)
        elif self._note(Stage.DATA, raw):
            self._give_up()

    def _dotted(self, raw: bytes) -> None:
        assert self._item is not None
        if raw[:1] == _OK:
            self._item.accept(raw)
        elif raw[:1] == _GO_ON:
            self._unexpected(raw)
            return
        else:
            self._refuse(Stage.FINAL, raw)
        self._has_answered()
        if raw.startswith(CLOSING):
            self._hang_up(raw)
        else:
            self._follow()

    def _emptied(self, raw: bytes) -> None:
        if raw.startswith(CLOSING):
            self._hang_up(raw)
        else:
            self._follow()

    def _reset(self, raw: bytes) -> None:
        if raw[:1] == _OK:
            self._follow()
        else:
            self._hang_up(raw)

    def _spoken_to_at_rest(self, raw: bytes) -> None:
        self._hang_up(raw)

    # Acts.

    def _go_on(self, handle: Callable[[bytes], None], command: bytes, seconds: float) -> None:
        """Expect the next reply; pipelined, its command is on the wire already."""
        assert self._item is not None
        if self._is_pipelined:
            self._expect(handle, seconds)
        elif self._refusal is not None:
            self._give_up()
        elif self._item.is_wanted():
            self._transport.write(command)
            self._expect(handle, seconds)
        else:
            self._item.fail(WithheldError())
            self._write_with_next(_RSET)
            self._expect(self._reset, self._smtp.command_timeout)

    def _note(self, stage: Stage, raw: bytes) -> bool:
        """Keep a refusal, the first counts; False where the connection ends with it."""
        assert self._item is not None
        if raw.startswith(CLOSING):
            self._item.refuse(
                *(self._refusal or (stage, raw)), needs_entry=bool(self._smtp.pop_host)
            )
            self._hang_up(raw)
            return False
        if raw[:1] == _GO_ON:
            self._unexpected(raw)
            return False
        self._refusal = self._refusal or (stage, raw)
        return True

    def _send_body(self) -> None:
        assert self._item is not None
        if self._item.is_wanted():
            self._write_with_next(self._item.letter.data)
            self._expect(self._dotted, self._smtp.final_timeout)
        else:
            self._item.fail(WithheldError())
            self.drop(_WITHHELD)

    def _give_up(self) -> None:
        """End a refused dialogue outside DATA."""
        self._answer_refused()
        self._write_with_next(_RSET)
        self._expect(self._reset, self._smtp.command_timeout)

    def _answer_refused(self) -> None:
        assert self._item is not None
        assert self._refusal is not None
        self._refuse(*self._refusal)
        self._has_answered()

    def _refuse(self, stage: Stage, raw: bytes) -> None:
        """Answer a refusal; what is taken back may go by another connection, whatever becomes of this."""
        item = self._item
        assert item is not None
        if not raw.startswith(CLOSING) and self._source.takes_back(item, stage, raw):
            self._item = Item.over(item.outgoing)
        else:
            item.refuse(stage, raw, needs_entry=bool(self._smtp.pop_host))

    def _has_answered(self) -> None:
        if not self._has_worked:
            self._has_worked = True
            self._source.works()

    def _hang_up(self, raw: bytes) -> None:
        reply = judging.text(raw)
        reason, _ = judging.judge(reply, stage=Stage.CONNECT, domain="")
        self.drop(Cause(reason, reply))

    def _quit(self) -> None:
        self._source.retires(self)
        self._transport.write(_QUIT)
        self._expect(lambda _: self._transport.close(), self._smtp.command_timeout)

    def _expired(self) -> None:
        if self._handle == self._spoken_to_at_rest:
            self._quit()
        else:
            super()._expired()
