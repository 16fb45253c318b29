"""Events into states by a maximum, so that repeats and order can't matter (DESIGN, protocol 7).

Each medium has its own order. A rank has one meaning for ever: it is stored in the ledger.
What a person did has rank 0: it raises the evidence and never touches the state of transport.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from denrei.domain.failures import Reason
from denrei.domain.states import HUMAN, Evidence, Medium, State

#: The rank of events that change no state: a mail is delayed, a scanner looked, a person answered.
UNCHANGED = 0


class MailRank(IntEnum):
    """What may become of a mail, the stronger the higher."""

    #: Left in doubt after the final dot; any later word of a server is better.
    UNKNOWN = 5
    #: 250 to the final dot.
    ACCEPTED = 10
    #: A DSN (RFC 3464) says "delivered" or "relayed": the last server took it, nobody read it.
    DELIVERED = 15
    #: Every retry was used up.
    EXHAUSTED = 25
    #: Refused for good in the dialogue.
    FAILED = 30
    #: It came back; true even after "delivered", as forwarders say that first.
    BOUNCED = 40


class SmsRank(IntEnum):
    """What may become of an SMS."""

    #: The carrier took it over (submit_sm_resp, ENROUTE, ACCEPTD).
    ACCEPTED = 10
    #: No receipt in time, or left in doubt (SMS-10).
    UNKNOWN = 20
    #: Every resend was used up.
    EXHAUSTED = 25
    #: A receipt of failure, or refused for good.
    FAILED = 30
    #: A receipt that means no more than that the carrier took it over (SMS-6, au).
    DELIVERED_TO_CARRIER = 35
    #: The handset confirmed it: stronger than the failure of an earlier resend.
    DELIVERED = 40


class PhoneRank(IntEnum):
    """What may become of a call."""

    #: Connected as the channel itself saw it; an answering machine too.
    ACCEPTED = 10
    #: No result in time, or left in doubt.
    UNKNOWN = 20
    #: Busy, out of range or no answer in every round.
    EXHAUSTED = 25
    #: Rejected, or no valid number.
    FAILED = 30
    #: Connected as a provider told later: stronger than what it told of an earlier round.
    DELIVERED = 40


class AppRank(IntEnum):
    """What may become of a push message."""

    #: Left in doubt after the body.
    UNKNOWN = 5
    #: The push service took it over.
    ACCEPTED = 10
    #: Every retry was used up.
    EXHAUSTED = 25
    #: The push service says that the device is gone, or the token is wrong.
    FAILED = 30
    #: Our app on the device confirmed it.
    DELIVERED = 40


@dataclass(frozen=True, slots=True)
class Fold:
    """One event as the ledger stores it; at rank 0 the state is not looked at."""

    rank: int
    state: State
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a rank means."""

    state: State
    evidence: Evidence
    #: Where the event itself gives none.
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Where a delivery stands."""

    rank: int
    state: State
    evidence: Evidence
    #: A final status was told to somebody: evidence may rise, the state stays (SMS-9).
    settled: bool = False


_TAKEN = Meaning(state=State.ACCEPTED, evidence=Evidence.HANDED_OVER)
_HANDED_OVER = Meaning(state=State.DELIVERED, evidence=Evidence.HANDED_OVER)
_ON_DEVICE = Meaning(state=State.DELIVERED, evidence=Evidence.DEVICE)
_IN_DOUBT = Meaning(state=State.UNKNOWN, evidence=Evidence.NONE, reason=Reason.IN_DOUBT)
_SILENCE = Meaning(state=State.UNKNOWN, evidence=Evidence.NONE, reason=Reason.NO_RECEIPT)
_EXHAUSTED = Meaning(state=State.EXHAUSTED, evidence=Evidence.NONE, reason=Reason.OTHER)
_FAILED = Meaning(state=State.FAILED, evidence=Evidence.NONE, reason=Reason.OTHER)
_BOUNCED = Meaning(state=State.BOUNCED, evidence=Evidence.NONE, reason=Reason.OTHER)

MEANINGS: Mapping[Medium, Mapping[int, Meaning]] = {
    Medium.MAIL: {
        MailRank.UNKNOWN: _IN_DOUBT,
        MailRank.ACCEPTED: _TAKEN,
        MailRank.DELIVERED: _HANDED_OVER,
        MailRank.EXHAUSTED: _EXHAUSTED,
        MailRank.FAILED: _FAILED,
        MailRank.BOUNCED: _BOUNCED,
    },
    Medium.SMS: {
        SmsRank.ACCEPTED: _TAKEN,
        SmsRank.UNKNOWN: _SILENCE,
        SmsRank.EXHAUSTED: _EXHAUSTED,
        SmsRank.FAILED: _FAILED,
        SmsRank.DELIVERED_TO_CARRIER: _HANDED_OVER,
        SmsRank.DELIVERED: _ON_DEVICE,
    },
    Medium.PHONE: {
        PhoneRank.ACCEPTED: _TAKEN,
        PhoneRank.UNKNOWN: _SILENCE,
        PhoneRank.EXHAUSTED: _EXHAUSTED,
        PhoneRank.FAILED: _FAILED,
        PhoneRank.DELIVERED: _HANDED_OVER,
    },
    Medium.APP: {
        AppRank.UNKNOWN: _IN_DOUBT,
        AppRank.ACCEPTED: _TAKEN,
        AppRank.EXHAUSTED: _EXHAUSTED,
        AppRank.FAILED: Meaning(
            state=State.FAILED, evidence=Evidence.NONE, reason=Reason.UNREGISTERED
        ),
        AppRank.DELIVERED: _ON_DEVICE,
    },
}

#: Decided by us and not by what happens outside; no event takes them back.
OURS = frozenset({State.CANCELLED, State.EXPIRED, State.SUPPRESSED})


def event(medium: Medium, rank: int) -> Fold:
    """Return what an event of this rank does; `KeyError` for a rank without a meaning."""
    if rank == UNCHANGED:
        return Fold(UNCHANGED, State.WAITING, Evidence.NONE)
    meaning = MEANINGS[medium][rank]
    return Fold(rank, meaning.state, meaning.evidence)


def human(evidence: Evidence) -> Fold:
    """Return what READ or ANSWERED does; `ValueError` for evidence that is not a human's."""
    if evidence < HUMAN:
        raise ValueError(f"{evidence.name} is not a human's evidence")
    return Fold(UNCHANGED, State.WAITING, evidence)


def fold(current: Folded, events: Iterable[Fold]) -> Folded:
    """Return where a delivery stands after these events: what the SQL of the ledger must do too.

    The highest rank gives the state and the evidence; a human's evidence stands above it. Where
    the state may not change, the best evidence still counts. Not for WAITING: what comes before
    the attempt is recorded is kept until it is.
    """
    known = [Fold(current.rank, current.state, current.evidence), *events]
    evidence = max(e.evidence for e in known)
    if current.settled or current.state in OURS:
        return replace(current, evidence=evidence)
    winner = max(known, key=lambda e: e.rank)
    return Folded(
        rank=winner.rank,
        state=winner.state,
        evidence=evidence if evidence >= HUMAN else winner.evidence,
    )
