"""One seed of row 7: `python -m chaos.telling SEED` plays it on DATABASE_URL and prints how many events were new.

Each event comes thrice. A fifth of all comes before anything is recorded, the rest shuffled; between
batches of random size it is folded, or not. Chunks are claimed and recorded by the ledger's own statements.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Iterator
from typing import Any

from denrei.project import starting

#: How often the same thing is told, and the share that is told before the records.
_TIMES, _EARLY = 3, 0.2
_LARGEST = 150


def main(seed: int) -> int:
    """Play; return how many events were new."""
    with starting.ready("worker"):
        return asyncio.run(_play(random.Random(seed)))


async def _play(chance: random.Random) -> int:
    from denrei.deliveries.connection import LedgerConnection

    organization, rows = await asyncio.to_thread(_deliveries)
    events = [event for row in rows for event in _events(*row)] * _TIMES
    chance.shuffle(events)
    early = int(len(events) * _EARLY)
    async with LedgerConnection(os.environ["DATABASE_URL"]) as ledger:
        new = await _tell(ledger, organization, events[:early], chance)
        await _record(ledger)
        new += await _tell(ledger, organization, events[early:], chance)
        await _fold(ledger)
        await _fold(ledger)
    return new


def _deliveries() -> tuple[int, list[tuple[int, int, int, int]]]:
    """Return the organization, and (id, broadcast, medium, recipient) of each delivery."""
    from chaos.ground import ask

    ((organization,),) = ask("SELECT min(organization_id) FROM delivery")
    rows = ask("SELECT id, broadcast_id, medium, recipient_id FROM delivery ORDER BY id")
    return int(organization), [(int(a), int(b), int(c), int(d)) for a, b, c, d in rows]


def _events(delivery: int, broadcast: int, medium: int, recipient: int) -> Iterator[Any]:
    """Yield what is told of a delivery: the same for every seed.

    Failures of one address in several broadcasts may come in any order, and so may a human's word,
    which ends what was counted up to its message: of a third of the people one broadcast is heard,
    and the others fail before and after it.
    """
    from denrei.domain.states import Medium

    if medium == Medium.MAIL:
        yield from _of_mail(delivery, broadcast, recipient)
    else:
        yield from _of_sms(delivery)


def _of_mail(delivery: int, broadcast: int, recipient: int) -> Iterator[Any]:
    from denrei.deliveries.fold import Event, Source
    from denrei.domain import folding
    from denrei.domain.failures import Reason
    from denrei.domain.folding import MailRank
    from denrei.domain.states import Evidence, Medium

    def bounce(reason: Reason, rank: MailRank = MailRank.BOUNCED) -> Event:
        return Event(
            source=Source.BOUNCE,
            key=f"{delivery} {reason} {rank}".encode(),
            broadcast=broadcast,
            delivery=delivery,
            fold=folding.event(Medium.MAIL, rank),
            reason=reason,
        )

    def human(evidence: Evidence) -> Event:
        return Event(
            source=Source.ANSWER,
            key=f"{delivery} {evidence}".encode(),
            broadcast=broadcast,
            delivery=delivery,
            fold=folding.human(evidence),
        )

    relayed = bounce(Reason.NONE, MailRank.DELIVERED)
    heard = [
        [human(Evidence.READ)],
        [human(Evidence.ANSWERED), bounce(Reason.UNKNOWN_USER)],
        [bounce(Reason.SUSPENDED), human(Evidence.READ)],
        [relayed, human(Evidence.READ), human(Evidence.ANSWERED)],
    ]
    silent = [
        [bounce(Reason.UNKNOWN_USER)],
        [bounce(Reason.MAILBOX_FULL), bounce(Reason.UNKNOWN_HOST)],
        [relayed, bounce(Reason.FILTERED)],
        [bounce(Reason.SUSPENDED)],
        [bounce(Reason.UNKNOWN_USER), bounce(Reason.UNKNOWN_HOST), bounce(Reason.SUSPENDED)],
        [relayed],
        [],
    ]
    if recipient % 3 == 0 and broadcast % 3 == recipient % 9 // 3:
        yield from heard[recipient // 9 % len(heard)]
    else:
        yield from silent[(recipient + broadcast * (recipient % 2)) % len(silent)]


def _of_sms(delivery: int) -> Iterator[Any]:
    from denrei.deliveries.fold import Event, Source
    from denrei.domain import folding
    from denrei.domain.failures import Reason
    from denrei.domain.folding import SmsRank
    from denrei.domain.states import Medium

    def receipt(rank: SmsRank, reason: Reason = Reason.NONE) -> Event:
        return Event(
            source=Source.RECEIPT,
            key=f"{delivery} {rank} {reason}".encode(),
            provider_id=f"sms-{delivery}",
            fold=folding.event(Medium.SMS, rank),
            reason=reason,
        )

    told = [
        [receipt(SmsRank.DELIVERED)],
        [receipt(SmsRank.FAILED, Reason.BAD_NUMBER), receipt(SmsRank.DELIVERED)],
        [receipt(SmsRank.DELIVERED_TO_CARRIER), receipt(SmsRank.DELIVERED)],
        [receipt(SmsRank.FAILED, Reason.HANDSET), receipt(SmsRank.FAILED, Reason.BAD_NUMBER)],
        [receipt(SmsRank.UNKNOWN, Reason.NO_RECEIPT), receipt(SmsRank.DELIVERED_TO_CARRIER)],
        [],
    ]
    yield from told[delivery % len(told)]


async def _tell(ledger: Any, organization: int, events: list[Any], chance: random.Random) -> int:
    new = 0
    while events:
        size = chance.randint(1, _LARGEST)
        batch, events = events[:size], events[size:]
        new += await asyncio.to_thread(_take_in, organization, batch)
        if chance.random() < 0.5:
            await _fold(ledger)
    return new


def _take_in(organization: int, batch: list[Any]) -> int:
    from denrei.accounts import tenancy
    from denrei.deliveries import fold

    with tenancy.acting_for(organization):
        return fold.take_in(organization, batch)


async def _fold(ledger: Any) -> None:
    from denrei.deliveries import fold

    await fold.fold_all(ledger)


async def _record(ledger: Any) -> None:
    """Claim every chunk and record it; what each delivery comes to is its number's matter."""
    from denrei.deliveries.dispatch import recording
    from denrei.deliveries.dispatch.held import Held, Waiting
    from denrei.deliveries.lanes import LaneSettings

    for lane, *_ in await ledger.run("ready_lanes", {}):
        settings = LaneSettings.from_row((await ledger.run("lane", {"lane": lane}))[0])
        asked = {"worker": "chaos", "lease": 60.0, "lane": lane, "worst": 9}
        while claimed := await ledger.run("claim", asked):
            organization, chunk, broadcast, wave, generation, priority = claimed[0]
            held = Held(organization, chunk, broadcast, wave, generation, priority, deadline=0.0)
            loaded = await ledger.run("load", {"chunk": chunk}, organization=organization)
            results = [_result(settings, Waiting(*row)) for row in loaded]
            assert await recording.record(ledger, settings, held, results)


def _result(lane: Any, row: Any) -> Any:
    from denrei.channels import Accepted, SendError
    from denrei.deliveries.dispatch import verdict
    from denrei.domain.failures import Reason
    from denrei.domain.states import Medium, Phase

    if row.id % 13 == 0 and lane.medium is Medium.MAIL:
        error = SendError(Reason.UNKNOWN_USER, retryable=False, phase=Phase.ANSWERED, detail="550")
        return verdict.refused(lane, row, error, 1, 0.01, 0.0)
    name = f"sms-{row.id}" if lane.medium is Medium.SMS else ""
    return verdict.accepted(lane, row, Accepted(reply="250 ok", provider_id=name), 1, 0.01)


if __name__ == "__main__":
    sys.stdout.write(f"{main(int(sys.argv[1]))}\n")
