"""Bounces of several broadcasts and a human's word, told in any order, come to the same (EMC-6, EMC-7)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from itertools import permutations

import pytest

from denrei.accounts import tenancy
from denrei.deliveries import fold
from denrei.deliveries.connection import LedgerConnection
from denrei.domain import folding
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium
from tests.deliveries.world import World, workers

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.spec("EMC-6"),
    pytest.mark.spec("EMC-7"),
]

#: What is told of a person: (which of three broadcasts, why it came back; None: he answered it).
TOLD: list[list[tuple[int, Reason | None]]] = [
    [(0, Reason.UNKNOWN_USER), (1, None)],
    [(0, Reason.UNKNOWN_USER), (1, None), (2, Reason.SUSPENDED)],
    [(0, Reason.SUSPENDED), (1, None), (2, Reason.UNKNOWN_USER)],
    [(0, Reason.SUSPENDED), (1, Reason.SUSPENDED), (2, Reason.SUSPENDED)],
    [(0, Reason.SUSPENDED), (0, None), (2, Reason.SUSPENDED)],
    [(1, Reason.SUSPENDED), (2, Reason.SUSPENDED), (2, None)],
]
#: Per person: which failures count, whether the next broadcast leaves him out; no row: nothing is known against him.
COUNTED = {1: ([2], False), 2: ([2], True), 3: ([2, 1, 0], True), 4: ([2], False)}


def fold_now() -> None:
    async def work() -> None:
        async with LedgerConnection(os.environ["DATABASE_URL"]) as ledger:
            await fold.fold_all(ledger)

    asyncio.run(work())


def event(broadcast: int, delivery: int, reason: Reason | None) -> fold.Event:
    if reason is None:
        source, folded = fold.Source.ANSWER, folding.human(Evidence.ANSWERED)
    else:
        source, folded = (
            fold.Source.BOUNCE,
            folding.event(Medium.MAIL, folding.MailRank.BOUNCED),
        )
    return fold.Event(
        source=source,
        key=f"{delivery} {reason}".encode(),
        broadcast=broadcast,
        delivery=delivery,
        fold=folded,
        reason=reason or Reason.NONE,
    )


@pytest.mark.parametrize("order", [*permutations(range(3)), None], ids=str)
def test_what_is_told_in_any_order_comes_to_the_same(
    world: World, order: Sequence[int] | None
) -> None:
    world.lane()
    world.people(len(TOLD))
    sent = [world.launch().broadcast_id for _ in range(3)]
    with workers(1):
        for broadcast in sent:
            world.finished(broadcast)
    rows = world.ask("SELECT address, broadcast_id, id FROM delivery")
    ids = {(address, sent.index(broadcast)): number for address, broadcast, number in rows}
    told = [
        (f"p{person}@example.jp", at, *told[at])
        for person, told in enumerate(TOLD)
        for at in range(len(told))
    ]

    for step in [range(3)] if order is None else [[at] for at in order]:
        events = [
            event(sent[which], ids[address, which], reason)
            for address, at, which, reason in told
            if at in step
        ]
        with tenancy.acting_for(world.organization.id):
            fold.take_in(world.organization.id, events)
        fold_now()

    known = world.ask("SELECT address_key, strikes, until > now() FROM suppression")
    cases = world.ask(
        "SELECT address_key, deliveries, times, until IS NOT NULL FROM attention WHERE state = 0"
    )
    wanted = {
        f"p{person}@example.jp": ([ids[f"p{person}@example.jp", at] for at in failed], held)
        for person, (failed, held) in COUNTED.items()
    }
    assert wanted == {address: (strikes, held) for address, strikes, held in known}
    assert {address: (failed, len(failed), held) for address, (failed, held) in wanted.items()} == {
        address: (failed, times, held) for address, failed, times, held in cases
    }
