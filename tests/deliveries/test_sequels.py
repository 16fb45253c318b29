"""訂正, 取消 and 解除 stop what they follow, and go to whom it may have reached (NEW-13)."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy
from denrei.audience.selection import Selection
from denrei.deliveries import cancel, packing
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.launch import Step
from denrei.deliveries.stages import Stage
from denrei.domain.states import Medium, State
from tests.deliveries.world import World, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-13")]

#: By mail at once: taken, refused, silence after the final dot (tried again in ten minutes); by SMS ten minutes later.
RULES = {"p1@example.jp": ["UNKNOWN_USER"], "p2@example.jp": ["IN_DOUBT"]}
LATER = (Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=600))
BY_MAIL = (Step(medium=Medium.MAIL),)


@pytest.fixture
def town(world: World) -> World:
    """Three people with a mail address, and one with a number only."""
    world.lane(retry_seconds=[600], rules=RULES)
    world.lane(Medium.SMS)
    world.people(3)
    world.people(1, Medium.SMS, "09012345678")
    return world


def meant(world: World, selection: Selection) -> set[str]:
    """Return the addresses of whom a selection means."""
    with tenancy.acting_for(world.organization.id):
        people = list(selection.people().values_list("pk", flat=True))
    rows = world.ask("SELECT address FROM contact WHERE recipient_id = ANY(%s)", people)
    return {address for (address,) in rows}


def sent(world: World) -> int:
    """Send one whose SMS still wait; return it."""
    broadcast = world.launch(steps=LATER).broadcast_id
    with workers(1):
        world.until(
            broadcast, lambda look: look.deliveries.handed_over == look.deliveries.failed == 1
        )
    return broadcast


def test_whom_it_may_have_reached_are_all_but_those_who_surely_have_nothing(town: World) -> None:
    broadcast = sent(town)

    assert {"p0@example.jp", "p2@example.jp", "09012345678"} == meant(
        town, Selection(reached_by=broadcast)
    )
    assert 4 == len(meant(town, Selection(meant_by=broadcast)))
    assert set() == meant(town, Selection(reached_by=broadcast + 1))


def test_a_sequel_stops_what_it_follows_and_goes_to_whom_that_may_have_reached(
    town: World,
) -> None:
    wrong = sent(town)

    right = town.launch(corrects=wrong, selection=Selection(reached_by=wrong), steps=BY_MAIL)
    with workers(1):
        town.until(right.broadcast_id, lambda look: look.deliveries.handed_over == 1)
        look = town.finished(wrong)

    rows = town.ask(
        "SELECT c.address FROM audience a JOIN contact c ON c.recipient_id = a.recipient_id"
        " WHERE a.broadcast_id = %s",
        right.broadcast_id,
    )
    ((linked,),) = town.ask("SELECT corrects_id FROM broadcast WHERE id = %s", right.broadcast_id)
    assert (wrong, Stage.FINISHED) == (linked, look.stage)
    assert 2 == look.deliveries.cancelled
    # what waited when it was pressed might have been on the wire: better told once too often
    assert {"p0@example.jp", "p2@example.jp", "09012345678"} == {address for (address,) in rows}


def test_of_one_that_was_stopped_before_nobody_is_told_whom_it_had_not_reached(
    town: World,
) -> None:
    wrong = sent(town)
    cancel.stop(town.organization.id, wrong)
    with workers(1):
        town.finished(wrong)

    assert {"p0@example.jp", "p2@example.jp"} == meant(town, Selection(reached_by=wrong))


def test_a_sequel_of_what_reached_nobody_is_not_sent(world: World) -> None:
    world.lane()
    world.people(2)
    wrong = world.launch().broadcast_id
    world.slices(wrong)
    cancel.stop(world.organization.id, wrong)
    with workers(1):
        world.finished(wrong)

    with pytest.raises(LaunchError):
        world.launch(corrects=wrong, selection=Selection(reached_by=wrong))
    assert {int(State.CANCELLED)} == {state for state, _ in world.states(wrong)}


def test_what_no_sequel_is_is_asked_for_as_before(world: World) -> None:
    asked = Selection(everybody=True).asked()

    assert {"reached_by", "meant_by"} & asked.keys() == set()


def test_a_reserved_sequel_is_kept_as_it_is(world: World) -> None:
    order = world.order(corrects=7, selection=Selection(reached_by=7))

    packed = packing.pack(order, order.give_up_at)

    assert (order.corrects, order.selection) == (
        packing.unpack(packed, order.give_up_at).corrects,
        packing.unpack(packed, order.give_up_at).selection,
    )
