"""What a worker decides without a send still counts against its promise of how many may be in doubt."""

from __future__ import annotations

import asyncio

import pytest

from denrei.accounts import tenancy
from denrei.channels.simulator import Simulator
from denrei.deliveries import cancel, slicing
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.dispatch import ledger as ledgers
from denrei.deliveries.dispatch.claiming import Claimer
from denrei.deliveries.dispatch.hands import Hands
from denrei.deliveries.dispatch.ledger import Ledger
from denrei.deliveries.dispatch.numbers import Numbers
from denrei.deliveries.dispatch.releasing import Releaser
from denrei.deliveries.dispatch.routes import Route, Routes
from denrei.deliveries.lanes import LaneSettings
from denrei.domain.states import Medium
from tests.deliveries.world import World, settings_conninfo

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.spec("ALL-2")
def test_rows_that_are_halted_at_the_gate_use_up_the_window(world: World) -> None:
    """The reaper marks the first `window` rows that wait; the halted ones wait until recorded."""
    lane = LaneSettings(id=world.lane(window=2).pk, medium=Medium.MAIL, window=2)
    people = world.people(4)
    broadcast = world.launch().broadcast_id
    asyncio.run(_slice(world.organization.id, broadcast))
    with tenancy.acting_for(world.organization.id):
        cancel.halt(world.organization.id, broadcast, [people[0].pk, people[1].pk])

    released, decided = asyncio.run(_release(lane))

    halted = [
        row[0]
        for row in world.ask(
            "SELECT id FROM delivery WHERE recipient_id = ANY(%s) ORDER BY id",
            [people[0].pk, people[1].pk],
        )
    ]
    assert (released, decided) == ([], halted)


async def _slice(organization: int, broadcast: int) -> None:
    async with LedgerConnection(settings_conninfo()) as janitor:
        await slicing.next_slice(janitor, organization, broadcast, 1)


async def _release(lane: LaneSettings) -> tuple[list[int], list[int]]:
    """Claim and release with nobody who records; return the deliveries released and decided."""
    hands = Hands()
    async with (
        Simulator().open() as sender,
        ledgers.opened(settings_conninfo(), shard=0) as ledger,
    ):
        await _claim_and_release(lane, ledger, Routes([Route(gateway=1, sender=sender)]), hands)
    (held,) = hands.owing
    return [released.row.id for released in hands.work], [result.id for result in held.results]


async def _claim_and_release(
    lane: LaneSettings, ledger: Ledger, routes: Routes, hands: Hands
) -> None:
    claimer = Claimer(lane, ledger, routes, hands, "test")
    released = asyncio.Event()
    releaser = Releaser(lane, ledger, routes, hands, Numbers(ledger.gates), pump=released.set)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(claimer.run()), group.create_task(releaser.run())]
        async with asyncio.timeout(10):
            await released.wait()
        await asyncio.sleep(0.2)  # time enough to release more, if it would
        for task in tasks:
            task.cancel()
