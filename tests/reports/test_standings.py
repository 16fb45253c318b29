"""How the broadcasts of a list stand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.deliveries import cancel
from denrei.reports.standings import Standing, standings
from tests.deliveries.world import World

pytestmark = pytest.mark.usefixtures("committed")


def stand(world: World, *broadcasts: int) -> Mapping[int, Standing]:
    with tenancy.acting_for(world.organization.pk):
        return standings(broadcasts)


@pytest.mark.spec("OPS-7", "ALL-4")
def test_each_broadcast_says_how_it_stands(world: World) -> None:
    world.lane()
    people = world.people(3)
    prepared = world.launch().broadcast_id
    stopped = world.launch().broadcast_id
    world.answers(prepared, [people[0].pk])
    cancel.stop(world.organization.pk, stopped)

    found = stand(world, prepared, stopped)

    assert {
        prepared: Standing(
            people=3, answered=1, reached_only=0, words="準備中", finished=False, stopped=False
        ),
        stopped: Standing(
            people=3, answered=0, reached_only=0, words="停止", finished=False, stopped=True
        ),
    } == found


def test_a_page_of_them_is_one_question(world: World) -> None:
    world.lane()
    world.people(1)
    broadcasts = [world.launch().broadcast_id for _ in range(5)]

    with tenancy.acting_for(world.organization.pk), CaptureQueriesContext(connection) as asked:
        assert 5 == len(standings(broadcasts))

    assert 1 == len(asked)


@pytest.mark.spec("ALL-5")
def test_those_of_others_are_not_told(world: World) -> None:
    other = World.create()
    other.lane()
    other.people(1)

    assert {} == stand(world, other.launch().broadcast_id)
