"""What an SMTP reply says about a message: its parts, and their translation by `rules.RULES`."""

from __future__ import annotations

import re

from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
from denrei.domain.replies import carriers
from denrei.domain.replies.rules import RULES, Reply, Stage, Verdict

#: Characters of a reply that are kept.
_KEPT = 1_000


def text(raw: bytes) -> str:
    """Return a reply as the attempt keeps it: its words unchanged, bounded, storable."""
    return raw[: 4 * _KEPT].decode("utf-8", "replace").replace("\0", "\ufffd")[:_KEPT]


def judge(raw: str, *, stage: Stage, domain: str) -> Verdict:
    """Translate a refusal, all its lines with their codes, of a mail to somebody at `domain`."""
    reply = parse(raw)
    who = carriers.provider(domain)
    fitting = (rule.verdict() for rule in RULES if rule.fits(reply, stage, who))
    verdict = next(fitting, _UNEXPLAINED)
    # A final code with a temporary status, "550 4.4.7 expired": no reason to silence anybody.
    is_doubtful = reply.status_class == "4"
    if is_doubtful and CONSEQUENCES[verdict.reason].suppress is not Suppress.NEVER:
        return _UNEXPLAINED
    return verdict


_UNEXPLAINED = Verdict(Reason.OTHER, retryable=False)
_CODE = re.compile(r"(?m)^\d{3}[ -]?")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?!\.?\d)")
_ADDRESS = re.compile(r"<[^<>\s]*>|[^\s<>()\[\]]+@[^\s<>()\[\],;:]+")


def parse(raw: str) -> Reply:
    """Take a reply apart, of one line or many."""
    said = _ADDRESS.sub(" ", _CODE.sub("", raw))
    status = _STATUS.search(said)
    of_class, detail = status.groups() if status else ("", "")
    words = " ".join(_STATUS.sub(" ", said).lower().split())
    return Reply(code=raw[:3], status_class=of_class, status=detail, words=words)
