"""One content as bytes with gaps: headers, body, transfer encoding, dots doubled, lines kept short.

The gaps are the recipient, the correlation and the URLs. A person's message is one `%` of bytes;
only a URL that could change where dots are doubled, or a quoted-printable body, takes longer.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from denrei.channels import Content
from denrei.channels.smtp import addresses, headers, repertoire
from denrei.channels.smtp.dkim import Seal, Signer

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

#: Where each person's own address comes.
URL_MARK = "{{url}}"
#: Octets of a line without its end (RFC 5321, 4.5.3.1.6); docomo refuses longer ones.
LONGEST_LINE = 998
_NO_LIMIT = 1 << 30
#: Control characters that only quoted-printable carries safely (a tab is text).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A rendered content."""

    #: Address in From, the return path where the gateway has no domain for it.
    sender: bytes
    #: What MAIL must say of this body: b" BODY=8BITMIME", or nothing.
    parameters: bytes
    #: A longer URL would make a line too long: render wrapped.
    url_room: int
    head: bytes
    #: Body between the URLs, dots not doubled; starts with the empty line after the head.
    segments: tuple[bytes, ...]
    #: Head and body for `%`: recipient, correlation, then the URLs; b"" where `fill` must join.
    filled: bytes
    #: A URL stands at the start of a line.
    is_delicate: bool
    #: Where the gateway signs.
    seal: Seal | None = None

    def fill(self, to: bytes, correlation: bytes, url: bytes) -> bytes:
        """Return one person's message with its final dot."""
        if self.seal is None:
            return self._filled(to, correlation, url)
        part = url if self.filled else _quoted(url)
        return self.seal.field(to, correlation, part) + self._filled(to, correlation, url)

    def _filled(self, to: bytes, correlation: bytes, url: bytes) -> bytes:
        if self.filled and not (self.is_delicate and url[:1] in b"."):
            return self.filled % (to, correlation, *[url] * (len(self.segments) - 1))
        part = url if self.filled else _quoted(url)
        return self.head % (to, correlation) + _stuffed(part.join(self.segments)) + b".\r\n"


def render(
    content: Content,
    settings: Smtp,
    now: datetime,
    *,
    eight_bit: bool,
    wrapped: bool,
    signer: Signer | None = None,
) -> Template:
    """Render `content`; `wrapped` asks for quoted-printable whatever it holds.

    What is signed has no bytes above 127: a server on the way that can't take them would re-encode the
    body and break the signature (RFC 6376, 5.3).

    ValueError: a header has a control character, or the sender is no address.
    """
    name = headers.check(content.sender_name or settings.sender_name)
    subject = headers.check(content.subject)
    body = _lines(content.body)
    charset = "utf-8"
    if settings.encoding == "iso-2022-jp" and not _CONTROL.search(body):
        folded = [repertoire.fold(text) for text in (name, subject, body)]
        if repertoire.carries("".join(folded)):
            (name, subject, body), charset = folded, settings.encoding
    plain = [part.encode(charset) for part in body.split(URL_MARK)]
    room = _url_room(plain)
    is_ascii = all(part.isascii() for part in plain)
    is_plain = is_ascii or (eight_bit and signer is None)
    quoted = wrapped or room < 0 or bool(_CONTROL.search(body)) or not is_plain
    encoding = "quoted-printable" if quoted else "7bit" if is_ascii else "8bit"
    segments = _quoted_segments(plain) if quoted else [_crlf(part) for part in plain]
    segments[0] = b"\r\n" + segments[0]
    sender = _ascii_mailbox(content.sender_address or settings.sender_address)
    head = b"".join(
        (
            headers.mailbox("From", name, sender, charset).replace(b"%", b"%%"),
            b"To: %b\r\n",
            headers.unstructured("Subject", subject, charset).replace(b"%", b"%%"),
            _fixed(settings, content.reply_to or settings.reply_to, now),
            f"Content-Type: text/plain; charset={charset}\r\n".encode("ascii"),
            f"Content-Transfer-Encoding: {encoding}\r\n".encode("ascii"),
        )
    )
    return Template(
        sender=sender,
        parameters=b" BODY=8BITMIME" if encoding == "8bit" else b"",
        url_room=_NO_LIMIT if quoted else room,
        head=head,
        segments=tuple(segments),
        filled=b"" if quoted else head + _gaps(segments) + b".\r\n",
        is_delicate=any(part[-1:] in b"\n" for part in segments[:-1]),
        seal=signer.prepare(head, tuple(segments), now) if signer else None,
    )


def _fixed(settings: Smtp, reply_to: str, now: datetime) -> bytes:
    """Return the lines of the head that no text decides, ready to be filled with a Message-ID."""
    return b"".join(
        (
            f"Date: {format_datetime(now)}\r\n".encode("ascii"),
            f"Message-ID: <%b@{settings.identity}>\r\n".encode("ascii"),
            _reply_to(reply_to).replace(b"%", b"%%"),
            b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n",
        )
    )


def _lines(body: str) -> str:
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    return lines if lines.endswith("\n") else lines + "\n"


def _url_room(plain: list[bytes]) -> int:
    """Return how long a URL may be; below 0 where a line is too long without one."""
    room = _NO_LIMIT
    for line in b"\0".join(plain).split(b"\n"):
        gaps = line.count(b"\0")
        free = LONGEST_LINE - (len(line) - gaps)
        room = min(room, free // gaps if gaps else free if free < 0 else room)
    return room


def _gaps(segments: list[bytes]) -> bytes:
    return b"%b".join(_stuffed(part).replace(b"%", b"%%") for part in segments)


def _stuffed(data: bytes) -> bytes:
    return data.replace(b"\n.", b"\n..")


def _crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def _quoted(data: bytes) -> bytes:
    return _crlf(b2a_qp(data))


def _quoted_segments(plain: list[bytes]) -> list[bytes]:
    """Encode each part by itself: a URL stands on a line of its own, between soft line breaks."""
    soft = b"=\r\n"
    return (soft + b"\0" + soft).join(_quoted(part) for part in plain).split(b"\0")


def _ascii_mailbox(address: str) -> bytes:
    wire = addresses.mailbox(address)
    if not wire.isascii():
        raise ValueError("the sender's address is not ASCII")
    return wire


def _reply_to(address: str) -> bytes:
    return b"Reply-To: " + _ascii_mailbox(address) + b"\r\n" if address else b""
