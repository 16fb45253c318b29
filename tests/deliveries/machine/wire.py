"""The black box that messages are handed to; it alone knows what arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from denrei.channels import Accepted, SendError
from denrei.domain.failures import Reason
from denrei.domain.states import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a message arrives, and what the sender hears of it."""

    arrives: bool
    error: SendError | None = None


class Outcome(Enum):
    """What can become of one message that is handed over."""

    ACCEPTED = Answer(arrives=True)
    TEMPORARY = Answer(
        arrives=False,
        error=SendError(Reason.TEMPORARY, retryable=True, phase=Phase.ANSWERED, detail="451"),
    )
    PERMANENT = Answer(
        arrives=False,
        error=SendError(Reason.UNKNOWN_USER, retryable=False, phase=Phase.ANSWERED, detail="550"),
    )
    CUT_BEFORE = Answer(
        arrives=False, error=SendError(Reason.CONNECTION, retryable=True, phase=Phase.BEFORE)
    )
    #: The acknowledgement was lost, and the message had arrived.
    LOST_ARRIVED = Answer(
        arrives=True, error=SendError(Reason.IN_DOUBT, retryable=True, phase=Phase.IN_DOUBT)
    )
    #: The connection broke after the point of no return, and the message had not arrived.
    LOST = Answer(
        arrives=False, error=SendError(Reason.IN_DOUBT, retryable=True, phase=Phase.IN_DOUBT)
    )


#: What happens without a fault of the wire.
WELL = (Outcome.ACCEPTED, Outcome.TEMPORARY, Outcome.PERMANENT, Outcome.CUT_BEFORE)
IN_DOUBT = (Outcome.LOST_ARRIVED, Outcome.LOST)


@dataclass(frozen=True, slots=True)
class Handed:
    """One message on the wire."""

    delivery: int
    generation: int
    outcome: Outcome


@dataclass(slots=True)
class Wire:
    """Everything that was handed over, in order."""

    handed: list[Handed] = field(default_factory=list)

    def copies(self, delivery: int) -> int:
        """Return how many times a message arrived."""
        return sum(h.delivery == delivery and h.outcome.value.arrives for h in self.handed)

    def heard(self, delivery: int, outcome: Outcome) -> bool:
        """Tell whether a message ever met this outcome."""
        return any(h.delivery == delivery and h.outcome is outcome for h in self.handed)


def accepted(delivery: int, generation: int) -> Accepted:
    """Return the answer to a message that was taken over."""
    return Accepted(reply="250", provider_id=provider_id(delivery, generation))


def provider_id(delivery: int, generation: int) -> str:
    """Return the provider's own name of a message."""
    return f"p-{delivery}-{generation}"
