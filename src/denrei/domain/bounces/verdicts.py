"""From the words about a recipient to a finding: the table of replies, and what only notices say."""

from __future__ import annotations

import re
from typing import NamedTuple

from denrei.domain.bounces.said import Said
from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
from denrei.domain.replies import carriers, judging
from denrei.domain.replies.carriers import Provider
from denrei.domain.replies.rules import Stage

#: Characters of a text that are judged, and of the evidence that is kept.
_MOST_JUDGED = 1_200
_MOST_EVIDENCE = 240


class Judged(NamedTuple):
    """What the words about a recipient come to."""

    reason: Reason
    evidence: str


#: What a reply answered to, as systems write it; no word of it means RCPT. A refusal before a
#: recipient was named is one of the sender: `Stage.MAIL`.
#: Sendmail's `>>> DATA` is no stage: it sends DATA before it has read what RCPT was answered.
_STAGES = (
    (
        Stage.MAIL,
        r"in reply to (?:helo|ehlo|mail from)|refused to talk to me|after (?:initial connection|helo|ehlo|mail from)|\[(?:mail_from|connect|helo)\]|>>> ?(?:mail|helo|ehlo)\b|did not like our (?:helo|ehlo|mail)|in mail from|error following (?:mail|helo|ehlo)|but (?:sender|my name) was rejected|but greeting failed",
    ),
    (
        Stage.FINAL,
        r"end of data|in reply to data|text command|\[(?:body|data)\]|final data",
    ),
)
_STAGE = tuple((stage, re.compile(pattern)) for stage, pattern in _STAGES)
_HOST = re.compile(r"\bhost ([a-z0-9.-]{4,255})\[")
_REPLY = re.compile(r"(?<![\w.\-+#/])([45]\d\d)(?=[ \-:,#]|$)")
_PREFIX = re.compile(r"(?m)^\s*(?:<<<\s*)?|(?<![\w.])[45]\d\d-(?=#?[45]\.\d)")
#: IronPort puts this before whatever was answered: it says nothing itself.
_UNKNOWN_ERROR = re.compile(r"(?i)unknown address error")
_ENHANCED = re.compile(
    r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])|said:|[45]\d\d [A-Za-z<]|[45]\d\d -"
)
#: Postfix's words after a reply: they tell the stage, and are none of the server's.
_COMMAND = re.compile(r"(?i)\(in\s+reply\s+to\s[\w\s]{2,30}\)")
_URL = re.compile(r"(?i)https?://(?!\S{0,40}google)\S{1,300}")


class About(NamedTuple):
    """What is known of a refusal beside its words."""

    recipient: str
    #: RFC 3464's Status, "" without one.
    status: str
    #: Who refused; "" where it is not said.
    host: str
    stage: Stage


def about(said: Said, texts: list[str]) -> About:
    """Gather what the report and the texts tell of who refused, and what."""
    everything = "\n".join(text[:_MOST_JUDGED] for text in (*said.words, *texts)).lower()
    stage = next((stage for stage, pattern in _STAGE if pattern.search(everything)), Stage.RCPT)
    named = _HOST.search(everything)
    host = said.host or (named[1] if named else "")
    return About(said.recipient, said.status, host, stage)


def judge(texts: list[str], known: About) -> Judged | None:
    """Return what the first text that says something says; None where none does."""
    for text in texts:
        if (judged := _judge(text[:_MOST_JUDGED], known)) is not None:
            return judged
    return None


def by_status(known: About) -> Judged | None:
    """Return what a status alone says, the field of a report."""
    return _judge("", known) if known.status else None


def has_code(line: str) -> bool:
    """Does a line quote a refusal of SMTP?"""
    return _REPLY.search(line) is not None and _ENHANCED.search(line) is not None


def _judge(text: str, known: About) -> Judged | None:
    said = _COMMAND.sub(" ", text)
    said = _URL.sub(" url ", _UNKNOWN_ERROR.sub(" ", _PREFIX.sub("", said))).replace("#", " ")
    said = _named(said, known.recipient)
    code = _REPLY.search(said)
    reply = judging.parts(code[1] if code else "", said)
    if not reply.status and known.status:
        reply = reply._replace(status_class=known.status[0], status=known.status[2:])
    if not reply.code:
        reply = reply._replace(code="450" if reply.status_class == "4" else "550")
    found = judging.explain(reply, stage=known.stage, domain=known.recipient.rpartition("@")[2])
    if found is None:
        return None
    reason = Reason.REFUSED if _is_carriers(found.rule.reason, known) else found.rule.reason
    return Judged(reason, _evidence(text, reply.words, found.span) or known.status)


def _named(text: str, recipient: str) -> str:
    """Put the word for the address: `<x@example.jp> does not exist` says it of the recipient."""
    if not recipient or len(text) < len(recipient):
        return text
    return re.sub(rf"(?i)[<\"']?{re.escape(recipient)}[>\"']?", " recipient ", text)


def _is_carriers(reason: Reason, known: About) -> bool:
    """Did docomo take back, after the message, what it had said of the recipient?

    It answers `550 Unknown user` where the owner's settings or its own filter refuse. The stage is
    hearsay in a notice, so nobody is silenced for it.
    """
    providers = {
        carriers.provider(known.recipient.rpartition("@")[2]),
        carriers.provider_of_host(known.host),
    }
    return suppresses(reason) and known.stage is Stage.FINAL and Provider.DOCOMO in providers


def _evidence(text: str, words: str, span: tuple[int, int]) -> str:
    """Return the words that decided, with what stands around them."""
    whole = " ".join(text.split())
    if len(whole) <= _MOST_EVIDENCE:
        return whole
    place = whole.lower().find(words[span[0] : span[1]][:40]) if span[1] else 0
    start = max(0, place - _MOST_EVIDENCE // 2)
    return whole[start : start + _MOST_EVIDENCE]


def suppresses(reason: Reason) -> bool:
    """Does the reason silence an address at once?"""
    return CONSEQUENCES[reason].suppress is Suppress.AT_ONCE
