"""Whatever the bytes are: an answer, no error, and work in proportion to the length."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain.bounces import Kind, read
from denrei.domain.bounces.mime import MOST_BYTES, read_mail
from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
from tests.domain.bounces.mails import failed, report

HEAD = b"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: failure notice\nTo: a@b.example\n"
HOSTILE = {
    "a long line": HEAD + b"\n" + b"user " * 100_000,
    "ten thousand multiparts": HEAD
    + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(10_000)
    ),
    "ten thousand messages": HEAD + b"Content-Type: message/rfc822\n\n" * 10_000,
    "ten thousand parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\n\nx\n" * 10_000,
    "at signs": HEAD + b"\n" + b"@" * 200_000,
    "half an address": HEAD + b"\n" + b"a@" * 100_000,
    "tags": HEAD + b"Content-Type: text/html\n\n" + b"<a " * 100_000,
    "styles": HEAD + b"Content-Type: text/html\n\n" + b"<style>" * 50_000,
    "codes": HEAD + b"\n" + b"550 " * 100_000,
    "headers": b"X: y\n" * 100_000,
    "a header of many lines": b"Subject: x\n" + b" y\n" * 200_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 50_000 + b"\n\n",
    "recipients": HEAD
    + b"Content-Type: message/delivery-status\n\n"
    + b"".join(b"Final-Recipient: rfc822; %d@b.example\n\n" % n for n in range(10_000)),
    "a codec that takes the square of the time": HEAD
    + b"Content-Type: text/plain; charset=punycode\n\n"
    + b"a-" * 100_000,
    "a codec that is none": HEAD + b"Content-Type: text/plain; charset=zlib\n\nx\n",
    "broken Japanese": HEAD
    + b"Content-Type: text/plain; charset=iso-2022-jp\n\n"
    + b"\x1b$B\xff" * 50_000,
    "zeros": b"\0" * 300_000,
}


@pytest.mark.parametrize("mail", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_costs_no_more_than_its_bytes(mail: bytes) -> None:
    """Counted in lines of Python that run, not in seconds: no more than a few for each byte."""
    ran = 0

    def count(*_: object) -> object:
        nonlocal ran
        ran += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        found = read(mail)
    finally:
        sys.settrace(before)

    assert found
    assert ran < 8 * min(len(mail), MOST_BYTES) + 20_000


def test_a_mail_of_any_size_is_read_to_a_bound() -> None:
    mail = read_mail(HEAD + b"\n" + b"x\n" * 5_000_000)

    assert sum(len(part.text) for part in mail.parts) <= MOST_BYTES


BYTES = st.binary(max_size=400)
PIECES = st.lists(
    st.sampled_from(
        [
            b"From: MAILER-DAEMON@a.example\n",
            b"Content-Type: multipart/report; boundary=b\n",
            b"Content-Type: message/delivery-status\n",
            b"Content-Type: message/rfc822\n",
            b"Content-Type: text/html; charset=x\n",
            b"Content-Transfer-Encoding: base64\n",
            b"--b\n",
            b"--b--\n",
            b"\n",
            b" x\n",
            b"Final-Recipient: rfc822; a@b.example\n",
            b"Action: failed\nStatus: 5.1.1\n",
            b"<a@b.example>: 550 5.1.1 User unknown\n",
            b"Subject: =?utf-8?B?!!?= =?x?q?=\n",
            b"Received: x\nMessage-ID: <x@y>\nTo: a@b.example\n",
        ]
    )
    | BYTES,
    max_size=25,
).map(b"".join)


@pytest.mark.spec("EMC-6")
@given(mail=BYTES | PIECES)
def test_any_bytes_have_an_answer(mail: bytes) -> None:
    for finding in read(mail):
        assert finding.recipient is None or "@" in finding.recipient
        assert len(finding.evidence) <= 300
        if finding.kind is not Kind.FAILED:
            assert Suppress.NEVER == CONSEQUENCES[finding.reason].suppress


LOCAL = st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,20}", fullmatch=True).filter(
    lambda one: "=" not in one
)
ADDRESSES = st.builds("{}@{}.example".format, LOCAL, st.sampled_from(["a", "mail.b", "c-d"]))
WORDS = st.sampled_from(
    [
        ("550 5.1.1 User unknown", "5.1.1", Reason.UNKNOWN_USER),
        ("552 5.2.2 Mailbox full", "5.2.2", Reason.MAILBOX_FULL),
        ("550 5.7.1 Message rejected as spam", "5.7.1", Reason.POLICY),
        ("550 5.1.2 Host unknown", "5.1.2", Reason.UNKNOWN_HOST),
    ]
)


@pytest.mark.spec("EMC-6")
@given(refused=st.dictionaries(ADDRESSES, WORDS, min_size=1, max_size=6))
def test_a_report_gives_back_what_was_written_into_it(
    refused: dict[str, tuple[str, str, Reason]],
) -> None:
    fields = "\n".join(failed(words, status, whom) for whom, (words, status, _) in refused.items())

    found = {finding.recipient: finding.reason for finding in read(report(fields))}

    assert {whom: reason for whom, (_, _, reason) in refused.items()} == found
