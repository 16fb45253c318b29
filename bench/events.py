"""Bounces, receipts and taps of deliveries that were handed over: taken in and folded, in batches."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench import sink
from bench.rows import Bench, Goal, Reading, Row, Scale
from denrei.project.demo.actors import free_port
from tools import ground

#: Events that come in by one transaction.
_BATCH = 1_000
_GOAL = Goal(least=20_000)
_RECEIPTS = Row(name="receipts: taken in and folded", unit="/s", goal=_GOAL)
_TAPS = Row(name="taps: taken in and folded", unit="/s", goal=_GOAL)
_BOUNCES = Row(name="bounces of all reasons: taken in and folded", unit="/s", goal=_GOAL)
_RAW = "Final-Recipient: rfc822; user@example.jp\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 "


def _measure(scale: Scale) -> Iterator[Reading]:
    """Hand over for real, then tell of each delivery; a tap of every second, before the bounces."""
    people = scale.of(100_000, 4_000)
    with ground.ground() as where:
        port = free_port()
        for _ in range(scale.rounds):
            where.people(people)
            where.gateway(port)
            with sink.running(port), ground.worker(where):
                broadcast = where.press()
                where.settled(broadcast)
            ids = _deliveries(where, broadcast)
            for row, told, make in (
                (_RECEIPTS, ids, _receipt),
                (_TAPS, ids[::2], _tap),
                (_BOUNCES, ids, _bounce),
            ):
                ours, postgres = time.process_time(), ground.spent(where.postgres)
                taken, folded = _told(where, broadcast, told, make)
                ours, postgres = time.process_time() - ours, ground.spent(where.postgres) - postgres
                yield Reading(
                    row=row.name,
                    value=len(told) / (taken + folded),
                    people=len(told),
                    more={
                        "taken_in_us": taken / len(told) * 1e6,
                        "folded_us": folded / len(told) * 1e6,
                        "cpu_us": ours / len(told) * 1e6,
                        "postgres_cpu_us": postgres / len(told) * 1e6,
                    },
                )


def _deliveries(where: ground.Ground, broadcast: int) -> list[int]:
    from denrei.accounts import tenancy
    from denrei.deliveries.models import Delivery

    with tenancy.acting_for(where.organization.pk):
        return list(Delivery.objects.filter(broadcast_id=broadcast).values_list("pk", flat=True))


def _told(
    where: ground.Ground, broadcast: int, ids: Sequence[int], make: Callable[[int, int], Any]
) -> tuple[float, float]:
    """Return the seconds that intake and fold took."""
    from denrei.accounts import tenancy
    from denrei.deliveries import fold

    organization = where.organization.pk
    events = [make(broadcast, delivery) for delivery in ids]
    began = time.perf_counter()
    new = 0
    for start in range(0, len(events), _BATCH):
        with tenancy.acting_for(organization):
            new += fold.take_in(organization, events[start : start + _BATCH])
    taken = time.perf_counter() - began
    folded = asyncio.run(_folded(organization, len(ids)))
    assert new == len(ids)
    return taken, folded


async def _folded(organization: int, count: int) -> float:
    from denrei.deliveries import fold
    from denrei.deliveries.connection import LedgerConnection

    async with LedgerConnection(os.environ["DATABASE_URL"], shard=2) as connection:
        began = time.perf_counter()
        found = await fold.fold_all(connection)
        took = time.perf_counter() - began
    assert found == {organization: count}, found
    return took


def _receipt(broadcast: int, delivery: int) -> Any:
    from denrei.deliveries.fold import Event, Source
    from denrei.domain.folding import MailRank, event
    from denrei.domain.states import Medium

    return Event(
        source=Source.RECEIPT,
        key=b"receipt-%d" % delivery,
        broadcast=broadcast,
        delivery=delivery,
        fold=event(Medium.MAIL, MailRank.DELIVERED),
        raw="Action: delivered",
    )


def _tap(broadcast: int, delivery: int) -> Any:
    from denrei.deliveries.fold import Event, Source
    from denrei.domain.folding import human
    from denrei.domain.states import Evidence

    return Event(
        source=Source.ANSWER,
        key=b"tap-%d" % delivery,
        broadcast=broadcast,
        delivery=delivery,
        fold=human(Evidence.READ),
    )


def _bounce(broadcast: int, delivery: int) -> Any:
    from denrei.deliveries.fold import Event, Source
    from denrei.domain.failures import Reason
    from denrei.domain.folding import MailRank, event
    from denrei.domain.states import Medium

    reasons = [reason for reason in Reason if Reason.UNKNOWN_USER <= reason <= Reason.POLICY]
    return Event(
        source=Source.BOUNCE,
        key=b"bounce-%d" % delivery,
        broadcast=broadcast,
        delivery=delivery,
        fold=event(Medium.MAIL, MailRank.BOUNCED),
        reason=reasons[delivery % len(reasons)],
        raw=_RAW * 2,
    )


BENCH = Bench(name="events", rows=(_RECEIPTS, _TAPS, _BOUNCES), measure=_measure)
