"""Where cases begin and end by themselves: in the transaction in which the ledger learns of it."""

from __future__ import annotations

from collections.abc import Sequence

from denrei.deliveries.connection import Call
from denrei.domain.attention import CODES, ENDINGS

_TABLE = {
    "media": [int(one.medium) for one in ENDINGS],
    "states": [int(one.state) for one in ENDINGS],
    "reasons": [None if one.reason is None else int(one.reason) for one in ENDINGS],
    "statuses": [CODES[one.status] for one in ENDINGS],
}


def noted(deliveries: Sequence[int]) -> list[Call]:
    """Return what notes the contacts of deliveries that ended badly; nothing for none.

    To be run after what counts the failures against the addresses: a case ends with the
    suppression. Repeating it changes nothing.
    """
    return noted_anew([(delivery, True) for delivery in deliveries])


def noted_anew(deliveries: Sequence[tuple[int, bool]]) -> list[Call]:
    """Return the same where it is known of each whether it ended badly only now.

    The others have another reason, or evidence, since they were noted.
    """
    if not deliveries:
        return []
    ids, fresh = zip(*deliveries, strict=True)
    return [("attention", {"ids": list(ids), "fresh": list(fresh), **_TABLE})]


def heard(deliveries: Sequence[int]) -> list[Call]:
    """Return what ends the cases of addresses from which a human answered; nothing for none."""
    return [("attention_heard", {"ids": list(deliveries)})] if deliveries else []
