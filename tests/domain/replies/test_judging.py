"""Every row of the carriers' and the enhanced codes' tables, and what must never suppress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
from denrei.domain.replies import carriers, judging
from denrei.domain.replies.carriers import Provider
from denrei.domain.replies.rules import Stage

DOCOMO, AU, SOFTBANK = "docomo.ne.jp", "ezweb.ne.jp", "softbank.ne.jp"
GMAIL, ELSEWHERE = "gmail.com", "example.jp"
RCPT, FINAL, MAIL = Stage.RCPT, Stage.FINAL, Stage.MAIL

CARRIERS = [
    (DOCOMO, RCPT, "550 Unknown user hanako@docomo.ne.jp", Reason.UNKNOWN_USER),
    (DOCOMO, FINAL, "550 Unknown user hanako@docomo.ne.jp", Reason.FILTERED),
    (DOCOMO, FINAL, "550 5.1.1 rejected", Reason.FILTERED),
    (DOCOMO, FINAL, "552 Too much mail data", Reason.MAILBOX_FULL),
    (DOCOMO, FINAL, "500 Line Too Long", Reason.CONTENT),
    (AU, RCPT, "550 <hanako@ezweb.ne.jp>: User unknown", Reason.UNKNOWN_USER),
    (AU, FINAL, "550 <hanako@ezweb.ne.jp>: User unknown", Reason.FILTERED),
    ("t5.ezweb.ne.jp", FINAL, "550 <x@t5.ezweb.ne.jp>: User unknown", Reason.FILTERED),
    ("au.com", FINAL, "550 <x@au.com>: User unknown", Reason.FILTERED),
    (AU, RCPT, "554 <x@ezweb.ne.jp>: Relay access denied", Reason.BAD_ADDRESS),
    (SOFTBANK, RCPT, "550 Invalid recipient: <hanako@softbank.ne.jp>", Reason.UNKNOWN_USER),
    (SOFTBANK, FINAL, "550 Invalid recipient: <hanako@softbank.ne.jp>", Reason.UNKNOWN_USER),
    (SOFTBANK, RCPT, "553 sender domain does not exist", Reason.POLICY),
    (SOFTBANK, RCPT, "553 <a@b.example.jp> does not exist", Reason.POLICY),
    (
        GMAIL,
        RCPT,
        (
            "550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
            "550-5.1.1 double-checking the recipient's email address for typos or\n"
            "550 5.1.1 unnecessary spaces. https://support.google.com/mail/?p=NoSuchUser"
        ),
        Reason.UNKNOWN_USER,
    ),
    (
        GMAIL,
        FINAL,
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
        Reason.POLICY,
    ),
    (
        GMAIL,
        FINAL,
        "550 5.7.1 Our system has detected an unusual rate of unsolicited mail",
        Reason.POLICY,
    ),
    (
        GMAIL,
        RCPT,
        "550 5.2.1 The email account that you tried to reach is disabled.",
        Reason.SUSPENDED,
    ),
    (
        GMAIL,
        RCPT,
        (
            "550-5.2.1 The user you are trying to contact is receiving mail at a rate that\n"
            "550 5.2.1 prevents additional messages from being delivered."
        ),
        Reason.THROTTLED,
    ),
    (
        "yahoo.co.jp",
        FINAL,
        "554 delivery error: dd This user doesn't have a yahoo.co.jp account (x@yahoo.co.jp) [0]",
        Reason.UNKNOWN_USER,
    ),
    (
        "yahoo.co.jp",
        FINAL,
        (
            "554 delivery error: dd Sorry your message to x@yahoo.co.jp cannot be"
            " delivered. This account has been disabled or discontinued [#102]."
        ),
        Reason.SUSPENDED,
    ),
    ("icloud.com", FINAL, "550 message rejected. Status 5.2.0", Reason.OTHER),
    ("icloud.com", RCPT, "550 5.1.1 unknown or illegal alias: x@icloud.com", Reason.UNKNOWN_USER),
]

STATUSES = [
    (RCPT, "550 5.1.1 no", Reason.UNKNOWN_USER),
    (FINAL, "550 5.1.1 no", Reason.UNKNOWN_USER),
    (RCPT, "550 5.1.2 no", Reason.UNKNOWN_HOST),
    (RCPT, "553 5.1.3 no", Reason.BAD_ADDRESS),
    (RCPT, "551 5.1.6 no", Reason.MOVED),
    (RCPT, "556 5.1.10 no", Reason.UNKNOWN_HOST),
    (RCPT, "550 5.2.1 no", Reason.SUSPENDED),
    (RCPT, "552 5.2.2 no", Reason.MAILBOX_FULL),
    (FINAL, "552 5.2.2 Quota exceeded (mailbox for user is full)", Reason.MAILBOX_FULL),
    (FINAL, "552 5.2.3 no", Reason.TOO_LARGE),
    (FINAL, "552 5.3.4 no", Reason.TOO_LARGE),
    (FINAL, "554 5.4.6 Too many hops", Reason.OTHER),
    (FINAL, "550 5.6.1 no", Reason.CONTENT),
    (RCPT, "550 5.7.0 no", Reason.POLICY),
    (RCPT, "550 5.7.1 no", Reason.POLICY),
    (RCPT, "550 5.7.23 no", Reason.POLICY),
    (FINAL, "550 5.7.26 no", Reason.POLICY),
    (RCPT, "525 5.7.13 Disabled recipient address", Reason.SUSPENDED),
    (RCPT, "553 5.1.8 no", Reason.POLICY),
    (FINAL, "552 no", Reason.MAILBOX_FULL),
    (RCPT, "550 no", Reason.OTHER),
    (RCPT, "550 5.0.0 no", Reason.OTHER),
    (FINAL, "554 transaction failed", Reason.OTHER),
    (
        RCPT,
        "550 5.4.1 Recipient address rejected: Access denied. [x.prod.outlook.com]",
        Reason.UNKNOWN_USER,
    ),
    (RCPT, "550 #5.1.0 Address rejected.", Reason.UNKNOWN_USER),
    (FINAL, "550 5.2.0 Message Filtered", Reason.FILTERED),
]

WORDS = [
    (RCPT, "550 5.1.1 <spam.policy@example.jp>: User unknown", Reason.UNKNOWN_USER),
    (
        RCPT,
        "550 5.7.1 <x@example.jp>: Recipient address rejected: User unknown",
        Reason.UNKNOWN_USER,
    ),
    (RCPT, "550 5.1.1 rejected, your IP is on our block list", Reason.POLICY),
    (RCPT, "550 No such user here", Reason.UNKNOWN_USER),
    (RCPT, "550 x@example.jp... No such user", Reason.UNKNOWN_USER),
    (
        RCPT,
        (
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient x@example.jp not found by SMTP"
            " address lookup"
        ),
        Reason.UNKNOWN_USER,
    ),
    (RCPT, "550 Host not found", Reason.UNKNOWN_HOST),
    (RCPT, "550 Sender verify failed", Reason.POLICY),
    (RCPT, "554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", Reason.POLICY),
    (FINAL, "550 5.7.1 Message rejected due to DMARC policy", Reason.POLICY),
    (FINAL, "554 your account has been suspended", Reason.POLICY),
    (RCPT, "554 5.7.1 <x@example.jp>: Relay access denied", Reason.GATEWAY),
    (RCPT, "530 5.7.0 Authentication required", Reason.GATEWAY),
    (RCPT, "550 Refused due to recipient preferences", Reason.FILTERED),
    (RCPT, "550 rejected by recipient domain policy", Reason.POLICY),
    (FINAL, "554 virus detected", Reason.CONTENT),
    (FINAL, "552 message too large", Reason.TOO_LARGE),
    (RCPT, "550 temporarily rejected, try again later", Reason.TEMPORARY),
    (RCPT, "501 invalid recipient syntax", Reason.BAD_ADDRESS),
    (RCPT, "550 5.5.0 Requested action not taken: mailbox unavailable", Reason.UNKNOWN_USER),
    (
        RCPT,
        "550 Requested action not taken: mailbox unavailable. Reject due to policy restrictions.",
        Reason.POLICY,
    ),
    (RCPT, "550 5.1.1 User unknown; see https://example.jp/blocked", Reason.UNKNOWN_USER),
    (RCPT, "550 5.1.1 Sender rejected: user unknown", Reason.POLICY),
    (RCPT, "550 5.7.507 Access denied, rejected by recipient", Reason.POLICY),
    (RCPT, "550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized", Reason.POLICY),
    (RCPT, "556 5.1.10 Domain example.jp does not accept mail (nullMX)", Reason.UNKNOWN_HOST),
    (RCPT, "550 5.1.1 <x@icloud.com>: inactive email address", Reason.UNKNOWN_USER),
    (RCPT, "550 <x@example.jp> is no longer valid", Reason.SUSPENDED),
    (RCPT, "550 This account is not activated", Reason.SUSPENDED),
    (RCPT, "542 x@example.jp Rejected", Reason.UNKNOWN_USER),
    (RCPT, "550 El destinatario no existe", Reason.UNKNOWN_USER),
    (RCPT, "550 宛先不明", Reason.UNKNOWN_USER),
    (FINAL, "554 message expired, connection timed out", Reason.TEMPORARY),
]

ABOUT_US = [
    (MAIL, "550 5.1.1 User unknown", Reason.POLICY),
    (MAIL, "553 5.1.8 Domain of sender address does not exist", Reason.POLICY),
    (MAIL, "550 5.7.1 Sender rejected", Reason.POLICY),
    (MAIL, "530 5.7.0 Must issue a STARTTLS command first", Reason.GATEWAY),
    (MAIL, "550 Authentication is required", Reason.GATEWAY),
    (MAIL, "503 bad sequence", Reason.GATEWAY),
    (MAIL, "552 5.3.4 message size exceeds fixed limit", Reason.TOO_LARGE),
    (MAIL, "550 5.4.5 Daily user sending limit exceeded", Reason.THROTTLED),
    (Stage.CONNECT, "554 no SMTP service here", Reason.GATEWAY),
    (Stage.HELO, "550 bad name", Reason.GATEWAY),
    (Stage.AUTH, "535 5.7.8 bad credentials", Reason.GATEWAY),
    (Stage.AUTH, "454 4.7.0 Temporary authentication failure", Reason.GATEWAY),
    (Stage.DATA, "550 5.1.1 User unknown", Reason.OTHER),
    (Stage.DATA, "554 5.7.1 spam", Reason.POLICY),
]

TEMPORARY = [
    (RCPT, "450 4.2.0 greylisted", Reason.TEMPORARY),
    (RCPT, "452 4.2.2 The recipient's inbox is out of storage", Reason.MAILBOX_FULL),
    (RCPT, "451 mailbox full", Reason.MAILBOX_FULL),
    (RCPT, "450 5.1.1 User unknown", Reason.TEMPORARY),
    (FINAL, "451 4.3.0 later", Reason.TEMPORARY),
    (FINAL, "471 later", Reason.TEMPORARY),
    (RCPT, "452 4.5.3 Too many recipients", Reason.THROTTLED),
    (MAIL, "421 4.7.0 Too many connections", Reason.THROTTLED),
    (MAIL, "421 shutting down", Reason.CONNECTION),
    (Stage.CONNECT, "421 shutting down", Reason.CONNECTION),
    (Stage.CONNECT, "450 busy", Reason.CONNECTION),
]


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(("domain", "stage", "reply", "reason"), CARRIERS)
def test_what_carriers_say(domain: str, stage: Stage, reply: str, reason: Reason) -> None:
    assert reason == judging.judge(reply, stage=stage, domain=domain).reason


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(("stage", "reply", "reason"), [*STATUSES, *WORDS, *ABOUT_US])
def test_what_others_say(stage: Stage, reply: str, reason: Reason) -> None:
    assert reason == judging.judge(reply, stage=stage, domain=ELSEWHERE).reason


@pytest.mark.parametrize(("stage", "reply", "reason"), TEMPORARY)
def test_a_temporary_answer_is_tried_again(stage: Stage, reply: str, reason: Reason) -> None:
    assert (reason, True) == judging.judge(reply, stage=stage, domain=ELSEWHERE)


def test_a_full_mailbox_is_tried_again_only_where_the_server_says_so() -> None:
    full = judging.judge("552 5.2.2 full", stage=RCPT, domain=ELSEWHERE)
    full_for_now = judging.judge("452 4.2.2 full", stage=RCPT, domain=ELSEWHERE)

    assert (Reason.MAILBOX_FULL, False) == full
    assert (Reason.MAILBOX_FULL, True) == full_for_now


def test_a_refused_sender_is_no_end_for_the_recipient() -> None:
    assert (Reason.POLICY, True) == judging.judge("550 no", stage=MAIL, domain=ELSEWHERE)


WORST_WORDS = st.sampled_from(
    ["User unknown", "5.1.1", "no such user", "5.1.6", "5.2.1", "指定受信", "Host not found"]
)


@pytest.mark.spec("EMC-6")
@given(
    code=st.integers(400, 499),
    words=st.lists(WORST_WORDS | st.text(max_size=20), max_size=4).map(" ".join),
    stage=st.sampled_from(list(Stage)),
    domain=st.sampled_from([DOCOMO, AU, SOFTBANK, GMAIL, ELSEWHERE]),
)
def test_a_temporary_answer_never_suppresses(
    code: int, words: str, stage: Stage, domain: str
) -> None:
    reason, retryable = judging.judge(f"{code} {words}", stage=stage, domain=domain)

    assert retryable
    assert Suppress.NEVER == CONSEQUENCES[reason].suppress


@pytest.mark.spec("EMC-6")
@given(
    code=st.integers(500, 599),
    words=st.lists(WORST_WORDS | st.text(max_size=20), max_size=4).map(" ".join),
    stage=st.sampled_from([stage for stage in Stage if stage not in {RCPT, FINAL}]),
    domain=st.sampled_from([DOCOMO, AU, SOFTBANK, GMAIL, ELSEWHERE]),
)
def test_nothing_suppresses_before_a_recipient_was_named(
    code: int, words: str, stage: Stage, domain: str
) -> None:
    reason, _ = judging.judge(f"{code} {words}", stage=stage, domain=domain)

    assert Suppress.NEVER == CONSEQUENCES[reason].suppress


@pytest.mark.spec("EMC-6")
@given(
    code=st.integers(500, 599),
    status=st.sampled_from(["4.1.1", "4.0.0", "4.4.7"]),
    words=st.lists(WORST_WORDS.filter(lambda one: "." not in one), max_size=3).map(" ".join),
    stage=st.sampled_from([RCPT, FINAL]),
    domain=st.sampled_from([DOCOMO, AU, SOFTBANK, GMAIL, ELSEWHERE]),
)
def test_a_temporary_status_never_suppresses_whatever_the_code(
    code: int, status: str, words: str, stage: Stage, domain: str
) -> None:
    reason, _ = judging.judge(f"{code} {status} {words}", stage=stage, domain=domain)

    assert Suppress.NEVER == CONSEQUENCES[reason].suppress


@given(raw=st.text(), stage=st.sampled_from(list(Stage)), domain=st.text(max_size=30))
def test_any_text_has_a_verdict(raw: str, stage: Stage, domain: str) -> None:
    assert isinstance(judging.judge(raw, stage=stage, domain=domain).reason, Reason)


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("docomo.ne.jp", Provider.DOCOMO),
        ("DOCOMO.NE.JP", Provider.DOCOMO),
        ("ezweb.ne.jp", Provider.AU),
        ("ido.ezweb.ne.jp", Provider.AU),
        ("biz.au.com", Provider.AU),
        ("example.au.com", Provider.OTHER),
        ("i.softbank.jp", Provider.SOFTBANK),
        ("d.vodafone.ne.jp", Provider.SOFTBANK),
        ("jp-r.ne.jp", Provider.SOFTBANK),
        ("rakumail.jp", Provider.RAKUTEN),
        ("notdocomo.ne.jp", Provider.OTHER),
        ("", Provider.OTHER),
    ],
)
def test_a_domain_tells_who_answers(domain: str, provider: Provider) -> None:
    assert provider == carriers.provider(domain)


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("mfsmax.docomo.ne.jp", Provider.DOCOMO),
        ("LSEAN.ezweb.ne.jp", Provider.AU),
        ("mx.example.jp", Provider.OTHER),
        ("", Provider.OTHER),
    ],
)
def test_a_host_tells_whose_it_is(host: str, provider: Provider) -> None:
    assert provider == carriers.provider_of_host(host)


def test_a_kept_reply_is_bounded_and_storable() -> None:
    kept = judging.text(b"550 \0\xff" + b"x" * 100_000)

    assert "550 \ufffd\ufffdxxx" == kept[:9]
    assert 1_000 == len(kept)
