"""What a worker seals by itself: also what came with the end of a wave, and answers after it (NEW-1)."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy
from denrei.deliveries import fold
from denrei.domain import folding
from denrei.domain.states import Evidence
from tests.deliveries.world import World, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-1")]


def sealed(world: World) -> int:
    """Return how many attempts and events are in a seal."""
    return int(world.ask("SELECT coalesce(sum(n), 0)::int FROM seal")[0][0])


def test_the_end_of_a_wave_and_an_answer_after_it_are_sealed(world: World) -> None:
    world.lane()
    world.people(3)
    broadcast = world.launch().broadcast_id
    with workers(1):
        world.finished(broadcast)
        wait_for(lambda: sealed(world) == 3, 40)

        ((delivery,),) = world.ask("SELECT min(id) FROM delivery")
        answer = fold.Event(
            source=fold.Source.ANSWER,
            key=b"late",
            broadcast=broadcast,
            delivery=delivery,
            fold=folding.human(Evidence.ANSWERED),
        )
        with tenancy.acting_for(world.organization.pk):
            fold.take_in(world.organization.pk, [answer])
        wait_for(lambda: sealed(world) == 4, 40)
