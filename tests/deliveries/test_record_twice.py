"""A record that was sent again after a cut, while what had been sent before it is still under way."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from denrei.channels import Accepted
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.dispatch import recording, verdict
from denrei.deliveries.dispatch.held import Held, Result, Waiting
from denrei.deliveries.lanes import LaneSettings
from denrei.domain.states import Medium, State
from tests.deliveries.world import World, settings_conninfo

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.spec("ALL-2")
def test_a_record_beside_its_own_repetition_is_written_once(world: World) -> None:
    lane = LaneSettings(id=world.lane().pk, medium=Medium.MAIL)
    world.people(3)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)

    assert [True, True] == asyncio.run(_recorded_by_two(lane, world.organization.pk))

    attempts = world.ask("SELECT count(*), count(DISTINCT delivery_id) FROM attempt")
    assert [(2, 2)] == attempts
    assert {State.ACCEPTED: 2, State.WAITING: 1} == {
        state: count for (state, _), count in world.states(broadcast).items()
    }
    assert [(1,)] == world.ask("SELECT open FROM chunk")


async def _recorded_by_two(lane: LaneSettings, organization: int) -> list[bool]:
    """Record the first two of a chunk by two connections that wait for one lock; what each returns."""
    conninfo = settings_conninfo()
    async with (
        LedgerConnection(conninfo) as first,
        LedgerConnection(conninfo) as second,
        await psycopg.AsyncConnection.connect(conninfo) as holder,
    ):
        held, results = await _claimed(first, lane, organization)
        await holder.execute("SELECT FROM chunk WHERE id = %s FOR UPDATE", [held.id])
        both = [
            asyncio.create_task(recording.record(connection, lane, held, results[:2]))
            for connection in (first, second)
        ]
        for _ in range(1000):
            if await _waiting(conninfo) == len(both):
                break
            await asyncio.sleep(0.01)
        await holder.commit()
        return list(await asyncio.gather(*both))


async def _claimed(
    connection: LedgerConnection, lane: LaneSettings, organization: int
) -> tuple[Held, list[Result]]:
    asked = {"worker": "test", "lease": lane.lease, "lane": lane.id, "worst": 9}
    _, chunk, broadcast, wave, generation, priority = (await connection.run("claim", asked))[0]
    held = Held(
        organization=organization,
        id=chunk,
        broadcast=broadcast,
        wave=wave,
        generation=generation,
        priority=priority,
        deadline=0.0,
    )
    loaded = await connection.run("load", {"chunk": chunk}, organization=organization)
    told = Accepted(reply="250 ok")
    return held, [verdict.accepted(lane, Waiting(*row), told, 1, 0.01) for row in loaded]


async def _waiting(conninfo: str) -> int:
    async with await psycopg.AsyncConnection.connect(conninfo) as watching:
        found = await watching.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        row = await found.fetchone()
        assert row is not None
        return int(row[0])
