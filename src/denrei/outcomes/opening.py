"""Opening a stored mail: its headers, the delivery that its address names, what it says.

No bytes raise, nothing is fetched, and only the head is decoded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

from denrei.deliveries import links
from denrei.deliveries.links import Correlation
from denrei.domain import bounces, text, tokens
from denrei.domain.bounces import Finding, Kind, decoding, mime
from denrei.domain.tokens import Opened, Purpose
from denrei.outcomes import doors
from denrei.outcomes.doors import Named
from denrei.outcomes.models import ReceivedMail, Way

#: Where mail systems write the address of the envelope, the surest first.
_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
_NAMED = ("To", "Cc")
#: Octets of a head, characters of a header that is shown.
_HEAD, _SHOWN = 64 << 10, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that was opened."""

    mail: ReceivedMail
    findings: tuple[Finding, ...]
    #: Names the delivery or the test, and we signed it.
    token: Named | None
    #: It came to a return path that we did not sign: nothing in it is believed.
    is_forged: bool
    #: Our mail that a person replied to.
    replied_to: Correlation | None
    #: It names our mail as the one that it answers, not only as one that came before.
    is_direct: bool
    #: Nobody wrote it, by its head.
    is_by_program: bool
    #: The answer page that its text quotes, signed by us.
    page: Opened | None
    #: When its author says that he wrote it; None: he does not, or not so that it makes sense.
    written_at: datetime | None
    #: Name and address of who wrote it, as a human reads it; the address alone.
    author: str
    author_address: str
    subject: str
    #: The Message-ID, or a hash of the bytes where there is none.
    identity: bytes


def open_mail(mail: ReceivedMail) -> Letter:
    """Open one mail."""
    raw = bytes(mail.raw)
    head = head_of(raw)
    addresses = [mail.envelope_to] if mail.envelope_to else list(_addresses(head))
    token = next((found for one in addresses if (found := doors.opened(one))), None)
    message_id = " ".join(_plain(head, "Message-ID").split())
    findings = bounces.read(raw) or (Finding(recipient=None, kind=Kind.OTHER),)
    return Letter(
        mail=mail,
        findings=findings,
        token=token,
        is_forged=token is None and any(map(doors.token_in, addresses)),
        replied_to=_replied_to(head),
        page=_page(mail) if findings[0].kind is Kind.OTHER else None,
        is_by_program=is_by_program(mail, head),
        is_direct=any(map(links.named, _plain(head, "In-Reply-To").split()[:5])),
        written_at=written_at(mail, head),
        author=_shown(_plain(head, "From")),
        author_address=next(iter(_mailboxes(_plain(head, "From"))), ""),
        subject=_shown(_plain(head, "Subject")),
        identity=hashlib.sha256(message_id.encode() if message_id else raw).digest(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a mail says to people."""

    #: The same in each form that it comes in: as plain text, as a page. () where it says nothing.
    bodies: tuple[str, ...]
    #: Without the marks of a reply.
    subject: str
    #: There is more than that: a picture, an attachment, more than is kept.
    has_more: bool


def words(mail: ReceivedMail) -> Words:
    """Return what a stored mail says; every part that is shown counts, in its order."""
    read = mime.read_mail(bytes(mail.raw))
    own = [part for part in read.parts if part.depth == 0]
    shown = [part for part in own if part.kind in _SHOWN_KINDS and not _is_file(part)]
    bodies = ("\n".join(part.text for part in shown if part.kind == kind) for kind in _SHOWN_KINDS)
    subject = decoding.words_of_header(read.headers.get("subject", ""))
    return Words(
        bodies=tuple(body for body in bodies if body.strip()),
        subject=_REPLY.sub("", subject),
        has_more=len(shown) < len(own) or mail.size > len(mail.raw),
    )


_SHOWN_KINDS = ("text/plain", "text/html")


def _is_file(part: mime.Part) -> bool:
    """Tell whether a part is a file beside what is said (RFC 2183)."""
    disposition = part.headers.get("content-disposition", "").lower()
    kind = part.headers.get("content-type", "").lower()
    return disposition.startswith("attachment") or "name" in disposition + kind.partition(";")[2]


def is_by_program(mail: ReceivedMail, head: Message) -> bool:
    """Tell whether a mail is one that nobody wrote: a receipt, a list, a machine (RFC 3834, 2)."""
    is_bounce = mail.way != Way.MAILBOX and not mail.envelope_from
    if is_bounce or _plain(head, "Return-Path").strip() == "<>":
        return True
    if any(name in head for name in _PROGRAMS):
        return True
    kind = _plain(head, "Content-Type").strip().lower()
    return (
        kind.startswith("multipart/report") or _plain(head, "Precedence").strip().lower() in _BULK
    )


_PROGRAMS = (
    "List-Id",
    "List-Post",
    "List-Unsubscribe",
    "X-Autoresponse",
    "X-Auto-Response-Suppress",
    "X-Loop",
)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})

#: What programs write before the subject of a reply.
_REPLY = re.compile(r"(?i)^(\s*(re|aw|sv|返信|回答)\s?(\[\d+\])?\s?[:：>])+\s*")


def _page(mail: ReceivedMail) -> Opened | None:
    """Return the one answer page that a text names; None where it names none, or several."""
    said = "\n".join(words(mail).bodies)
    found = {opened for token in _pages().findall(said)[:20] if (opened := _opened(token))}
    return found.pop() if len(found) == 1 else None


def _opened(token: str) -> Opened | None:
    return tokens.open_token(links.keyring(), Purpose.ANSWER, token)


def _pages() -> re.Pattern[str]:
    return re.compile(re.escape(links.answer_pages()) + r"([0-9a-zA-Z]{16,64})")


def written_at(mail: ReceivedMail, head: Message) -> datetime | None:
    """Return when the author says that he wrote a mail; whatever his clock says, not after it came."""
    try:
        at = parsedate_to_datetime(_plain(head, "Date"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), mail.arrived_at)


def head_of(raw: bytes) -> Message:
    """Return the headers of a mail, not decoded."""
    return BytesHeaderParser().parsebytes(_head(raw))


def _head(raw: bytes) -> bytes:
    ends = [at for end in (b"\r\n\r\n", b"\n\n") if (at := raw.find(end, 0, _HEAD)) >= 0]
    return raw[: min(ends, default=_HEAD)]


def _plain(head: Message, name: str) -> str:
    """Return a header as it is written, in characters that can be stored."""
    written = head.get(name, "")
    return str(written).encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _addresses(head: Message) -> Iterator[str]:
    for name in (*_ENVELOPE, *_NAMED):
        for value in head.get_all(name, []):
            yield from _mailboxes(str(value)[:2000])


def _mailboxes(written: str) -> list[str]:
    return [address for _, address in getaddresses([written]) if address]


def _replied_to(head: Message) -> Correlation | None:
    """Return which of our mails is answered: the nearest one first (RFC 5322, 3.6.4)."""
    ids = _plain(head, "In-Reply-To").split() + _plain(head, "References").split()[::-1]
    return next((found for one in ids[:50] if (found := links.named(one))), None)


def _shown(written: str) -> str:
    """Decode words of RFC 2047 for a human, nothing that he does not see."""
    try:
        words = str(make_header(decode_header(written[:2000])))
    except (MessageError, LookupError, ValueError):
        words = written
    stored = words.encode("utf-8", "replace").decode("utf-8")
    return text.clean(stored).text[:_SHOWN]
