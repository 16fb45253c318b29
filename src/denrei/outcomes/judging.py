"""What the words of a mail do to a delivery: a table, and who may say what (EMC-6, ADR 0017).

Silencing somebody by mistake is the worst error: only words that surely are about this address, in a
mail that surely is about this delivery, count against it. Whatever is less sure is shown to a human.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from denrei.domain import email_address, folding
from denrei.domain.bounces import Finding, Kind
from denrei.domain.failures import Reason
from denrei.domain.folding import UNCHANGED, Fold, MailRank
from denrei.domain.states import Medium
from denrei.outcomes.models import FoundBy

#: Of several words of one mail the first of these decides.
_STRENGTH = (
    Kind.FAILED,
    Kind.DELAYED,
    Kind.DELIVERED,
    Kind.FEEDBACK,
    Kind.AUTOMATIC,
    Kind.OTHER,
)
#: Kinds that the ledger hears of; the others are kept with the mails only.
_TOLD = frozenset({Kind.FAILED, Kind.DELAYED, Kind.DELIVERED, Kind.FEEDBACK})
#: Kinds that a human judges, however sure it is whom they are about.
_FOR_HUMANS = frozenset({Kind.FEEDBACK, Kind.OTHER})
_RANKS = {Kind.FAILED: MailRank.BOUNCED, Kind.DELIVERED: MailRank.DELIVERED}
#: Found so, a mail may say all about the address that it names.
_SURE = frozenset({FoundBy.TOKEN, FoundBy.MESSAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one mail means for one delivery."""

    #: The finding that decided.
    finding: Finding
    #: What the ledger is told; None: nothing.
    fold: Fold | None
    #: Why, as it counts; the finding has what the mail says.
    reason: Reason
    #: A human must look at it.
    waits: bool

    @property
    def came_back(self) -> bool:
        """Whether the mail that it is about came back."""
        return self.fold is not None and self.fold.rank == MailRank.BOUNCED


def judge(findings: Sequence[Finding], address: str, found_by: FoundBy) -> Verdict:
    """Judge what a mail says about a delivery to `address`.

    In a mail to our return path, words about another address are about one that is forwarded to: they
    end the delivery and count against nobody's address, and so does a mail that only names the
    address. A Message-ID beside another address changes nothing, since anybody can guess it, unless the
    report also names ours as the one that was written to (RFC 3464's Original-Recipient).
    """
    own = [one for one in findings if _is_about(one, address, found_by)]
    finding = _strongest(own or findings)
    is_sure = bool(own) and found_by in _SURE
    if finding.kind not in _TOLD:
        waits = finding.kind in _FOR_HUMANS
        return Verdict(finding=finding, fold=None, reason=Reason.NONE, waits=waits)
    is_named = found_by is not FoundBy.MESSAGE or _was_written_to(findings, address)
    ends = is_sure or (is_named and not _delivered(findings))
    rank = _RANKS.get(finding.kind, UNCHANGED) if ends else UNCHANGED
    reason = finding.reason if is_sure or finding.kind is not Kind.FAILED else Reason.OTHER
    if finding.kind is Kind.FAILED and reason is Reason.NONE:
        reason = Reason.OTHER
    return Verdict(
        finding=finding,
        fold=folding.event(Medium.MAIL, rank),
        reason=reason,
        waits=finding.kind in _FOR_HUMANS or (finding.kind is Kind.FAILED and not is_sure),
    )


def unplaced(findings: Sequence[Finding], *, is_forged: bool) -> Verdict:
    """Judge a mail of an organization that is about no delivery that we know.

    Answers to a forged return path come in thousands, and say nothing that a human could act on.
    """
    finding = _strongest(findings)
    is_report = finding.kind is Kind.FAILED and not is_forged
    waits = finding.kind in _FOR_HUMANS or is_report
    return Verdict(finding=finding, fold=None, reason=Reason.NONE, waits=waits)


def is_same(one: str, other: str) -> bool:
    """Tell whether two addresses are the same place; one that can't be read is none.

    A mail system may name a host of its own below or above the domain.
    """
    first, second = _read(one), _read(other)
    if first is None or second is None:
        return one.strip().strip("<>").lower() == other.lower()
    near = first.domain == second.domain or (
        first.domain.endswith(f".{second.domain}") or second.domain.endswith(f".{first.domain}")
    )
    return near and first.key.rpartition("@")[0] == second.key.rpartition("@")[0]


def _is_about(finding: Finding, address: str, found_by: FoundBy) -> bool:
    """A report that names nobody is about the one recipient of the mail whose token it came to."""
    if finding.recipient is None:
        return found_by is FoundBy.TOKEN
    return is_same(finding.recipient, address)


def _was_written_to(findings: Iterable[Finding], address: str) -> bool:
    originals = (one.original_recipient for one in findings)
    return any(original and is_same(original, address) for original in originals)


def _delivered(findings: Iterable[Finding]) -> bool:
    return any(one.kind is Kind.DELIVERED for one in findings)


def _strongest(findings: Sequence[Finding]) -> Finding:
    return min(findings, key=lambda one: (_STRENGTH.index(one.kind), one.reason))


def _read(address: str) -> email_address.EmailAddress | None:
    try:
        return email_address.parse(address)
    except email_address.InvalidAddressError:
        return None
