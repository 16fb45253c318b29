"""Opening a stored mail: its headers, the delivery that its address names, what it says.

No bytes raise, nothing is fetched, and only the head is decoded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from denrei.domain import bounces, text
from denrei.domain.bounces import Finding, Kind
from denrei.outcomes import doors
from denrei.outcomes.doors import Named
from denrei.outcomes.models import ReceivedMail

#: Where mail systems write the address of the envelope, the surest first.
_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
_NAMED = ("To", "Cc")
#: Octets of a head, characters of a header that is shown.
_HEAD, _SHOWN = 64 << 10, 200
#: Our Message-ID and ENVID: `denrei.deliveries.links.correlation`.
_CORRELATION = re.compile(r"<?(\d{1,19})\.(\d{1,19})(?:@[^>\s]*)?>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Which delivery one of our Message-IDs names. Not signed: anybody could have written it."""

    #: 0: a test of a contact, and so its number is.
    broadcast_id: int
    delivery_id: int


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
    #: Name and address of who wrote it, as a human reads it; the address alone.
    author: str
    author_address: str
    subject: str
    #: The Message-ID, or a hash of the bytes where there is none.
    identity: bytes


def open_mail(mail: ReceivedMail) -> Letter:
    """Open one mail."""
    raw = bytes(mail.raw)
    head = BytesHeaderParser().parsebytes(_head(raw))
    addresses = [mail.envelope_to] if mail.envelope_to else list(_addresses(head))
    token = next((found for one in addresses if (found := doors.opened(one))), None)
    message_id = " ".join(_plain(head, "Message-ID").split())
    return Letter(
        mail=mail,
        findings=bounces.read(raw) or (Finding(recipient=None, kind=Kind.OTHER),),
        token=token,
        is_forged=token is None and any(map(doors.token_in, addresses)),
        replied_to=_replied_to(head),
        author=_shown(_plain(head, "From")),
        author_address=next(iter(_mailboxes(_plain(head, "From"))), ""),
        subject=_shown(_plain(head, "Subject")),
        identity=hashlib.sha256(message_id.encode() if message_id else raw).digest(),
    )


def correlation(written: str) -> Correlation | None:
    """Read a Message-ID or ENVID of ours; None for anybody else's."""
    found = _CORRELATION.fullmatch(written.strip())
    return (
        Correlation(broadcast_id=int(found[1]), delivery_id=int(found[2]))
        if found and max(int(found[1]), int(found[2])) < 2**63
        else None
    )


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
    return next((found for one in ids[:50] if (found := correlation(one))), None)


def _shown(written: str) -> str:
    """Decode words of RFC 2047 for a human, nothing that he does not see."""
    try:
        words = str(make_header(decode_header(written[:2000])))
    except (MessageError, LookupError, ValueError):
        words = written
    stored = words.encode("utf-8", "replace").decode("utf-8")
    return text.clean(stored).text[:_SHOWN]
