"""The way of a broadcast through the ledger: launch, slices, sending, records, people."""

from __future__ import annotations

import pytest

from denrei.domain.failures import Reason
from denrei.domain.states import Grade, State
from tests.deliveries.world import World, workers

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.spec("ALL-1", "NEW-1")
def test_everybody_is_sent_to_once_and_accounted_for(world: World) -> None:
    world.lane()
    world.people(1200)

    launched = world.launch()
    with workers(2):
        world.finished(launched.broadcast_id)

    assert launched.people == 1200
    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 1200}
    assert world.grades(launched.broadcast_id) == {Grade.HANDED_OVER: 1200}
    assert world.differences(launched.broadcast_id) == []
