"""Which ends of a delivery ask an operator to act (EMC-7), as tables that the ledger joins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import ACTION_NEEDED, Position, Status, status_of

#: How the ledger stores a status that asks for action; never reused.
CODES: Mapping[Status, int] = MappingProxyType(
    {
        Status.ADDRESS_ERROR: 1,
        Status.KNOWN_BAD: 2,
        Status.CALL_REJECTED: 3,
        Status.WRONG_NUMBER: 4,
        Status.NO_DEVICE: 5,
        Status.TOKEN_ERROR: 6,
    }
)
STATUSES: Mapping[int, Status] = MappingProxyType({code: status for status, code in CODES.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One way for a delivery to end that asks for action."""

    medium: Medium
    state: State
    #: None: whatever the reason is.
    reason: Reason | None
    status: Status


def _endings() -> Iterator[Ending]:
    for medium, state in product(Medium, State):
        if state is State.WAITING:  # nothing that will be tried again asks for action
            continue
        found: dict[Reason | None, Status] = {
            reason: status_of(Position(state=state, medium=medium, reason=reason))
            for reason in Reason
        }
        if len(set(found.values())) == 1:
            found = {None: found[Reason.NONE]}
        for reason, status in found.items():
            if status in ACTION_NEEDED:
                yield Ending(medium=medium, state=state, reason=reason, status=status)


#: Derived from the one table of statuses, so that no medium is named here.
ENDINGS = tuple(_endings())
_WITH_REASON = frozenset((one.medium, one.state, one.reason) for one in ENDINGS)
#: States in which a delivery may ask for action, whatever its medium.
STATES = frozenset(one.state for one in ENDINGS)


def asks(medium: Medium, state: State, reason: Reason) -> bool:
    """Tell whether a delivery that ended so asks an operator to act."""
    return not _WITH_REASON.isdisjoint({(medium, state, reason), (medium, state, None)})
