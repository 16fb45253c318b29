"""What was told later: receipts, bounces, taps. Stored once, folded by a maximum.

An event of a delivery that is not recorded yet waits. Order and repeats can't matter
(`denrei.domain.folding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from django.db import connection

from denrei.accounts import arrays
from denrei.deliveries import turns
from denrei.deliveries.attention import noting
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.dispatch import recording
from denrei.deliveries.statements import statement
from denrei.domain import suppression
from denrei.domain.attention import asks
from denrei.domain.failures import Reason
from denrei.domain.folding import Fold
from denrei.domain.states import Medium, State

#: Rows that the statement `fold` takes at once.
_BATCH = 5000
#: By number: `Reason(…)` takes twenty times as long.
_REASONS = {int(reason): reason for reason in Reason}


class Source(IntEnum):
    """Who told it; stored in `event.source`."""

    #: A person, on the answer page or by another way to answer.
    ANSWER = 1
    #: A mail that came back.
    BOUNCE = 2
    #: A receipt of a gateway.
    RECEIPT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was told of one delivery. `key`: the same for the same thing told twice."""

    source: Source
    key: bytes
    broadcast: int | None = None
    delivery: int | None = None
    provider_id: str = ""
    fold: Fold
    reason: Reason = Reason.NONE
    raw: str = ""


def take_in(organization: int, events: Sequence[Event]) -> int:
    """Store events, in the caller's transaction; return how many were new.

    They are folded by the janitor. The transaction must act for the organization.
    """
    if not events:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            statement("events"),
            {
                "organization": organization,
                "sources": arrays.numbers([event.source for event in events]),
                "keys": arrays.texts(["\\x" + event.key.hex() for event in events]),
                "broadcasts": arrays.numbers([event.broadcast for event in events]),
                "deliveries": arrays.numbers([event.delivery for event in events]),
                "providers": arrays.texts([_stored(event.provider_id) for event in events]),
                "ranks": arrays.numbers([event.fold.rank for event in events]),
                "states": arrays.numbers([event.fold.state for event in events]),
                "evidences": arrays.numbers([event.fold.evidence for event in events]),
                "reasons": arrays.numbers([event.reason for event in events]),
                "raws": arrays.texts([_stored(event.raw) for event in events]),
            },
        )
        return int(cursor.fetchone()[0])


def _stored(text: str) -> str:
    """Return a text as PostgreSQL can keep it."""
    return text.replace("\0", "")


async def fold_all(ledger: LedgerConnection) -> dict[int, int]:
    """Fold what every organization has; return organization → events that were folded."""
    folded = {}
    for organization, notes in await ledger.run("fold_next", {}):
        folded[organization] = await fold(ledger, organization)
        await ledger.run("fold_done", {"notes": notes}, organization=organization)
    return folded


async def fold(ledger: LedgerConnection, organization: int) -> int:
    """Fold what one organization has; count bounces against their addresses, note who must act.

    psycopg.OperationalError where the connection was cut: what is not folded is in the next round.
    """
    await ledger.run("match", {}, organization=organization)
    folded = 0
    after: int | None = 0
    while after is not None:
        async with ledger.transaction(organization) as ask:
            rows = await ask("fold", {"after": after})
            seen, last, told, bounced, heard, fallen = rows[0]
            failures = ((one, _REASONS[why], _REASONS[before]) for one, why, before in bounced)
            for call in recording.blame_anew(failures):
                await ask(*call)
            said = {"ids": arrays.numbers(heard), "strikes": suppression.IN_A_ROW}
            for medium, key in await ask("clear", said) if heard else ():
                freed = await ask("release_waiting", {"medium": medium, "address_key": key})
                for call in turns.passed_on([row[0] for row in freed]) if freed else ():
                    await ask(*call)
            for call in (*noting.noted_anew(_asking(fallen)), *noting.heard(heard)):
                await ask(*call)
        folded += told
        after = following(seen, after, last)
    return folded


def following(seen: int, after: int, last: int) -> int | None:
    """Return the delivery to go on from, None at the end; its events may be on both sides of a batch."""
    if seen < _BATCH:
        return None
    return last if last > after else last + 1


def _asking(fallen: Sequence[tuple[int, int, int, int, int, int]]) -> list[tuple[int, bool]]:
    """Return which of (delivery, medium, state and reason now, and before) ask to act, and whether only now."""
    return [
        (delivery, not _asks(medium, state_before, reason_before))
        for delivery, medium, state, reason, state_before, reason_before in fallen
        if _asks(medium, state, reason)
    ]


@cache
def _asks(medium: int, state: int, reason: int) -> bool:
    return asks(Medium(medium), State(state), Reason(reason))
