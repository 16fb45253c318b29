"""Mails that are no failure end no delivery, and mails by people are not taken for one."""

from __future__ import annotations

import pytest

from denrei.domain.bounces import Kind, read
from denrei.domain.failures import Reason
from tests.domain.bounces.mails import ORIGINAL, OURS, WHOM, notice

FEEDBACK = f"""\
From: abuse@isp.example
To: {OURS}
Subject: abuse report
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report. The account does not exist.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Original-Rcpt-To: <{WHOM}>
--b
Content-Type: message/rfc822

{ORIGINAL}
--b--
"""


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("mail", [FEEDBACK, FEEDBACK.replace("Original-Rcpt-To", "X-Other")])
def test_an_abuse_report_says_that_the_mail_arrived(mail: str) -> None:
    (finding,) = read(mail.encode())

    assert (WHOM, Kind.FEEDBACK, Reason.NONE) == (finding.recipient, finding.kind, finding.reason)


def test_a_complaint_of_outlook_says_that_the_mail_arrived() -> None:
    (finding,) = read(
        f"From: staff@hotmail.com\nTo: {OURS}\nSubject: complaint about message from 192.0.2.1\n"
        f"Content-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: {WHOM}\n{ORIGINAL}".encode()
    )

    assert (WHOM, Kind.FEEDBACK, Reason.NONE) == (finding.recipient, finding.kind, finding.reason)


def test_a_wish_to_leave_is_feedback_of_its_writer() -> None:
    (finding,) = read(
        f"From: <{WHOM}>\nTo: {OURS}\nSubject: unsubscribe\n\nApple Mail sent this.\n".encode()
    )

    assert (WHOM, Kind.FEEDBACK) == (finding.recipient, finding.kind)


AWAY = f"From: {WHOM}\nTo: {OURS}\n"


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    ("mail", "kind"),
    [
        (AWAY + "Subject: Re: Drill\nAuto-Submitted: auto-replied\n\nI am away.\n", Kind.AUTOMATIC),
        (AWAY + "Subject: Out of Office: Drill\n\nBack on Monday.\n", Kind.AUTOMATIC),
        (AWAY + "Subject: =?utf-8?B?5LiN5Zyo6YCa55+l?=\n\n出張中です。\n", Kind.AUTOMATIC),
        (AWAY + "Subject: Drill\nX-Autoreply: yes\n\nHello.\n", Kind.AUTOMATIC),
        (AWAY + "Subject: Re: Drill\n\n無事です。\n", Kind.OTHER),
        (
            AWAY + "Subject: Re: Drill\n\nMy other mail said 550 5.1.1 User unknown. Odd!\n",
            Kind.OTHER,
        ),
        (
            AWAY + "Subject: Re: Drill\n\n> Your message could not be delivered?\nIt was.\n",
            Kind.OTHER,
        ),
        (
            "Return-Path: <>\n"
            + AWAY
            + "Subject: Re: Drill\nAuto-Submitted: auto-replied\n\nI am no"
            " longer employed here. Your mail was not delivered to me. Please write to the following"
            " person:\n\ntaro@example.jp\n",
            Kind.AUTOMATIC,
        ),
        ("", Kind.OTHER),
    ],
)
def test_people_and_their_programs_answer(mail: str, kind: Kind) -> None:
    (finding,) = read(mail.encode())

    assert (None, kind, Reason.NONE) == (finding.recipient, finding.kind, finding.reason)


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    "text",
    [
        f"Delivery to the following recipient has been delayed:\n\n     {WHOM}\n\nMessage will be retried for 2 more day(s)",
        f"A message is delayed for more than 4 hours for the following\nlist of recipients:\n\n{WHOM}: User unknown",
        f"**  THIS IS A WARNING MESSAGE ONLY  **\n\nThe following address(es) have not yet been delivered:\n\n  {WHOM}",
    ],
)
def test_a_warning_of_a_delay_ends_nothing(text: str) -> None:
    (finding,) = read(notice(text, subject="Warning: message delayed"))

    assert (WHOM, Kind.DELAYED) == (finding.recipient, finding.kind)
    assert Reason.UNKNOWN_USER != finding.reason


def test_the_mail_that_came_back_names_the_recipient_where_the_notice_does_not() -> None:
    (finding,) = read(
        notice(
            "Your message was not delivered: user unknown.\n\n--- Below this line is a copy of the message.\n\n"
            + ORIGINAL
        )
    )

    assert (WHOM, Reason.UNKNOWN_USER) == (finding.recipient, finding.reason)
    assert "original@denrei.example" == finding.message_id


def test_nobody_is_guessed_where_the_mail_had_several_recipients() -> None:
    original = ORIGINAL.replace(f"<{WHOM}>", f"<{WHOM}>, <other@example.jp>")

    (finding,) = read(
        notice(
            "Your message was not delivered: user unknown.\n\n--- Below this line is a copy of the message.\n\n"
            + original
        )
    )

    assert finding.recipient is None


def test_the_sender_is_not_taken_for_the_recipient() -> None:
    (finding,) = read(
        notice(f"Hello {OURS},\n\nyour message could not be delivered:\n\n{WHOM}\n\nUser unknown\n")
    )

    assert (WHOM, Reason.UNKNOWN_USER) == (finding.recipient, finding.reason)
