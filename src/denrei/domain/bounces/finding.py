"""What one mail says of one recipient."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from denrei.domain.failures import Reason


class Kind(StrEnum):
    """What sort of word it is. Only FAILED ends a delivery."""

    FAILED = "failed"
    #: `Action: delayed`: the server goes on trying.
    DELAYED = "delayed"
    #: `Action: delivered`, `relayed` or `expanded`.
    DELIVERED = "delivered"
    #: An abuse report (RFC 5965): it arrived, and somebody did not like it.
    FEEDBACK = "feedback"
    #: Out of office and other automatic replies.
    AUTOMATIC = "automatic"
    #: A mail by a person, or one that says nothing of a delivery.
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One recipient found in a mail; `recipient` is None where it names none."""

    recipient: str | None
    kind: Kind
    #: `Reason.NONE` unless something failed or is delayed.
    reason: Reason = Reason.NONE
    #: The words of the mail that decided, at most some hundred characters.
    evidence: str = ""
    #: RFC 3461's ORCPT, where it is another address: whom the mail was written to before a forward.
    original_recipient: str = ""
    #: RFC 3461's ENVID as the report gives it back; "" without one.
    envelope_id: str = ""
    #: Message-ID of the mail that came back, without its angles; "" where it is not quoted.
    message_id: str = ""
