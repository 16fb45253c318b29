"""What goes first: the urgent before the long, the small beside the large, each organization its share."""

from __future__ import annotations

from typing import Any

import pytest

from denrei.broadcasts.models import Priority
from denrei.deliveries import cancel
from denrei.domain.states import Medium
from tests.deliveries.world import World, workers

pytestmark = pytest.mark.usefixtures("committed")


def _lane(world: World, **changes: Any) -> None:
    """Give the world a lane that takes a while: 400 a second."""
    world.lane(delay=0.05, lines=20, **changes)


def _overtakes(world: World, slow: int, urgent_world: World, urgent: int) -> tuple[int, int]:
    """Wait until the second broadcast is recorded; return what then waits of both. Stop the first."""
    urgent_world.until(urgent, lambda look: look.deliveries.handed_over == look.people.total)
    waits = world.conserved(slow).deliveries
    cancel.stop(world.organization.id, slow)
    world.finished(slow)
    return waits.waiting + waits.in_work, waits.total


@pytest.mark.parametrize("chunk_size", [50, 500, 2000], ids=lambda size: f"chunks of {size}")
def test_an_evacuation_notice_overtakes_a_routine_broadcast_that_is_under_way(
    world: World, chunk_size: int
) -> None:
    _lane(world, chunk_size=chunk_size)
    world.people(2000)
    routine = world.launch(priority=Priority.ROUTINE).broadcast_id

    with workers(1):
        world.until(routine, lambda look: look.deliveries.handed_over > 20)
        notice = world.launch(priority=Priority.EVACUATION, selection=world.some(60)).broadcast_id
        waits, total = _overtakes(world, routine, world, notice)

    assert waits > total / 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Priority.ROUTINE, Priority.EMERGENCY),
        (Priority.EMERGENCY, Priority.EVACUATION),
        (Priority.ROUTINE, Priority.EVACUATION),
    ],
    ids=lambda priority: priority.name,
)
def test_chunks_are_claimed_by_priority_whatever_was_launched_first(
    world: World, first: Priority, second: Priority
) -> None:
    world.lane(chunk_size=2)
    world.people(10)
    broadcasts = [world.launch(priority=priority).broadcast_id for priority in (first, second)]
    for broadcast in broadcasts:
        world.slices(broadcast)

    with workers(1):
        for broadcast in broadcasts:
            world.finished(broadcast)

    order = world.ask("SELECT broadcast_id FROM attempt GROUP BY 1 ORDER BY max(generation)")
    assert [(broadcasts[1],), (broadcasts[0],)] == order


@pytest.mark.spec("ALL-5")
def test_a_small_broadcast_of_another_organization_does_not_wait_for_a_large_one() -> None:
    large, small = World.create(), World.create()
    _lane(large, chunk_size=50, shared=True)
    small.lanes[Medium.MAIL] = large.lanes[Medium.MAIL]
    large.people(2000)
    small.people(150)
    first = large.launch().broadcast_id

    with workers(1):
        large.until(first, lambda look: look.deliveries.handed_over > 20)
        second = small.launch().broadcast_id
        waits, total = _overtakes(large, first, small, second)

    assert waits > total / 2


def test_each_further_broadcast_of_an_organization_takes_less_from_the_others() -> None:
    busy, other = World.create(), World.create()
    busy.lane(chunk_size=1, shared=True)
    other.lanes[Medium.MAIL] = busy.lanes[Medium.MAIL]
    busy.people(30)
    other.people(30)
    for _ in range(4):
        busy.slices(busy.launch().broadcast_id)
    other.slices(other.launch().broadcast_id)

    claims = busy.ask_worker("SELECT organization_id FROM chunk ORDER BY priority, pass, rank, id")
    share = [organization for (organization,) in claims[:60]].count(other.organization.id)

    assert share > 60 / 4  # five broadcasts are open; a fifth would be no fairness between two
