"""From what the ledger knows of a delivery to the one status that people see (EMC-1, SMS-9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State


class Status(StrEnum):
    """Every status there is; the value is the name that people read."""

    #: Comes before all others, by every medium.
    WAITING = "送信待ち"
    #: Being sent, ringing, connected, or to be tried again.
    IN_PROGRESS = "連絡中"
    #: Accepted by the next server, connected, accepted by the push service; not: read.
    DONE = "連絡済(正常終了)"
    #: Busy, out of range, or switched off.
    BUSY = "連絡済(話中終了)"
    #: Rang past the set count.
    NO_ANSWER = "連絡済(応答なし)"
    #: The mail came back or was refused: unknown address, or refused reception.
    ADDRESS_ERROR = "連絡済(アドレスエラー)"
    #: Rejected by the callee's settings.
    CALL_REJECTED = "連絡済(着信拒否)"
    #: Not a valid number.
    WRONG_NUMBER = "連絡済(番号間違い)"
    #: Stopped, or confirmed by another medium, while it waited.
    CANCELLED = "連絡キャンセル"
    #: Not sent: this address is known as bad.
    KNOWN_BAD = "エラーアドレス"
    #: Line fault or congestion in the exchange.
    LINE_ERROR = "回線エラー"
    #: The push service says that the device is not registered any more.
    NO_DEVICE = "連絡済(該当端末無し)"
    #: The stored device token is not a valid one.
    TOKEN_ERROR = "トークンエラー"  # noqa: S105 - a name to show, not a secret
    #: None of the above.
    OTHER_ERROR = "その他のエラー"
    #: SMS: on the way, no receipt yet.
    SMS_IN_PROGRESS = "配信中"
    #: SMS: failed, and the next resend has not begun.
    SMS_RESEND = "失敗再送"
    #: SMS: the receipt says delivered.
    SMS_DELIVERED = "送達"
    #: SMS: final failure.
    SMS_FAILED = "配信失敗"
    #: SMS: no receipt in time.
    SMS_UNKNOWN = "状態不明"
    #: SMS: the recipient opted out.
    SMS_OPTED_OUT = "配信停止"


#: EMC-7: these ask an operator to act.
ACTION_NEEDED = frozenset(
    {
        Status.ADDRESS_ERROR,
        Status.KNOWN_BAD,
        Status.CALL_REJECTED,
        Status.WRONG_NUMBER,
        Status.NO_DEVICE,
        Status.TOKEN_ERROR,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What the ledger knows of one delivery; HELD and SENDING are WAITING with other facts."""

    state: State
    medium: Medium
    #: Of the last attempt.
    reason: Reason = Reason.NONE
    #: Tries that counted.
    tries: int = 0
    #: A worker holds it: SENDING.
    claimed: bool = False


def status_of(position: Position) -> Status:
    """Return the one status of a delivery (SPEC, "From state to status")."""
    medium, state, reason = position.medium, position.state, position.reason
    if state is State.WAITING:
        return _of_waiting(position)
    if state in _BY_REASON[medium]:
        return _OUTCOMES[medium].get(reason, _OTHERWISE[medium])
    return _BY_STATE[medium][state]


@cache
def possible(medium: Medium) -> frozenset[Status]:
    """Return the statuses that a delivery by a medium can ever have."""
    return frozenset(
        status_of(Position(state=state, medium=medium, reason=reason, tries=tries, claimed=claimed))
        for state, reason, tries, claimed in product(State, Reason, (0, 1), (False, True))
    )


def reasons(status: Status) -> tuple[tuple[Medium, Reason], ...]:
    """Return the reasons that lead to a status and to no other by their medium; () where states do."""
    return tuple(
        (medium, reason)
        for medium, outcomes in _OUTCOMES.items()
        for reason, found in outcomes.items()
        if found is status
    )


def _of_waiting(position: Position) -> Status:
    medium, reason = position.medium, position.reason
    if position.claimed:
        return _SENDING[medium]
    if reason in _NO_ATTEMPT and (medium is Medium.PHONE or not position.tries):
        return Status.WAITING
    if medium is Medium.PHONE:
        return _OUTCOMES[medium].get(reason, _OTHERWISE[medium])
    return _TO_BE_TRIED_AGAIN[medium]


#: A last reason that says nothing of an attempt: nothing was sent, no call was made.
_NO_ATTEMPT = frozenset({Reason.NONE, Reason.NUMBER_IN_USE})

_SENDING: Mapping[Medium, Status] = {
    Medium.MAIL: Status.IN_PROGRESS,
    Medium.PHONE: Status.IN_PROGRESS,
    Medium.APP: Status.IN_PROGRESS,
    Medium.SMS: Status.SMS_IN_PROGRESS,
}
_TO_BE_TRIED_AGAIN: Mapping[Medium, Status] = {
    Medium.MAIL: Status.IN_PROGRESS,
    Medium.APP: Status.IN_PROGRESS,
    Medium.SMS: Status.SMS_RESEND,
}

_COMMON: Mapping[State, Status] = {
    State.ACCEPTED: Status.DONE,
    State.DELIVERED: Status.DONE,
    State.CANCELLED: Status.CANCELLED,
    State.EXPIRED: Status.OTHER_ERROR,
    State.SUPPRESSED: Status.KNOWN_BAD,
    State.EXHAUSTED: Status.OTHER_ERROR,
    State.UNKNOWN: Status.OTHER_ERROR,
}
#: SMS-9: SMS shows names of its own list only, so an expired one is 配信失敗.
_SMS: Mapping[State, Status] = {
    State.ACCEPTED: Status.SMS_IN_PROGRESS,
    State.DELIVERED: Status.SMS_DELIVERED,
    State.BOUNCED: Status.SMS_FAILED,
    State.FAILED: Status.SMS_FAILED,
    State.CANCELLED: Status.CANCELLED,
    State.EXPIRED: Status.SMS_FAILED,
    State.SUPPRESSED: Status.SMS_OPTED_OUT,
    State.EXHAUSTED: Status.SMS_FAILED,
    State.UNKNOWN: Status.SMS_UNKNOWN,
}
_BY_STATE: Mapping[Medium, Mapping[State, Status]] = {
    Medium.MAIL: _COMMON,
    Medium.PHONE: _COMMON,
    Medium.APP: _COMMON,
    Medium.SMS: _SMS,
}

#: States that the reason tells apart.
_BY_REASON: Mapping[Medium, frozenset[State]] = {
    Medium.MAIL: frozenset({State.BOUNCED, State.FAILED}),
    Medium.PHONE: frozenset({State.BOUNCED, State.FAILED, State.EXHAUSTED}),
    Medium.APP: frozenset({State.BOUNCED, State.FAILED}),
    Medium.SMS: frozenset(),
}
_OUTCOMES: Mapping[Medium, Mapping[Reason, Status]] = {
    Medium.MAIL: {
        Reason.UNKNOWN_USER: Status.ADDRESS_ERROR,
        Reason.UNKNOWN_HOST: Status.ADDRESS_ERROR,
        Reason.MOVED: Status.ADDRESS_ERROR,
        Reason.FILTERED: Status.ADDRESS_ERROR,
        Reason.SUSPENDED: Status.ADDRESS_ERROR,
        Reason.BAD_ADDRESS: Status.ADDRESS_ERROR,
        Reason.REFUSED: Status.ADDRESS_ERROR,
    },
    Medium.PHONE: {
        Reason.BUSY: Status.BUSY,
        Reason.OUT_OF_RANGE: Status.BUSY,
        Reason.NO_ANSWER: Status.NO_ANSWER,
        Reason.REJECTED: Status.CALL_REJECTED,
        Reason.BAD_NUMBER: Status.WRONG_NUMBER,
        Reason.LINE: Status.LINE_ERROR,
        # The exchange that a call meets first is our own trunk.
        Reason.CONNECTION: Status.LINE_ERROR,
        Reason.TIMEOUT: Status.LINE_ERROR,
        Reason.THROTTLED: Status.LINE_ERROR,
    },
    Medium.APP: {
        Reason.UNREGISTERED: Status.NO_DEVICE,
        Reason.BAD_TOKEN: Status.TOKEN_ERROR,
    },
    Medium.SMS: {},
}
_OTHERWISE: Mapping[Medium, Status] = {
    Medium.MAIL: Status.OTHER_ERROR,
    Medium.PHONE: Status.OTHER_ERROR,
    Medium.APP: Status.OTHER_ERROR,
    Medium.SMS: Status.SMS_FAILED,
}
