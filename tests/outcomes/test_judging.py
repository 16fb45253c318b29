"""What the words of a mail do to a delivery: who may say what (EMC-6)."""

from __future__ import annotations

import pytest

from denrei.domain.bounces import Finding, Kind
from denrei.domain.failures import Reason
from denrei.domain.folding import UNCHANGED, MailRank
from denrei.outcomes import judging
from denrei.outcomes.models import FoundBy

ADDRESS = "taro@example.jp"
TOKEN, MESSAGE, BY_ADDRESS = FoundBy.TOKEN, FoundBy.MESSAGE, FoundBy.ADDRESS


def finding(kind: Kind, reason: Reason = Reason.NONE, recipient: str | None = ADDRESS) -> Finding:
    return Finding(recipient=recipient, kind=kind, reason=reason)


UNKNOWN = finding(Kind.FAILED, Reason.UNKNOWN_USER)
FORWARDED = finding(Kind.FAILED, Reason.UNKNOWN_USER, "taro@elsewhere.example")
NAMELESS = finding(Kind.FAILED, Reason.UNKNOWN_USER, None)

#: What the mail says, how the delivery was found → rank, reason that counts, a human looks.
CASES = {
    "our return path, this address": ((UNKNOWN,), TOKEN, (40, Reason.UNKNOWN_USER, False)),
    "our return path, nobody named": ((NAMELESS,), TOKEN, (40, Reason.UNKNOWN_USER, False)),
    "our return path, without a reason": (
        (finding(Kind.FAILED),),
        TOKEN,
        (40, Reason.OTHER, False),
    ),
    "a mailbox that is forwarded to": ((FORWARDED,), TOKEN, (40, Reason.OTHER, True)),
    "one of two places of a forward": (
        (FORWARDED, finding(Kind.DELIVERED, recipient="b@elsewhere.example")),
        TOKEN,
        (UNCHANGED, Reason.OTHER, True),
    ),
    "an address of its own beside a forward": (
        (FORWARDED, UNKNOWN),
        TOKEN,
        (40, Reason.UNKNOWN_USER, False),
    ),
    "Message-ID and this address": ((UNKNOWN,), MESSAGE, (40, Reason.UNKNOWN_USER, False)),
    "Message-ID and another address": ((FORWARDED,), MESSAGE, (UNCHANGED, Reason.OTHER, True)),
    "Message-ID and nobody named": ((NAMELESS,), MESSAGE, (UNCHANGED, Reason.OTHER, True)),
    "the address alone": ((UNKNOWN,), BY_ADDRESS, (40, Reason.OTHER, True)),
    "full": (
        (finding(Kind.FAILED, Reason.MAILBOX_FULL),),
        TOKEN,
        (40, Reason.MAILBOX_FULL, False),
    ),
    "delayed": (
        (finding(Kind.DELAYED, Reason.TEMPORARY),),
        TOKEN,
        (UNCHANGED, Reason.TEMPORARY, False),
    ),
    "delivered": ((finding(Kind.DELIVERED),), TOKEN, (15, Reason.NONE, False)),
    "delivered, by the address alone": (
        (finding(Kind.DELIVERED),),
        BY_ADDRESS,
        (UNCHANGED, Reason.NONE, False),
    ),
    "reported as spam": ((finding(Kind.FEEDBACK),), TOKEN, (UNCHANGED, Reason.NONE, True)),
    "out of office": ((finding(Kind.AUTOMATIC),), TOKEN, (None, Reason.NONE, False)),
    "a reply, or unreadable": (
        (finding(Kind.OTHER, recipient=None),),
        TOKEN,
        (None, Reason.NONE, True),
    ),
}


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(("said", "found_by", "expected"), CASES.values(), ids=CASES.keys())
def test_what_words_do(
    said: tuple[Finding, ...], found_by: FoundBy, expected: tuple[int | None, Reason, bool]
) -> None:
    verdict = judging.judge(said, ADDRESS, found_by)

    rank = verdict.fold.rank if verdict.fold else None
    assert (rank, verdict.reason, verdict.waits) == expected
    assert MailRank.BOUNCED == 40


@pytest.mark.parametrize(
    ("reported", "same"),
    [
        ("taro@example.jp", True),
        ("TARO@Example.JP", True),
        ('"taro"@example.jp', True),
        ("<taro@example.jp>", True),
        ("taro@mx1.example.jp", True),
        ("jiro@example.jp", False),
        ("taro@example.com", False),
        ("taro@badexample.jp", False),
        ("no address", False),
        ("", False),
    ],
)
def test_which_addresses_are_the_same_place(reported: str, same: bool) -> None:
    assert judging.is_same(reported, ADDRESS) is same
