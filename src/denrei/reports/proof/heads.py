"""The newest seal of a broadcast, signed: few enough words to leave the machine by mail or on paper."""

from __future__ import annotations

from dataclasses import dataclass

from denrei.accounts import signing, tenancy
from denrei.domain.proof import keys
from denrei.reports.proof import snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """All that is needed to prove later what was sealed until now."""

    broadcast_id: int
    #: The number of the seal in the chain of its broadcast.
    no: int
    hash: bytes
    #: Of the key that signed.
    fingerprint: str
    #: Over `denrei.domain.proof.keys.message_of_head`.
    signature: bytes


def head(organization_id: int, broadcast_id: int) -> Head | None:
    """Return the newest seal of a broadcast; None where nothing of it is sealed.

    Seal first what has committed (`denrei.deliveries.seal`).
    """
    with tenancy.acting_for(organization_id):
        newest = next(snapshot.rows("newest", {"broadcast": broadcast_id}), None)
    if newest is None:
        return None
    sealed = bytes.fromhex(newest["hash"])
    return Head(
        broadcast_id=broadcast_id,
        no=newest["no"],
        hash=sealed,
        fingerprint=keys.fingerprint(signing.public_key()),
        signature=signing.sign(keys.message_of_head(broadcast_id, newest["no"], sealed)),
    )
