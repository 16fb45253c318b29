"""One SMTP connection of the mail world: a strict server (RFC 5321) that misbehaves by the rules.

It announces PIPELINING (RFC 2920), SIZE, ENHANCEDSTATUSCODES, 8BITMIME, DSN and SMTPUTF8.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from denrei.project.demo import envelope, letters
from denrei.project.demo.faults import NOTHING, Faults
from denrei.project.demo.returning import Returns
from denrei.project.demo.rules import Act, Rule, RuleBook
from denrei.project.demo.smtpwire import Wire
from denrei.project.demo.worldlog import WorldLog

_AT_DOT = frozenset({Act.REFUSE_DATA, Act.DROP_AFTER_DOT})
_TOO_BIG = Rule(match="", act=Act.REFUSE_DATA, code=552, text="5.3.4 Message too big")


@dataclass(slots=True, kw_only=True)
class Shared:
    """What all sessions of one world have in common."""

    book: RuleBook
    log: WorldLog
    #: Seconds since 1970, for the log.
    clock: Callable[[], float]
    #: Bytes of the largest message taken.
    size: int
    #: The log keeps what people read, too.
    texts: bool = False
    #: What is broken at this moment, on purpose.
    faults: Faults = NOTHING
    connections: int = 0
    sessions: set[Session] = field(default_factory=set)
    #: RCPT of greylisted addresses so far.
    tries: Counter[str] = field(default_factory=Counter)
    #: Where mails that come back go; None: nobody takes them.
    returns: Returns | None = None
    #: Events by name.
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, event: str, **keys: object) -> None:
        """Count an event and note it for the next flush."""
        self.counts[event] += 1
        self.log.note(event, at=round(self.clock(), 6), **keys)


class Session(Wire):
    """Commands, and what becomes of a message."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared.log, shared.size)
        self._shared = shared
        #: Done when the connection is gone.
        self.lost = asyncio.get_running_loop().create_future()
        self._greeted = False
        self._sender: str | None = None
        self._utf8 = False
        self._recipients: list[tuple[str, Rule]] = []
        self._cut = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet, or say 421 where the rule for connections says so."""
        super().connection_made(transport)
        shared = self._shared
        shared.sessions.add(self)
        shared.connections += 1
        busy = shared.faults.busy or shared.book.busy
        if busy is not None and (not busy.times or shared.connections <= busy.times):
            self._refuse("connect", "", busy)
            self._closing = True
        else:
            self._say(b"220 mail.example ESMTP")
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the session; a transaction without its final dot leaves no trace."""
        super().connection_lost(exc)
        self._shared.sessions.discard(self)
        self.lost.set_result(None)

    def _obey(self, line: bytes) -> None:
        verb = line[:4].upper() if line[4:5] in b" " else b""
        _COMMANDS.get(verb, Session._unknown)(self, line)

    def _reset(self) -> None:
        self._sender = None
        self._recipients = []
        self._utf8 = self._cut = self._too_big = False

    def _answered(self) -> None:
        self._drip = self._sender is not None

    # Commands, in the order of a session.

    def _ehlo(self, line: bytes) -> None:
        self._reset()
        self._greeted = True
        if line[:4].upper() == b"HELO":
            self._say(b"250 mail.example")
            return
        self._say(
            b"250-mail.example\r\n250-PIPELINING\r\n250-SIZE %d\r\n250-ENHANCEDSTATUSCODES\r\n"
            b"250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8" % self._shared.size
        )

    def _mail(self, line: bytes) -> None:
        if not self._greeted:
            self._say(b"503 5.5.1 Send EHLO first")
            return
        if self._sender is not None:
            self._say(b"503 5.5.1 Nested MAIL command")
            return
        if self._shared.faults.busy is not None:
            self._refuse("mail", "", self._shared.faults.busy)
            return
        try:
            sender, parameters = envelope.parse(line)
        except envelope.EnvelopeError as error:
            self._say(error.reply)
            return
        size = parameters.get("SIZE", "")
        if size.isdigit() and int(size) > self._shared.size:
            self._say(b"552 5.3.4 Message size exceeds fixed limit")
            return
        self._sender = sender
        self._utf8 = "SMTPUTF8" in parameters
        self._say(b"250 2.1.0 Ok")

    def _rcpt(self, line: bytes) -> None:
        if self._sender is None:
            self._say(b"503 5.5.1 Need MAIL command")
            return
        try:
            address, _ = envelope.parse(line)
        except envelope.EnvelopeError as error:
            self._say(error.reply)
            return
        if not address:
            self._say(b"501 5.1.3 Bad address syntax")
        elif not self._utf8 and not address.isascii():
            self._say(b"553 5.6.7 Address needs SMTPUTF8")
        else:
            self._take(address, self._shared.faults.upon(address, self._shared.book.find(address)))

    def _take(self, address: str, rule: Rule) -> None:
        self._drip = self._drip or rule.drip
        if rule.act is Act.REFUSE_RCPT or self._greylists(address, rule):
            self._later(rule.seconds, lambda: self._refuse("rcpt", address, rule))
            return
        self._recipients.append((address, rule))
        self._cut = self._cut or rule.act is Act.CUT_IN_BODY
        self._say(b"250 2.1.5 Ok")

    def _greylists(self, address: str, rule: Rule) -> bool:
        if rule.act is not Act.GREYLIST:
            return False
        self._shared.tries[address] += 1
        return self._shared.tries[address] <= rule.times

    def _data(self, _line: bytes) -> None:
        if self._sender is None:
            self._say(b"503 5.5.1 Need MAIL command")
        elif not self._recipients:
            self._say(b"554 5.5.1 No valid recipients")
        else:
            self._in_body = True
            self._say(b"354 End data with <CR><LF>.<CR><LF>")

    def _rset(self, _line: bytes) -> None:
        self._reset()
        self._say(b"250 2.0.0 Ok")

    def _noop(self, _line: bytes) -> None:
        self._say(b"250 2.0.0 Ok")

    def _vrfy(self, _line: bytes) -> None:
        self._say(b"252 2.0.0 Cannot VRFY user")

    def _quit(self, _line: bytes) -> None:
        self._say(b"221 2.0.0 Bye")
        self._closing = True

    def _unknown(self, _line: bytes) -> None:
        self._say(b"500 5.5.2 Command not recognized")

    # What becomes of a message.

    def _begun(self) -> None:
        if self._cut:
            for address, _ in self._recipients:
                self._shared.note("dropped", rcpt=address, sender=self._sender, phase="body")
            self._closing = True

    def _finish(self, raw: bytes) -> None:
        """Store or refuse the message; one answer for all recipients, as SMTP has it."""
        rules = [rule for _, rule in self._recipients]
        rule = next((rule for rule in rules if rule.act in _AT_DOT), rules[0])
        if self._too_big:
            rule = _TOO_BIG
        if rule.act is not Act.REFUSE_DATA:
            self._store(raw, told=rule.act is not Act.DROP_AFTER_DOT)
        self._later(max(rule.seconds for rule in rules), lambda: self._answer(rule))

    def _store(self, raw: bytes, *, told: bool) -> None:
        letter = letters.read(raw)
        seen = dataclasses.asdict(letters.words(raw)) if self._shared.texts else {}
        for address, rule in self._recipients:
            marks: dict[str, object] = {**seen} if told else {**seen, "told": False}
            if rule.hidden:
                marks["hidden"] = True
            if rule.act is Act.RETURN and self._shared.returns is not None:
                self._shared.returns.put(self._sender or "", address, rule, raw)
            self._shared.note(
                "accepted",
                rcpt=address,
                sender=self._sender,
                id=letter.message_id,
                subject=letter.subject,
                urls=letter.urls,
                **marks,
            )

    def _answer(self, rule: Rule) -> None:
        if rule.act is Act.DROP_AFTER_DOT:
            self._closing = True
        elif rule.act is Act.REFUSE_DATA:
            self._refuse("data", self._recipients[0][0], rule)
            for address, _ in self._recipients[1:]:
                self._note_refusal("data", address, rule)
        else:
            self._say(b"250 2.0.0 Ok: queued")
        self._reset()

    def _refuse(self, phase: str, address: str, rule: Rule) -> None:
        self._note_refusal(phase, address, rule)
        self._out.append(rule.reply(address, self._sender or ""))
        self._closing = self._closing or rule.code == 421

    def _note_refusal(self, phase: str, address: str, rule: Rule) -> None:
        self._shared.note(
            "refused",
            rcpt=address,
            sender=self._sender or "",
            phase=phase,
            code=rule.code,
            text=rule.text,
        )


_COMMANDS: Mapping[bytes, Callable[[Session, bytes], None]] = {
    b"EHLO": Session._ehlo,
    b"HELO": Session._ehlo,
    b"MAIL": Session._mail,
    b"RCPT": Session._rcpt,
    b"DATA": Session._data,
    b"RSET": Session._rset,
    b"NOOP": Session._noop,
    b"VRFY": Session._vrfy,
    b"QUIT": Session._quit,
}
