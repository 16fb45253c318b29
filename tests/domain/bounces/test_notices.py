"""Notices without a report, whoever wrote them: machines of many makers, in many languages."""

from __future__ import annotations

import pytest

from denrei.domain.bounces import Kind, read
from denrei.domain.failures import Reason
from tests.domain.bounces.mails import ORIGINAL, OURS, WHOM, notice, report

_PAGE = """\
Return-Path: <>
From: System Administrator <postmaster@example.jp>
To: <{ours}>
Subject: Undeliverable: Drill
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

This message is in MIME format. Since your mail reader does not understand
this format, some or all of this message may not be legible.

--b
Content-Type: text/html; charset="iso-8859-1"

<html><body><p>Your message<br>&nbsp; Subject: Drill<br><br>did not reach the following
recipient(s):<br><br>{whom} on Thu, 11 Jul 2002 16:54:54 -0300<br>&nbsp; The recipient name is not
recognized<br></p></body></html>
--b
Content-Type: message/rfc822

{original}
--b--
"""

NOTICES = {
    "a page alone, with a word for old programs before it": (
        _PAGE.format(ours=OURS, whom=WHOM, original=ORIGINAL).encode(),
        Reason.UNKNOWN_USER,
    ),
    "MDaemon, whose dialogue has our name in it": (
        notice(
            "The attached message had PERMANENT fatal delivery errors!\n\nThe following addresses did NOT"
            f" receive a copy of your message:\n\n> {WHOM}\n\n--- Session Transcript ---\n 220 mx.example.jp ESMTP\n"
            f" MAIL From:<{OURS}>\n 250 <{OURS}>, Sender ok\n RCPT To:<{WHOM}>\n 550 <{WHOM}>, Recipient unknown\n"
            " QUIT\n--- End Transcript ---\n",
            sender="MDaemon@mx.example.net",
            subject="Permanent Delivery Failure",
        ),
        Reason.UNKNOWN_USER,
    ),
    "a machine whose subject says little, giving the mail back": (
        notice(
            f"Intended recipient: {WHOM}\n\nThe following mail has been returned because it encountered an error"
            " while being processed.\n\n--------RETURNED MAIL FOLLOWS--------\n\n" + ORIGINAL,
            subject="Processing Error",
        ),
        Reason.OTHER,
    ),
    "a frame around the headings": (
        notice(
            "|------ Message log follows: ------|\n no valid recipients were found for this message\n"
            f"|------ Failed addresses follow: ------|\n {WHOM} ... unknown host\n"
            "|------ Message text follows: ------|\n" + ORIGINAL,
            subject="mail failed, returning to sender",
        ),
        Reason.UNKNOWN_HOST,
    ),
    "a service that is no daemon by its name": (
        notice(
            f"------ Failed Recipients ------\n\n<{WHOM}>: Requested action not taken: mailbox unavailable. [SMTP"
            " Error Code 550]\n-------- Returned Mail --------\n\n" + ORIGINAL,
            sender="SMTP_Mail_Service@example.org",
            subject="Returned Mail - Error During Delivery",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Exim, an address that it does not tell": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not"
            " be delivered to one or more of its\nrecipients. The following address(es) failed:\n\n  an undisclosed"
            f" address\n    (generated from {WHOM})\n\n------ This is a copy of the message ------\n\n{ORIGINAL}",
            subject="Mail delivery failed: returning message to sender",
        ),
        Reason.OTHER,
    ),
    "Exchange, an address of X.400": (
        notice(
            f"Your message\n\n  To:      all@denrei.example\n  Subject: Drill\n\ndid not reach the following"
            f" recipient(s):\n\nc=US;a= ;p=X;o=Y;dda:SMTP={WHOM}; on Fri, 4 Oct 2002\n    The recipient name is not"
            " recognized\n",
            sender="System Administrator <postmaster@example.jp>",
            subject="Undeliverable: Drill",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Exchange in Japanese": (
        notice(
            f"次の受信者または配布リストへの配信に失敗しました:\n\n{WHOM}\n受信者の電子メール アドレスが受信者の電子メール"
            " システムで見つかりませんでした。\n",
            sender="postmaster@example.jp",
            subject="配信不能: Drill",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Exchange in German": (
        notice(
            f"Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Verteilerlisten:\n\n{WHOM}\nDie"
            " E-Mail-Adresse des Empfängers wurde im E-Mail-System des Empfängers nicht gefunden.\n",
            sender="postmaster@example.jp",
            subject="Unzustellbar: Drill",
        ),
        Reason.UNKNOWN_USER,
    ),
    "the reason in the sentence that leads to the recipients": (
        notice(
            "Your mail to the following recipients could not be delivered because they are not accepting mail from"
            f" you:\n\n{WHOM}\n",
            subject="Mail Delivery Problem",
        ),
        Reason.FILTERED,
    ),
    "a page that only guesses": (
        notice(
            f"Your message could not be delivered to {WHOM}.\nThe recipient address may be invalid. Please verify"
            " that the address is correct.\n",
            subject="Mail could not be delivered",
        ),
        Reason.OTHER,
    ),
    "Postfix, whose line breaks between the code and the address": (
        notice(
            f"This is the mail system at host mx.example.net.\n\n<{WHOM}>: host mx.example.jp[192.0.2.1] said: 550\n"
            f"    <{WHOM}>: Recipient address rejected. (in reply to RCPT\n    TO command)\n",
            subject="Undelivered Mail Returned to Sender",
        ),
        Reason.UNKNOWN_USER,
    ),
    "who can help is nobody who did not get it": (
        notice(
            "Your message could not be delivered.\n\nFor further assistance, please contact <support@example.net>\n\n"
            f"解決できない場合は、<support@example.net>へご連絡ください。\n\n{ORIGINAL}",
            subject="Undelivered Mail Returned to Sender",
        ),
        Reason.OTHER,
    ),
    "not delivered, which is no delay": (
        notice(
            f"Your message to {WHOM} has reached our server, but this email address is wrong or no longer valid.\n\n"
            "Your message has NOT been delivered.\n",
            subject=f"Your message to {WHOM} could not be delivered.",
        ),
        Reason.UNKNOWN_USER,
    ),
}


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(("mail", "reason"), NOTICES.values(), ids=NOTICES.keys())
def test_who_did_not_get_it_and_why(mail: bytes, reason: Reason) -> None:
    (finding,) = read(mail)

    assert (WHOM, Kind.FAILED, reason) == (finding.recipient, finding.kind, finding.reason)


def test_a_report_that_can_not_be_read_leaves_the_text() -> None:
    mail = report(
        "Remark: none\n", text=f"Un message n'a pu être livré à :\n{WHOM}\nDestinataire inconnu\n"
    )

    (finding,) = read(mail)

    assert (WHOM, Kind.FAILED, Reason.UNKNOWN_USER) == (
        finding.recipient,
        finding.kind,
        finding.reason,
    )


def test_an_alias_that_leads_to_itself_is_one_recipient() -> None:
    fields = f"Final-Recipient: rfc822; {WHOM}\nAction: failed\nStatus: 5.1.1\n\n"

    assert len(read(report(3 * fields))) == 1


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    "subject",
    [
        "Réponse automatique : Drill",
        "Fuera de la oficina",
        "Автоответ: Drill",
        "自動返信: Drill",
        "Autosvar: Drill",
        "自动回复: Drill",
        "Thank you for your mail",
        "【自動送信】不在のお知らせ",
    ],
)
def test_an_automatic_answer_ends_nothing(subject: str) -> None:
    mail = notice(
        "I am away; taro@example.jp could not be reached either, user unknown.\n",
        sender=f"Hanako <{WHOM}>",
        subject=subject,
        headers="Auto-Submitted: auto-replied\n",
    )

    (finding,) = read(mail)

    assert finding.kind is Kind.AUTOMATIC


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("headers", ["In-Reply-To: <x@y>\n", "References: <x@y>\n"])
def test_a_person_who_answers_about_a_notice_is_none(headers: str) -> None:
    mail = notice(
        f"It says that the mail could not be delivered to the following recipient:\n<{WHOM}>\nWhy?\n",
        sender="Hanako <hanako@example.org>",
        subject="Mail could not be delivered",
        headers=headers,
    ).replace(b"Return-Path: <>\n", b"")

    assert [finding.kind for finding in read(mail)] == [Kind.OTHER]
