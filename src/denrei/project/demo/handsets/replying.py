"""Replying as one of the people: a mail of that person's program, handed to the post room by LMTP (RFC 2033)."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from denrei.project.demo.handsets.phones import Slip
from denrei.project.demo.handsets.playing import PlayError
from denrei.project.demo.handsets.wire import Arrival

#: Seconds that the post room may take.
_PATIENCE = 10.0
#: Characters of a reply.
LONGEST = 400
_US = "phone.example"


def reply(slip: Slip, text: str) -> None:
    """Reply to the mail of a phone. PlayError: it did not go out."""
    if slip.letter is None:
        raise PlayError(_("この端末には、返信できるメールが届いていません。"))
    if not text.strip():
        raise PlayError(_("返信の文を入力してください。"))
    door = next(((host, port) for way, host, port in settings.MAIL_LISTEN if way == "lmtp"), None)
    if door is None:
        raise PlayError(_("返信を受け取るサーバーがありません。"))
    mail = written(slip.letter, text[:LONGEST])
    try:
        with smtplib.LMTP(*door, local_hostname=_US, timeout=_PATIENCE) as peer:
            peer.sendmail(slip.letter.address, [parseaddr(slip.letter.author)[1]], mail.as_bytes())
    except (OSError, smtplib.SMTPException) as error:
        words = _("返信を送れませんでした（%(reply)s）。少し待ってから、もう一度送ってください。")
        raise PlayError(words % {"reply": error}) from error


def written(letter: Arrival, text: str) -> EmailMessage:
    """Return what the program of a phone sends: the text above, the mail quoted below."""
    mail = EmailMessage()
    mail["From"] = letter.address
    mail["To"] = parseaddr(letter.author)[1]
    mail["Subject"] = f"Re: {letter.subject}"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=_US)
    if letter.message_id:
        mail["In-Reply-To"] = mail["References"] = letter.message_id
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    mail.set_content(f"{text}\n\n{quoted}\n")
    return mail
