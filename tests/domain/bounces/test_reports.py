"""What a report for machines says (RFC 3464), and which of its words count."""

from __future__ import annotations

import pytest

from denrei.domain.bounces import Kind, read
from denrei.domain.failures import Reason
from tests.domain.bounces.mails import ORIGINAL, OURS, WHOM, failed, report

REFUSALS = {
    "Postfix": (
        f"550 5.1.1 <{WHOM}>: Recipient address rejected: User unknown in local recipient table",
        "5.1.1",
        Reason.UNKNOWN_USER,
    ),
    "the words, not the status": (
        f"550 5.2.1 <{WHOM}>... User Unknown",
        "5.2.1",
        Reason.UNKNOWN_USER,
    ),
    "the status where there are no words": ("550 no", "5.1.1", Reason.UNKNOWN_USER),
    "a status of the mail system's own": (
        f"550 5.7.1 550 User Unknown: {WHOM}",
        "5.0.0",
        Reason.UNKNOWN_USER,
    ),
    "the recipient's name is the subject": (
        f"550 <{WHOM}> does not exist",
        "5.0.0",
        Reason.UNKNOWN_USER,
    ),
    "somebody else's name is not": (
        "550 <someone@example.net> does not exist",
        "5.0.0",
        Reason.OTHER,
    ),
    "Microsoft": (
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient hanako@example.jp not found by SMTP address lookup",
        "5.1.10",
        Reason.UNKNOWN_USER,
    ),
    "Microsoft, by the directory": (
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
        "5.4.1",
        Reason.UNKNOWN_USER,
    ),
    "Microsoft, who may write": (
        "550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized",
        "5.7.1",
        Reason.POLICY,
    ),
    "Microsoft, expired": ("550 4.4.7 QUEUE.Expired; message expired", "4.4.7", Reason.TEMPORARY),
    "Google": (
        "550-5.1.1 The email account that you tried to reach does not exist. Please try 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser",
        "5.1.1",
        Reason.UNKNOWN_USER,
    ),
    "Google, not authenticated": (
        "550-5.7.26 This mail has been blocked because the sender is unauthenticated.",
        "5.7.26",
        Reason.POLICY,
    ),
    "Google, disabled": (
        "550 5.2.1 The email account that you tried to reach is disabled.",
        "5.2.1",
        Reason.SUSPENDED,
    ),
    "Google, a name that DNS does not know for the moment": (
        "DNS type 'mx' lookup of example.jp responded with code NXDOMAIN",
        "4.0.0",
        Reason.TEMPORARY,
    ),
    "Yahoo": (
        "554 30 Sorry, your message to hanako@example.jp cannot be delivered. This mailbox is disabled (554.30).",
        "5.0.0",
        Reason.SUSPENDED,
    ),
    "iCloud": (f"550 5.1.1 <{WHOM}>: inactive email address", "5.1.1", Reason.UNKNOWN_USER),
    "iCloud, moved": (f"550 5.1.6 recipient no longer on server: {WHOM}", "5.1.6", Reason.MOVED),
    "iCloud, block list": (
        "550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1",
        "5.7.0",
        Reason.POLICY,
    ),
    "IronPort": (
        "5.1.0 - Unknown address error 554-'5.7.1 <hanako@example.jp>: Relay access denied' (delivery attempts: 0)",
        "5.1.0",
        Reason.GATEWAY,
    ),
    "IronPort, nobody": (
        "5.1.0 - Unknown address error 550-'#5.1.0 Address rejected.' (delivery attempts: 0)",
        "5.1.0",
        Reason.UNKNOWN_USER,
    ),
    "MessageLabs": (f"542 {WHOM} Rejected", "5.0.0", Reason.UNKNOWN_USER),
    "Orange": (
        "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
        "5.1.1",
        Reason.UNKNOWN_USER,
    ),
    "Orange, full": (
        "550 5.7.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
        "5.7.1",
        Reason.MAILBOX_FULL,
    ),
    "Tencent": (
        "550 Mailbox not found. https://service.mail.qq.com/detail/122/169",
        "5.0.0",
        Reason.UNKNOWN_USER,
    ),
    "null MX": (
        "556 5.1.10 <hanako@example.jp>: Recipient address rejected: Domain example.jp does not accept mail (nullMX)",
        "5.1.10",
        Reason.UNKNOWN_HOST,
    ),
    "Sendmail, null MX": ("550 Host does not accept mail", "5.7.27", Reason.UNKNOWN_HOST),
    "no such domain": (
        "Host or domain name not found. Name service error for name=example.jp type=A: Host not found",
        "5.4.4",
        Reason.UNKNOWN_HOST,
    ),
    "the sender's domain": (
        "553 5.1.8 <bounce@denrei.example>... Domain of sender address does not exist",
        "5.1.8",
        Reason.POLICY,
    ),
    "reverse DNS": (
        "550 5.7.25 The IP address sending this message does not have a PTR record",
        "5.7.25",
        Reason.POLICY,
    ),
    "too large": ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", Reason.TOO_LARGE),
    "full": (
        f"552 5.2.2 <{WHOM}> Quota exceeded (mailbox for user is full)",
        "5.2.2",
        Reason.MAILBOX_FULL,
    ),
    "loop": ("554 5.4.6 Too many hops", "5.4.6", Reason.OTHER),
    "gave up on a temporary answer": (
        "450 4.1.1 User unknown, try again",
        "4.1.1",
        Reason.TEMPORARY,
    ),
    "nothing known": ("550 5.0.0 Requested action aborted", "5.0.0", Reason.OTHER),
}


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(("diagnostic", "status", "reason"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_a_refusal_means(diagnostic: str, status: str, reason: Reason) -> None:
    (finding,) = read(report(failed(diagnostic, status)))

    assert (WHOM, Kind.FAILED, reason) == (finding.recipient, finding.kind, finding.reason)


def test_each_recipient_has_words_of_its_own() -> None:
    fields = (
        failed("550 5.1.1 User unknown", whom="a@example.jp")
        + "\n"
        + failed("552 5.2.2 Mailbox full", whom="b@example.jp")
    )
    findings = read(report(fields, envelope="D-1"))

    assert [
        ("a@example.jp", Reason.UNKNOWN_USER),
        ("b@example.jp", Reason.MAILBOX_FULL),
    ] == [(finding.recipient, finding.reason) for finding in findings]
    assert {"D-1"} == {finding.envelope_id for finding in findings}
    assert {"original@denrei.example"} == {finding.message_id for finding in findings}


def test_a_report_without_a_diagnosis_is_explained_by_the_text() -> None:
    fields = f"Final-Recipient: rfc822; {WHOM}\nAction: failed\nStatus: 5.0.0\n"

    (finding,) = read(report(fields, text=f"<{WHOM}>: Domain does not exist"))

    assert Reason.UNKNOWN_HOST == finding.reason


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        ("in reply to RCPT TO command", Reason.UNKNOWN_USER),
        ("in reply to end of DATA command", Reason.UNKNOWN_USER),
        ("in reply to MAIL FROM command", Reason.POLICY),
        ("refused to talk to me", Reason.POLICY),
    ],
)
def test_what_is_said_before_a_recipient_was_named_is_about_the_sender(
    stage: str, reason: Reason
) -> None:
    text = f"<{WHOM}>: host mx.example.jp[192.0.2.9] said: 550 User unknown ({stage})"

    (finding,) = read(report(failed("550 User unknown"), text=text))

    assert reason == finding.reason


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        ("RCPT TO", Reason.UNKNOWN_USER),
        ("end of DATA", Reason.REFUSED),
    ],
)
def test_docomo_takes_back_after_the_message_what_it_said_of_the_recipient(
    stage: str, reason: Reason
) -> None:
    text = f"<{WHOM}>: host mfsmax.docomo.ne.jp[192.0.2.9] said: 550 Unknown user (in reply to {stage} command)"

    (finding,) = read(report(failed("550 Unknown user"), text=text))

    assert reason == finding.reason


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("delayed", Kind.DELAYED),
        ("Delayed (will be tried again)", Kind.DELAYED),
        ("delivered", Kind.DELIVERED),
        ("relayed", Kind.DELIVERED),
        ("expanded", Kind.DELIVERED),
    ],
)
def test_only_a_failure_ends_a_delivery(action: str, kind: Kind) -> None:
    (finding,) = read(report(failed("550 5.1.1 User unknown").replace("failed", action)))

    assert kind == finding.kind
    assert finding.reason in {Reason.NONE, Reason.TEMPORARY}


@pytest.mark.parametrize(
    ("field", "recipient"),
    [
        ("rfc822; a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("rfc822;-x@ezweb.ne.jp", "-x@ezweb.ne.jp"),
        ("rfc822; x.@docomo.ne.jp", "x.@docomo.ne.jp"),
        ('rfc822; "a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ("RFC822; <hanako@example.jp>", "hanako@example.jp"),
        ("hanako@example.jp", "hanako@example.jp"),
        ("rfc822; Hanako <hanako@example.jp>", "hanako@example.jp"),
        ("rfc822;hanako+40example.jp", "hanako@example.jp"),
        ("utf-8; h\\x{E9}l\\x{E8}ne@example.jp", "hélène@example.jp"),
        ("rfc822; =?utf-8?B?8J+Q?=@example.org", "=?utf-8?B?8J+Q?=@example.org"),
        ("rfc822; hanako+tag=x@example.jp", "hanako+tag=x@example.jp"),
        ("rfc822; hanako@localhost", "hanako@localhost"),
    ],
)
def test_an_address_is_kept_as_the_report_has_it(field: str, recipient: str) -> None:
    (finding,) = read(report(f"Final-Recipient: {field}\nAction: failed\nStatus: 5.1.1\n"))

    assert recipient == finding.recipient


def test_the_address_before_a_forward_is_kept_beside() -> None:
    fields = (
        failed("550 5.1.1 User unknown", whom="new@example.net")
        + f"Original-Recipient: rfc822;{WHOM}\n"
    )

    (finding,) = read(report(fields))

    assert ("new@example.net", WHOM) == (finding.recipient, finding.original_recipient)


@pytest.mark.parametrize(
    "fields",
    [
        f"Original-Recipient: rfc822; {WHOM}\nAction: failed\nDiagnostic-Code: smtp; 550 User unknown\n",
        f"Action: failed\nDiagnostic-Code: smtp; 550 User unknown\nFinal-Recipient: rfc822; {WHOM}\n",
        f"Final-Recipient: rfc822; {WHOM}\n\nAction: failed\nDiagnostic-Code: smtp; 550 User unknown\n",
        f"Final-Recipient: rfc822; {WHOM}\nAction: failed\nDiagnostic-Code: smtp; 550\n User\n unknown\n",
        f"final-recipient : rfc822;{WHOM}\naction: FAILED\ndiagnostic-code: 550 User\nunknown\n",
    ],
    ids=["the original alone", "another order", "a blank line within", "folded", "not folded"],
)
def test_reports_that_break_the_rules_are_read(fields: str) -> None:
    (finding,) = read(report(fields))

    assert (WHOM, Reason.UNKNOWN_USER) == (finding.recipient, finding.reason)


def test_a_report_in_a_mail_that_is_carried_counts_where_there_is_no_other() -> None:
    carried = report(failed("550 5.1.1 User unknown")).decode()
    forwarded = f"From: Taro <taro@example.net>\nSubject: Fw\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nPlease look.\n--o\nContent-Type: message/rfc822\n\n{carried}\n--o--\n"

    (finding,) = read(forwarded.encode())

    assert (WHOM, Reason.UNKNOWN_USER) == (finding.recipient, finding.reason)


def test_a_report_in_the_text_is_read() -> None:
    mail = f"From: MAILER-DAEMON@example.net\nTo: {OURS}\nSubject: Failure\n\nTechnical report:\n\nReporting-MTA: dsn; mx\n\n{failed('550 5.1.1 User unknown')}\n{ORIGINAL}"

    (finding,) = read(mail.encode())

    assert (WHOM, Reason.UNKNOWN_USER) == (finding.recipient, finding.reason)
