"""Whether and when a delivery is tried again, decided as a value.

A refusal by the recipient's side uses up the delays of the policy. A fault of ours or of the way
(`UNCOUNTED`) does not: a relay that is down for an hour must exhaust nobody. Such a delivery is
tried with growing pauses as long as it may wait. The time to give up is not asked here: what
still waits at that time is expired by the janitor (OPS-7), also when its next try lies beyond.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from denrei.domain.failures import Reason
from denrei.domain.states import Medium, Phase, State

MINUTE = 60
HOUR = 60 * MINUTE

#: These say nothing of the recipient. WRONG_CARRIER: SMS-6, it does not use up a resend.
UNCOUNTED = frozenset(
    {
        Reason.CONNECTION,
        Reason.TIMEOUT,
        Reason.THROTTLED,
        Reason.GATEWAY,
        Reason.NUMBER_IN_USE,
        Reason.WRONG_CARRIER,
    }
)
#: Pauses in seconds after uncounted faults; the last one holds for all that follow.
BACKOFF = (15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE)


class Doubt(StrEnum):
    """What to do with a message that may have arrived (a setting of each lane)."""

    #: An emergency: twice is better than never.
    RESEND = "resend"
    #: Routine: shown as unknown, and left.
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Pauses in seconds, as data: `delays[n]` follows the try that counted after n others."""

    delays: tuple[int, ...]
    by_reason: Mapping[Reason, tuple[int, ...]] = field(default_factory=dict)
    #: A pause is stretched by up to this share of itself, so that not all come back at once.
    jitter: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of the delivery."""

    state: State
    #: Seconds until the next try; None where there is none.
    delay: int | None = None
    #: Whether this try counts, that is `tries + 1`.
    counts: bool = True


def decide(
    policy: RetryPolicy,
    *,
    reason: Reason,
    retryable: bool,
    phase: Phase,
    tries: int,
    misses: int = 0,
    doubt: Doubt = Doubt.RESEND,
    jitter: float = 0.0,
) -> Decision:
    """Decide about one attempt that did not succeed.

    `tries` and `misses`: attempts of this delivery before this one that counted, and that did
    not. `jitter`: a random number of 0 to 1. A message withheld before its first byte is
    `Reason.NONE` with `Phase.UNSENT`: it waits again as if it had not been taken up.
    """
    if reason is Reason.NONE and phase is Phase.UNSENT:
        return Decision(state=State.WAITING, delay=0, counts=False)
    stretch = 1 + policy.jitter * jitter
    if phase is Phase.IN_DOUBT:
        return _in_doubt(policy, tries, doubt, stretch)
    if not retryable:
        return Decision(state=State.FAILED)
    if reason in UNCOUNTED:
        pauses = policy.by_reason.get(reason, BACKOFF)
        pause = round(pauses[min(misses, len(pauses) - 1)] * stretch)
        return Decision(state=State.WAITING, delay=pause, counts=False)
    return _counted(policy, reason, tries, stretch) or Decision(state=State.EXHAUSTED)


def _in_doubt(policy: RetryPolicy, tries: int, doubt: Doubt, stretch: float) -> Decision:
    """Silence is never failure: where it is not sent again, it is unknown."""
    unknown = Decision(state=State.UNKNOWN)
    if doubt is Doubt.LEAVE:
        return unknown
    return _counted(policy, Reason.IN_DOUBT, tries, stretch) or unknown


def _counted(policy: RetryPolicy, reason: Reason, tries: int, stretch: float) -> Decision | None:
    delays = policy.by_reason.get(reason, policy.delays)
    if tries >= len(delays):
        return None
    return Decision(state=State.WAITING, delay=round(delays[tries] * stretch))


def evenly(times: int, seconds: int) -> RetryPolicy:
    """Return the policy of a setting "so many times, at this interval": SMS-7, EMC-4.

    The interval is kept to the second, as SMS-8 counts on it.
    """
    return RetryPolicy(delays=(seconds,) * times, by_reason=_AT_ONCE, jitter=0.0)


#: The right carrier is tried at once; a second such receipt means that the routes disagree.
_AT_ONCE: Mapping[Reason, tuple[int, ...]] = {Reason.WRONG_CARRIER: (0, MINUTE, 10 * MINUTE)}

#: RFC 5321, 4.5.4.1 asks for pauses of 30 minutes at least, but greylisting lets a second try in
#: after some minutes (RFC 6647), and an emergency can't wait. A full mailbox is emptied by a
#: person (RFC 3463, X.2.2), so its pauses are longer.
_MAIL = RetryPolicy(
    delays=(
        MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR,
    ),
    by_reason={
        Reason.MAILBOX_FULL: (30 * MINUTE, 2 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR),
        Reason.IN_DOUBT: (MINUTE, 15 * MINUTE),
    },
)  # fmt: skip
#: Refusals of a route when it is handed over; resends after receipts are `evenly(...)`, SMS-7.
_SMS = RetryPolicy(
    delays=(MINUTE, 5 * MINUTE, 15 * MINUTE),
    by_reason={**_AT_ONCE, Reason.IN_DOUBT: (MINUTE,)},
)
#: FCM and APNs ask for growing pauses of 10 seconds and more after 429, 500 and 503.
_APP = RetryPolicy(delays=(15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR))

#: Phone: one call; rounds are a setting of the broadcast, `evenly(rounds - 1, interval)`.
DEFAULT: Mapping[Medium, RetryPolicy] = {
    Medium.MAIL: _MAIL,
    Medium.SMS: _SMS,
    Medium.PHONE: evenly(0, 0),
    Medium.APP: _APP,
}
