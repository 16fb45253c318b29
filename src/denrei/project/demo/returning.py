"""Mails that come back after they were taken: reports to the return path (RFC 3464), by LMTP.

What mail systems do behind the first one, which is all that a sender talks to.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
from contextlib import suppress

from denrei.project.demo.rules import Rule

#: Seconds until a mail comes back, and between tries while nobody listens.
_AFTER, _PAUSE = 5.0, 2.0
_TRIES = 30
_US = "mail.example"
_MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*<([^>\s]*)>")
_REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@{us}>
To: {sender}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <returned.{message_id}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="returned"

--returned
Content-Type: text/plain; charset=us-ascii

This is the mail system at host {us}.

I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

<{address}>: host relay.example said: {words}

--returned
Content-Type: message/delivery-status

Reporting-MTA: dns; {us}

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; {words}

--returned
Content-Type: text/rfc822-headers

"""


class Returns:
    """Sends reports, one after the other, until it is ended."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._due: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._task = asyncio.create_task(self._run())

    def put(self, sender: str, address: str, rule: Rule, raw: bytes) -> None:
        """Let a mail to `address` come back to its sender; to nobody where it has none."""
        if sender:
            words = rule.reply(address, sender).decode("ascii", "replace").strip()
            content = report(sender, address, words, raw)
            loop = asyncio.get_running_loop()
            loop.call_later(_AFTER, self._due.put_nowait, (sender, content))

    async def end(self) -> None:
        """Send no more."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            sender, content = await self._due.get()
            for _ in range(_TRIES):
                try:
                    await asyncio.to_thread(self._send, sender, content)
                    break
                except (OSError, smtplib.SMTPException):
                    await asyncio.sleep(_PAUSE)

    def _send(self, sender: str, content: bytes) -> None:
        host, port = self._place
        with smtplib.LMTP(host, port, local_hostname=_US, timeout=10) as peer:
            peer.sendmail("", [sender], content)


def report(sender: str, address: str, words: str, raw: bytes) -> bytes:
    """Return the report that a mail to `address` was refused with `words`, its head attached."""
    head = raw.partition(b"\r\n\r\n")[0]
    found = _MESSAGE_ID.search(head)
    message_id = found[1].decode("ascii", "replace") if found else ""
    text = _REPORT.format(
        us=_US, sender=sender, address=address, words=words, message_id=message_id
    )
    return text.replace("\n", "\r\n").encode() + head + b"\r\n\r\n--returned--\r\n"
