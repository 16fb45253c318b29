"""Short mails as the mail systems of the world write them when they give one back."""

from __future__ import annotations

#: Whom denrei wrote to, and from where.
WHOM = "hanako@example.jp"
OURS = "bounce+1@denrei.example"

ORIGINAL = f"""\
Received: from denrei.example (denrei.example [192.0.2.1]) by mx.example.net with ESMTP
Message-ID: <original@denrei.example>
From: Denrei <{OURS}>
To: <{WHOM}>
Subject: Drill
MIME-Version: 1.0

Please answer.
"""


def notice(
    text: str,
    *,
    sender: str = "Mail System <MAILER-DAEMON@mx.example.net>",
    subject: str = "failure notice",
    headers: str = "",
) -> bytes:
    """Return a notice of text alone, as systems without RFC 3464 write it."""
    return (
        f"Return-Path: <>\nFrom: {sender}\nTo: <{OURS}>\nSubject: {subject}\n{headers}\n{text}"
    ).encode()


def report(
    fields: str,
    *,
    text: str = "Your message could not be delivered.",
    envelope: str = "",
    original: str = ORIGINAL,
) -> bytes:
    """Return a report of RFC 3464 of the given fields of its recipients."""
    of_message = "Reporting-MTA: dns; mx.example.net\n"
    of_message += f"Original-Envelope-Id: {envelope}\n" if envelope else ""
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: <{OURS}>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

{text}

--b
Content-Type: message/delivery-status

{of_message}
{fields}

--b
Content-Type: message/rfc822

{original}
--b--
""".encode()


def failed(diagnostic: str, status: str = "5.0.0", whom: str = WHOM) -> str:
    """Return the fields of one recipient who was refused."""
    return (
        f"Final-Recipient: rfc822; {whom}\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {diagnostic}\n"
    )
