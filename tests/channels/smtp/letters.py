"""Letters as a gateway composes them, and as a server keeps and a receiver reads them."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

from denrei.channels import Content, Outgoing
from denrei.channels.smtp.extensions import Extensions
from denrei.channels.smtp.message import Composer, Letter
from tests.channels.smtp.relay import smtp

NOW = datetime(2026, 11, 22, 5, 55, tzinfo=UTC)
ALL = Extensions(pipelining=True, eight_bit=True, utf8=True, dsn=True)
NONE = Extensions()
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
]


def content(**changes: object) -> Content:
    """Return a content with `changes`."""
    fields: dict[str, object] = {
        "key": "k",
        "subject": "件名",
        "body": "本文\n",
        "language": "ja",
        "reply_to": "answer@city.example.jp",
        **changes,
    }
    return Content(**fields)  # type: ignore[arg-type]  # fields of many types in one mapping


def letter(message: Outgoing, offered: Extensions = ALL, **settings: object) -> Letter:
    """Compose one letter by a gateway of its own."""
    return Composer(smtp(25, **settings), lambda: NOW).compose(message, offered)


def lines(data: bytes) -> list[bytes]:
    """Return the lines that a server keeps: dots undoubled, the last one taken away."""
    assert data.endswith(b"\r\n.\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    return [line.removeprefix(b".") for line in data[:-5].split(b"\r\n")]


def read(data: bytes) -> EmailMessage:
    """Read a message as its receiver would."""
    whole = b"\r\n".join(lines(data)) + b"\r\n"
    policy = email.policy.default
    return email.message_from_bytes(whole, policy=policy)


def text(data: bytes) -> str:
    """Return the text of a message with its own line ends."""
    body = read(data).get_content()
    assert isinstance(body, str)
    return body.replace("\r\n", "\n")
