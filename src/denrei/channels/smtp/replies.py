"""What an SMTP reply says about a message: its parts, and their translation by `rules.RULES`."""

from __future__ import annotations

import re

from denrei.channels.smtp import carriers
from denrei.channels.smtp.rules import RULES, Reply, Stage, Verdict
from denrei.domain.failures import Reason

#: Characters of a reply that are kept.
_KEPT = 1_000


def text(raw: bytes) -> str:
    """Return a reply as the attempt keeps it: its words unchanged, bounded, storable."""
    return raw[: 4 * _KEPT].decode("utf-8", "replace").replace("\0", "\ufffd")[:_KEPT]


def judge(raw: str, *, stage: Stage, domain: str) -> Verdict:
    """Translate a refusal, all its lines with their codes, of a mail to somebody at `domain`."""
    reply = parse(raw)
    who = carriers.provider(domain)
    fitting = (rule for rule in RULES if rule.fits(reply, stage, who))
    found = next(fitting, None)
    return found.verdict() if found else Verdict(Reason.OTHER, retryable=False)


_CODE = re.compile(r"(?m)^\d{3}[ -]?")
_STATUS = re.compile(r"(?<![\d.])[245]\.(\d{1,3}\.\d{1,3})(?!\.?\d)")
_ADDRESS = re.compile(r"<[^<>\s]*>|[^\s<>()\[\]]+@[^\s<>()\[\],;:]+")


def parse(raw: str) -> Reply:
    """Take a reply apart, of one line or many."""
    text = " ".join(_CODE.sub("", raw).split())
    status = _STATUS.search(_ADDRESS.sub(" ", text))
    words = _STATUS.sub(" ", _ADDRESS.sub(" ", text))
    return Reply(raw[:3], status[1] if status else "", " ".join(words.lower().split()))
