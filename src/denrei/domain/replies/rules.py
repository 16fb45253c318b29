"""The table of what SMTP replies mean, by stage, provider, codes and words.

The code alone says too little: docomo and au answer `550 Unknown user` at RCPT for an address that
does not exist, and the same words after DATA for one whose owner filters (so do others for block
lists). The rows are tried in order, the first that fits decides, and their order keeps to EMC-6:
silencing somebody by mistake is the worst error, so words about ourselves win over codes about the
recipient, a temporary answer never suppresses, and what nothing explains is `Reason.OTHER`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.replies import words
from denrei.domain.replies.carriers import Provider


class Stage(StrEnum):
    """What a reply answers to."""

    #: The greeting, before a command.
    CONNECT = "connect"
    #: EHLO or HELO.
    HELO = "helo"
    #: STARTTLS and AUTH: what must be done before mail may be sent.
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    #: The command DATA itself.
    DATA = "data"
    #: The dot that ends the message.
    FINAL = "final"


class Verdict(NamedTuple):
    """The translation of one reply."""

    reason: Reason
    retryable: bool


class Reply(NamedTuple):
    """A reply in its parts: `550 5.1.1 No such user` is ("550", "5", "1.1", "no such user")."""

    #: Three digits.
    code: str
    #: Class of the enhanced status (RFC 3463); "" where there is none.
    status_class: str
    #: Subject and detail of the enhanced status; "" where there is none.
    status: str
    #: The words in lower case, without any address: a local part may be named `spam.policy`.
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: what is given must fit; `retryable` None means as the reason says."""

    reason: Reason
    retryable: bool | None = None
    at: frozenset[Stage]
    who: frozenset[Provider]
    code: re.Pattern[str]
    status: re.Pattern[str]
    words: re.Pattern[str]

    def fits(self, reply: Reply, stage: Stage, who: Provider) -> bool:
        """Does this row speak of `reply`, given at `stage` for a mailbox of `who`?"""
        return (
            stage in self.at
            and who in self.who
            and self.code.fullmatch(reply.code) is not None
            and self.status.fullmatch(reply.status) is not None
            and self.words.search(reply.words) is not None
        )

    def verdict(self) -> Verdict:
        """Return what follows."""
        retryable = CONSEQUENCES[self.reason].retryable
        return Verdict(self.reason, retryable if self.retryable is None else self.retryable)


_ANY_STAGE = frozenset(Stage)
_ANYBODY = frozenset(Provider)
_BEFORE_MAIL = (Stage.CONNECT, Stage.HELO, Stage.AUTH)
#: Only here may an answer be about the recipient.
_RECIPIENT = (Stage.RCPT, Stage.FINAL)
_MESSAGE = (Stage.RCPT, Stage.DATA, Stage.FINAL)
_PHONES = (Provider.DOCOMO, Provider.AU)


def _rule(
    reason: Reason,
    *,
    at: Iterable[Stage] = _ANY_STAGE,
    who: Iterable[Provider] = _ANYBODY,
    code: str = r"5..",
    status: str = r".*",
    words: str = r"",
    retryable: bool | None = None,
) -> Rule:
    return Rule(
        reason=reason,
        retryable=retryable,
        at=frozenset(at),
        who=frozenset(who),
        code=re.compile(code),
        status=re.compile(status),
        words=re.compile(words),
    )


RULES: tuple[Rule, ...] = (
    # Temporary: tried again, whatever it says of the recipient.
    _rule(Reason.GATEWAY, at=[Stage.AUTH], code=r"(?!421)[45].."),
    _rule(Reason.THROTTLED, code=r"4..", words=words.OUR_RATE),
    _rule(Reason.CONNECTION, code=r"421"),
    _rule(Reason.CONNECTION, at=[Stage.CONNECT, Stage.HELO], code=r"4.."),
    _rule(Reason.MAILBOX_FULL, at=_RECIPIENT, code=r"4..", status=r"2\.2"),
    _rule(Reason.MAILBOX_FULL, at=_RECIPIENT, code=r"4..", words=words.FULL),
    _rule(Reason.TEMPORARY, code=r"4.."),
    # Before a recipient was named, it is about us.
    _rule(Reason.GATEWAY, at=_BEFORE_MAIL),
    _rule(Reason.TOO_LARGE, at=[Stage.MAIL], status=r"3\.4|2\.3"),
    _rule(Reason.TOO_LARGE, at=[Stage.MAIL], words=words.SIZE),
    _rule(Reason.GATEWAY, code=r"53[0458]"),
    _rule(Reason.GATEWAY, at=[Stage.MAIL], words=rf"{words.LOG_IN}|authenti|\btls\b"),
    _rule(Reason.THROTTLED, at=[Stage.MAIL], words=words.OUR_RATE),
    _rule(Reason.GATEWAY, at=[Stage.MAIL], code=r"50."),
    # It meets everybody alike, so it may pass as soon as an operator has mended it.
    _rule(Reason.POLICY, at=[Stage.MAIL], retryable=True),
    # What carriers say in their own way.
    _rule(Reason.BAD_ADDRESS, at=_RECIPIENT, who=[Provider.AU], words=words.RELAYING),
    _rule(Reason.FILTERED, at=[Stage.FINAL], who=_PHONES, status=r"1\.1"),
    _rule(Reason.FILTERED, at=[Stage.FINAL], who=_PHONES, words=words.NO_USER),
    _rule(
        Reason.MAILBOX_FULL,
        at=_RECIPIENT,
        who=[Provider.DOCOMO],
        code=r"552",
        words=r"too much mail data",
        retryable=False,
    ),
    _rule(
        Reason.POLICY,
        at=_RECIPIENT,
        who=[Provider.SOFTBANK],
        code=r"553",
        words=r"does not exist",
    ),
    # MessageLabs: nobody of that name is registered.
    _rule(Reason.UNKNOWN_USER, at=_RECIPIENT, code=r"542", words=r"\brejected\.?$"),
    # cPanel's router for domains that DNS does not know; it goes on with guesses about block lists.
    _rule(
        Reason.UNKNOWN_HOST,
        at=_RECIPIENT,
        words=r"\bthe account or domain may not exist, they may be blacklisted",
    ),
    # The recipient's own choice, where the words leave no doubt.
    _rule(Reason.FILTERED, at=_RECIPIENT, words=words.THEIR_CHOICE),
    _rule(Reason.FILTERED, at=_RECIPIENT, status=r"2\.0", words=r"\bfiltered\b"),
    # Words about us.
    _rule(Reason.GATEWAY, at=_MESSAGE, words=words.RELAYING),
    _rule(Reason.GATEWAY, at=_MESSAGE, words=words.LOG_IN),
    _rule(Reason.MAILBOX_FULL, at=_RECIPIENT, status=r"2\.2", retryable=False),
    _rule(Reason.THROTTLED, at=_MESSAGE, words=words.OUR_RATE),
    _rule(Reason.POLICY, at=_MESSAGE, words=words.OUR_NAME),
    _rule(Reason.UNKNOWN_USER, at=[Stage.RCPT], status=r"1\.1", words=words.NO_USER_FOR_SURE),
    _rule(Reason.SUSPENDED, at=_RECIPIENT, words=words.BARRED),
    # Cox, of a mailbox that is not there; the second half could be about us.
    _rule(Reason.SUSPENDED, at=_RECIPIENT, words=r"\bmailbox unavailable or access denied\b"),
    _rule(Reason.POLICY, at=_MESSAGE, words=words.OUR_REPUTE),
    _rule(Reason.POLICY, at=_MESSAGE, status=r"1\.[78]"),
    _rule(Reason.TEMPORARY, at=_MESSAGE, words=words.LATER),
    _rule(Reason.TEMPORARY, at=_MESSAGE, words=words.NO_ANSWER, retryable=False),
    _rule(Reason.OTHER, at=_MESSAGE, words=words.SYSTEM),
    # Size and content; who has a quota has a mailbox.
    _rule(Reason.MAILBOX_FULL, at=_RECIPIENT, words=words.QUOTA, retryable=False),
    _rule(Reason.TOO_LARGE, at=_MESSAGE, status=r"3\.4|2\.3"),
    _rule(Reason.TOO_LARGE, at=_MESSAGE, words=words.SIZE),
    _rule(Reason.CONTENT, at=_MESSAGE, status=r"6\..*"),
    _rule(Reason.CONTENT, at=_MESSAGE, words=words.CONTENT),
    _rule(Reason.MAILBOX_FULL, at=_RECIPIENT, words=words.FULL, retryable=False),
    # The recipient, by words, then by enhanced status. Relays answer 501 for the form of an address
    # that its own carrier delivers; "does not exist" is no word about the form.
    _rule(Reason.UNKNOWN_USER, at=[Stage.RCPT], code=r"501", words=words.ABSENT_FOR_SURE),
    _rule(Reason.BAD_ADDRESS, at=[Stage.RCPT], code=r"501"),
    _rule(Reason.UNKNOWN_HOST, at=_RECIPIENT, words=words.NO_HOST),
    _rule(Reason.UNKNOWN_HOST, at=_RECIPIENT, words=words.NO_MAIL),
    # iCloud's words for an account that was given back.
    _rule(Reason.UNKNOWN_USER, at=_RECIPIENT, status=r"1\.1", words=r"\binactive e-?mail address"),
    _rule(Reason.OTHER, at=_RECIPIENT, words=words.SEVERAL),
    _rule(Reason.SUSPENDED, at=_RECIPIENT, words=words.CLOSED),
    _rule(Reason.MOVED, at=_RECIPIENT, words=words.MOVED),
    _rule(Reason.UNKNOWN_USER, at=_RECIPIENT, words=words.NO_USER),
    _rule(Reason.UNKNOWN_USER, at=_RECIPIENT, status=r"1\.1"),
    _rule(Reason.UNKNOWN_HOST, at=_RECIPIENT, status=r"1\.2|1\.10"),
    _rule(Reason.BAD_ADDRESS, at=_RECIPIENT, status=r"1\.3"),
    _rule(Reason.MOVED, at=_RECIPIENT, status=r"1\.6"),
    _rule(Reason.SUSPENDED, at=_RECIPIENT, status=r"2\.1|7\.13"),
    _rule(Reason.POLICY, at=_MESSAGE, status=r"7\..*"),
    # Two products that have one answer for who is not in their directory.
    _rule(
        Reason.UNKNOWN_USER,
        at=[Stage.RCPT],
        status=r"4\.1",
        words=r"\brecipient address rejected: access denied",
    ),
    _rule(Reason.UNKNOWN_USER, at=[Stage.RCPT], status=r"1\.0", words=r"#? ?address rejected"),
    # RFC 5321, 4.2.2: 552 is "exceeded storage allocation".
    _rule(Reason.MAILBOX_FULL, at=_RECIPIENT, code=r"552", retryable=False),
)
