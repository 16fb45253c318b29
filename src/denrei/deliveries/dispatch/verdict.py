"""From what a channel said about one message to what the ledger records."""

from __future__ import annotations

from denrei.channels import Accepted, SendError
from denrei.deliveries.dispatch.held import Result, Waiting
from denrei.deliveries.lanes import LaneSettings
from denrei.domain import folding, retry
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, Phase, State

#: A call that was connected has reached the device; everything else was handed to a next system.
_TAKEN_OVER = {Medium.PHONE: State.DELIVERED}
#: Rank and evidence of a state at the moment it is recorded, by medium.
_RANKS: dict[tuple[Medium, State], tuple[int, Evidence]] = {
    (medium, meaning.state): (int(rank), meaning.evidence)
    for medium, meanings in folding.MEANINGS.items()
    for rank, meaning in sorted(meanings.items(), reverse=True)
}
#: Raw answers are kept, but not a megabyte of them.
_REPLY_CHARACTERS = 2000


def accepted(lane: LaneSettings, row: Waiting, told: Accepted, gateway: int, took: float) -> Result:
    """Return the record of a message that was taken over; `took` in seconds."""
    state = _TAKEN_OVER.get(lane.medium, State.ACCEPTED)
    rank, evidence = _RANKS[lane.medium, state]
    return Result(  # by position: what is made for each of a million costs half as much so
        row.id,
        state,
        Reason.NONE,
        Phase.ANSWERED,
        rank,
        evidence,
        1,  # counted
        None,  # delay
        int(took * 1000),
        gateway,
        None,  # lane
        _kept(told.provider_id),
        _kept(told.reply),
    )


def refused(
    lane: LaneSettings, row: Waiting, error: SendError, gateway: int, took: float, jitter: float
) -> Result:
    """Return the record of a message that was not taken over, or of which nobody knows."""
    decision = retry.decide(
        policy(lane),
        reason=error.reason,
        retryable=error.retryable,
        phase=error.phase,
        tries=row.tries,
        misses=row.misses,
        doubt=retry.Doubt(lane.doubt),
        jitter=jitter,
    )
    rank, evidence = _RANKS.get((lane.medium, decision.state), (0, Evidence.NONE))
    return Result(
        id=row.id,
        state=decision.state,
        reason=error.reason,
        phase=error.phase,
        fold_rank=rank,
        evidence=evidence,
        counted=int(decision.counts),
        delay=None if lane.sequential and decision.counts else decision.delay,
        took_ms=int(took * 1000),
        gateway=gateway,
        reply=_kept(error.detail),
    )


def late_truth(lane: LaneSettings, row: Waiting) -> Result:
    """Return the record of a message handed over under an older generation: no second send."""
    state = _TAKEN_OVER.get(lane.medium, State.ACCEPTED)
    rank, evidence = _RANKS[lane.medium, state]
    return Result(id=row.id, state=state, fold_rank=rank, evidence=evidence)


def suppressed(row: Waiting) -> Result:
    """Return the record of a message to an address that failed since the launch: not sent."""
    return Result(id=row.id, state=State.SUPPRESSED, reason=Reason.KNOWN_BAD)


def halted(row: Waiting, reason: int) -> Result:
    """Return the record of a message that must not go out any more."""
    given_up = reason == Reason.GIVEN_UP
    state = State.EXPIRED if given_up else State.CANCELLED
    return Result(id=row.id, state=state, reason=Reason(reason))


def number_busy(row: Waiting, pause: float) -> Result:
    """Return the record of a call that must wait: the number is being called by somebody else."""
    return Result(id=row.id, state=State.WAITING, reason=Reason.NUMBER_IN_USE, delay=pause)


def policy(lane: LaneSettings) -> retry.RetryPolicy:
    """Return the pauses of a lane: its rounds, its own list, or the medium's."""
    if lane.sequential:
        return retry.evenly(lane.rounds - 1, lane.round_gap)
    default = retry.DEFAULT[lane.medium]
    if not lane.retries:
        return default
    return retry.RetryPolicy(delays=lane.retries, jitter=default.jitter)


def _kept(raw: str) -> str:
    """Return as much of a raw answer as the ledger keeps; PostgreSQL's text has no NUL."""
    return raw[:_REPLY_CHARACTERS].replace("\0", "")
