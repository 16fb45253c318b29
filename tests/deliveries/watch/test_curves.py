"""The curve of a broadcast: it begins with the launch, moves with the counters, and stays short."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.watch import curves
from tests.deliveries.watch.looking import draw
from tests.deliveries.world import World, settings_conninfo, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("ALL-4")]


def curve(world: World, broadcast: int) -> list[tuple[Any, ...]]:
    """Return answered, read, device, handed over, unreached, no contact, waiting, in work."""
    return world.ask(
        "SELECT answered, read, device, handed_over, unreached, no_contact, waiting, in_work"
        " FROM pulse WHERE broadcast_id = %s ORDER BY at",
        broadcast,
    )


@pytest.fixture
def broadcast(world: World) -> int:
    """Return a broadcast to four people, of which nothing is written yet."""
    world.lane()
    world.people(4)
    return world.launch().broadcast_id


def test_the_first_point_is_the_launch(world: World, broadcast: int) -> None:
    draw(world, broadcast)

    assert [(0, 0, 0, 0, 4, 0, 0, 0)] == curve(world, broadcast)
    assert world.ask("SELECT started_at FROM run") == world.ask("SELECT at FROM pulse")


def test_a_point_is_added_only_when_something_changed(world: World, broadcast: int) -> None:
    draw(world, broadcast)
    before = draw(world, broadcast)
    world.slices(broadcast)
    after = draw(world, broadcast)
    again = draw(world, broadcast)

    assert ([], [broadcast], []) == (before, after, again)
    assert [(0, 0, 0, 0, 4, 0, 0, 0), (0, 0, 0, 0, 4, 0, 4, 0)] == curve(world, broadcast)


def test_what_a_worker_holds_is_in_work_and_does_not_wait(world: World, broadcast: int) -> None:
    world.slices(broadcast)
    world.die_holding()
    draw(world, broadcast)

    assert (0, 0, 0, 0, 4, 0, 0, 4) == curve(world, broadcast)[-1]


def test_an_answer_days_after_the_end_is_on_the_curve(world: World, broadcast: int) -> None:
    with workers():
        world.finished(broadcast)
    draw(world, broadcast)
    world.change(
        "UPDATE run SET started_at = now() - interval '13 days', finished_at = now() - interval '12 days'"
    )
    world.change("UPDATE pulse SET at = at - interval '13 days'")
    ((person,),) = world.ask("SELECT min(recipient_id) FROM audience")
    world.answers(broadcast, [person])

    with workers():
        wait_for(lambda: curve(world, broadcast)[-1] == (1, 0, 0, 3, 0, 0, 0, 0))


def test_the_older_a_wave_the_farther_apart_are_its_points(world: World, broadcast: int) -> None:
    world.slices(broadcast)
    world.change("UPDATE run SET started_at = now() - interval '300 minutes'")
    draw(world, broadcast)
    world.change("UPDATE pulse SET at = now() - interval '50 seconds' WHERE waiting = 4")
    world.die_holding()
    young = draw(world, broadcast)
    world.change("UPDATE pulse SET at = now() - interval '70 seconds' WHERE waiting = 4")

    assert ([], [broadcast]) == (young, draw(world, broadcast))


def test_two_seconds_lie_between_two_points(world: World, broadcast: int) -> None:
    draw(world, broadcast)
    world.slices(broadcast)

    assert [] == draw(world, broadcast, least=curves.LEAST_SECONDS)


def test_the_next_retry_is_on_the_curve(world: World, broadcast: int) -> None:
    world.slices(broadcast)
    world.change(
        "UPDATE delivery SET chunk_id = NULL, next_at = now() + id * interval '1 hour'"
        " WHERE broadcast_id = %s",
        broadcast,
    )
    draw(world, broadcast)

    assert world.ask("SELECT min(next_at) FROM delivery") == world.ask(
        "SELECT next_at FROM pulse ORDER BY at DESC LIMIT 1"
    )


def test_who_perhaps_looked_and_who_calls_for_help_is_on_the_curve(
    world: World, broadcast: int
) -> None:
    people = [row[0] for row in world.ask("SELECT recipient_id FROM audience ORDER BY 1")]
    world.change("UPDATE audience SET looked = 2 WHERE recipient_id = ANY(%s)", people[:3])
    world.change("UPDATE audience SET looked = 1 WHERE recipient_id = %s", people[3])
    world.answers(broadcast, people[:1])
    world.change("UPDATE audience SET needs_help = true WHERE recipient_id = %s", people[0])
    draw(world, broadcast)

    assert (2, 1) == world.ask("SELECT looked, needs_help FROM pulse ORDER BY at DESC LIMIT 1")[0]


def test_several_watchers_write_one_point(world: World, broadcast: int) -> None:
    draw(world, broadcast)
    world.change("UPDATE run SET started_at = started_at - interval '10 seconds'")
    world.change("UPDATE pulse SET at = at - interval '10 seconds'")
    world.slices(broadcast)

    async def all_at_once() -> None:
        async with (
            LedgerConnection(settings_conninfo()) as one,
            LedgerConnection(settings_conninfo()) as two,
            LedgerConnection(settings_conninfo()) as three,
        ):
            await asyncio.gather(
                *(
                    curves.draw(connection, world.organization.pk, [broadcast])
                    for connection in (one, two, three) * 5
                )
            )

    asyncio.run(all_at_once())

    waiting = [row[6] for row in curve(world, broadcast)]
    assert 1 == waiting.count(4)
