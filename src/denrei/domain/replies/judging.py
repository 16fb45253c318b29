"""What an SMTP reply says about a message: its parts, and their translation by `rules.RULES`."""

from __future__ import annotations

import re
from typing import NamedTuple

from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
from denrei.domain.replies import carriers
from denrei.domain.replies.rules import RULES, Reply, Rule, Stage, Verdict

#: Characters of a reply that are kept.
_KEPT = 1_000


def text(raw: bytes) -> str:
    """Return a reply as the attempt keeps it: its words unchanged, bounded, storable."""
    return raw[: 4 * _KEPT].decode("utf-8", "replace").replace("\0", "\ufffd")[:_KEPT]


def judge(raw: str, *, stage: Stage, domain: str) -> Verdict:
    """Translate a refusal, all its lines with their codes, of a mail to somebody at `domain`."""
    found = explain(parse(raw), stage=stage, domain=domain)
    return _UNEXPLAINED if found is None else found.rule.verdict()


class Explanation(NamedTuple):
    """The row that decided, and where in the words of the reply."""

    rule: Rule
    #: First and last character of `Reply.words` that the row fits; (0, 0): the codes alone decided.
    span: tuple[int, int]


def explain(reply: Reply, *, stage: Stage, domain: str) -> Explanation | None:
    """Return the first row that speaks of the reply; None where nothing explains it.

    A final code with a temporary status, "550 4.4.7 expired", is no reason to silence anybody.
    """
    who = carriers.provider(domain)
    rule = next((rule for rule in RULES if rule.fits(reply, stage, who)), None)
    if rule is None:
        return None
    if reply.status_class == "4" and CONSEQUENCES[rule.reason].suppress is not Suppress.NEVER:
        return None
    found = rule.words.search(reply.words)
    return Explanation(rule, found.span() if found else (0, 0))


_UNEXPLAINED = Verdict(Reason.OTHER, retryable=False)
_CODE = re.compile(r"(?m)^\d{3}[ -]?")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?!\.?\d)")
#: A run of letters is tried once, from its beginning.
_ADDRESS = re.compile(r"<[^<>\s]{0,300}>|(?<![^\s<>()\[\]])[^\s<>()\[\]@]{0,300}@[^\s<>()\[\],;:]+")


def parse(raw: str) -> Reply:
    """Take a reply apart, of one line or many."""
    return parts(raw[:3], _CODE.sub("", raw))


def parts(code: str, text: str) -> Reply:
    """Take the text of a reply apart whose code is known; addresses in it say nothing."""
    said = _ADDRESS.sub(" ", text)
    status = _STATUS.search(said)
    of_class, detail = status.groups() if status else ("", "")
    words = " ".join(_STATUS.sub(" ", said).lower().split())
    return Reply(code=code, status_class=of_class, status=detail, words=words)
