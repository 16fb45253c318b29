"""Where cases begin and end by themselves: in the transaction in which the ledger learns of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from denrei.accounts import arrays
from denrei.deliveries.connection import Call
from denrei.domain.attention import CODES, ENDINGS, Ending


def _key(one: Ending) -> str:
    """Return medium, state and reason in numbers; without a reason where each is meant."""
    numbers = (one.medium, one.state, one.reason)
    return " ".join(str(int(number)) for number in numbers if number is not None)


#: Status by ending, as text: a join would compare each delivery with each ending.
_STATUSES = json.dumps({_key(one): CODES[one.status] for one in ENDINGS})


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
    told = {"ids": arrays.numbers(ids), "fresh": arrays.numbers(fresh), "statuses": _STATUSES}
    return [("attention", told)]


def heard(deliveries: Sequence[int]) -> list[Call]:
    """Return what ends the cases of addresses from which a human answered; nothing for none."""
    return [("attention_heard", {"ids": arrays.numbers(deliveries)})] if deliveries else []
