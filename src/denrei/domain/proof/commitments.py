"""Commitments of the ledger's leaves and the chain of its seals: what `seal.sql` computes, once more.

commitment = sha256(salt || text), the text being the fields of the row with | between them
root       = sha256(all commitments of the seal, sorted)
hash       = sha256(hash of the seal before || root)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from denrei.domain.proof.lines import Row

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def of_attempt(row: Row) -> bytes:
    """Return the commitment of an attempt. ValueError: a field can't be one of the ledger's."""
    return _hashed(
        row["salt"],
        (
            "a", row["delivery"], row["generation"], row["kind"], row["state"], row["reason"],
            row["phase"], row["gateway"], row["took_ms"], epoch(row["at"]), row["provider_id"],
            row["reply"],
        ),
    )  # fmt: skip


def of_event(row: Row) -> bytes:
    """Return the commitment of an event. ValueError as `of_attempt`."""
    return _hashed(
        row["salt"],
        (
            "e", row["source"], row["key"], row["delivery"], row["rank"], row["state"],
            row["evidence"], row["reason"], epoch(row["at"]), row["provider_id"], row["raw"],
        ),
    )  # fmt: skip


def root(commitments: Iterable[bytes]) -> bytes:
    """Return the root over commitments in whatever order."""
    return hashlib.sha256(b"".join(sorted(commitments))).digest()


def link(before: bytes, root_of_seal: bytes) -> bytes:
    """Return the hash of a seal; `before` is b"" for the first."""
    return hashlib.sha256(before + root_of_seal).digest()


def moment(text: str) -> datetime:
    """Return a time of the file. ValueError: it is none, or says no time zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found


def epoch(text: str) -> str:
    """Return a time as PostgreSQL writes `extract(epoch FROM …)`: seconds with six decimals."""
    seconds, rest = divmod(moment(text) - _EPOCH, _SECOND)
    return f"{seconds}.{rest.microseconds:06d}"


def _hashed(salt: str, fields: Iterable[object]) -> bytes:
    salted = bytes.fromhex(salt)
    if len(salted) != 16:
        raise ValueError("a salt has 16 bytes")
    text = "|".join("" if value is None else str(value) for value in fields)
    return hashlib.sha256(salted + text.encode()).digest()
