"""Notices and reports as a bad way leaves them: cut off, twisted, declared to be what they are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain.bounces import Kind, read
from denrei.domain.failures import CONSEQUENCES, Suppress
from tests.domain.bounces.mails import WHOM, failed, report
from tests.domain.bounces.test_notices import NOTICES
from tests.domain.bounces.test_systems import TEXTS

WHOLE = [
    *(mail for mail, _ in NOTICES.values()),
    *(mail for mail, _ in TEXTS.values()),
    report(failed("550 5.1.1 User unknown", "5.1.1", WHOM)),
]
CHARSETS = [
    "utf-16",
    "utf-7",
    "hz",
    "iso-2022-kr",
    "idna",
    "zlib",
    "rot13",
    "undefined",
    "\xff",
    "",
]
ENCODINGS = ["base64", "quoted-printable", "uuencode", "8bit", "x"]
NEWLINES = [b"\r\n", b"\r", b"\n\n", b"\n ", b"\0\n"]

mails = st.sampled_from(WHOLE)
places = st.integers(min_value=0, max_value=4_000)

Fault = Callable[[bytes], bytes]


def _declared(charset: str) -> Fault:
    name = charset.encode("latin-1")
    head = b"Content-Type: text/plain; charset=" + name + b"\n"
    return lambda mail: head + mail.replace(b"charset=", b"charset=" + name + b"; x=")


def _encoded(encoding: str) -> Fault:
    return lambda mail: b"Content-Transfer-Encoding: " + encoding.encode() + b"\n" + mail


def _instead(old: bytes, new: bytes) -> Fault:
    return lambda mail: mail.replace(old, new)


faults = st.one_of(
    places.map(lambda end: lambda mail: mail[:end]),
    places.map(lambda start: lambda mail: mail[start:]),
    st.tuples(places, st.binary(min_size=1, max_size=40)).map(
        lambda given: lambda mail: mail[: given[0]] + given[1] + mail[given[0] + 8 :]
    ),
    st.tuples(places, mails).map(
        lambda given: lambda mail: mail[: given[0]] + given[1][given[0] // 2 :]
    ),
    st.sampled_from(CHARSETS).map(_declared),
    st.sampled_from(ENCODINGS).map(_encoded),
    st.sampled_from(NEWLINES).map(lambda new: _instead(b"\n", new)),
    st.sampled_from([b"", b"@@", b"\xff@", b"=40"]).map(lambda new: _instead(b"@", new)),
)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """Return a notice with a few faults."""
    mail = draw(mails)
    for fault in draw(st.lists(faults, min_size=1, max_size=4)):
        mail = fault(mail)
    return mail


@pytest.mark.spec("EMC-6")
@given(mail=broken())
def test_a_broken_notice_has_an_answer(mail: bytes) -> None:
    for finding in read(mail):
        assert finding.recipient is None or "@" in finding.recipient
        assert len(finding.evidence) <= 300
        if finding.kind is not Kind.FAILED:
            assert CONSEQUENCES[finding.reason].suppress is Suppress.NEVER


@pytest.mark.spec("EMC-6")
def test_a_report_is_read_wherever_it_is_cut_off() -> None:
    """What is left says the same of the recipient, or nothing of him."""
    whole = report(failed("550 5.1.1 User unknown", "5.1.1", WHOM))

    for end in range(len(whole)):
        for finding in read(whole[:end]):
            assert finding.recipient in {None, WHOM} or WHOM.startswith(finding.recipient)


def test_a_notification_of_a_recipient_without_an_at_is_about_nobody() -> None:
    mail = (
        b'From: no-reply@sns.amazonaws.com\n\n{"Type":"Notification","Message":"{\\"notificationType\\":'
        b'\\"Bounce\\",\\"bouncedRecipients\\":[{\\"emailAddress\\":\\"hanako.example.jp\\"}]}"}'
    )

    assert [finding.recipient for finding in read(mail)] == [None]
