"""Which contacts of a person a launch uses, and who has none (SCH-3, SCH-4, EMC-6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.directory.models import Contact, ContactState
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from tests.deliveries.world import World, workers

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.spec("NEW-1")
def test_who_has_no_contact_that_the_broadcast_can_use_is_counted_as_such(world: World) -> None:
    world.lane()
    world.people(3)
    world.people(2, medium=Medium.SMS)
    launched = world.launch()

    world.slices(launched.broadcast_id)
    look = world.conserved(launched.broadcast_id)

    assert (5, 3, 2) == (look.people.total, look.people.unreached, look.people.no_contact)


@pytest.mark.spec("EMC-6")
def test_a_known_bad_address_is_not_sent_to_and_its_person_is_unreached(world: World) -> None:
    world.lane()
    world.people(3)
    world.suppress("p1@example.jp")
    launched = world.launch()

    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {
        (State.ACCEPTED, Reason.NONE): 2,
        (State.SUPPRESSED, Reason.KNOWN_BAD): 1,
    }
    assert (2, 1) == (look.people.reached_only, look.people.unreached)
    assert Status.KNOWN_BAD is status_of(
        Position(state=State.SUPPRESSED, medium=Medium.MAIL, reason=Reason.KNOWN_BAD)
    )


@pytest.mark.spec("EMC-6")
def test_an_address_whose_time_is_over_is_sent_to_again(world: World) -> None:
    world.lane()
    world.people(1)
    world.suppress("p0@example.jp", timedelta(days=-1))
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 1}


@pytest.mark.spec("SCH-3")
@pytest.mark.parametrize("slots", [1, 2, 4])
def test_mail_goes_to_the_first_addresses_as_many_as_the_organization_says(slots: int) -> None:
    world = World.create(receiving_slots=slots)
    world.lane()
    world.people(2, address="p{0}-{1}@example.jp", slots=4)
    launched = world.launch()

    world.slices(launched.broadcast_id)

    assert [(f"p{n}-{slot}@example.jp",) for n in range(2) for slot in range(1, slots + 1)] == (
        world.ask("SELECT address FROM delivery ORDER BY address")
    )


@pytest.mark.spec("SCH-4")
@pytest.mark.parametrize(
    ("change", "sent"),
    [
        pytest.param({"receives": True, "state": ContactState.CONFIRMED}, 1, id="confirmed"),
        pytest.param({"receives": True, "state": ContactState.UNCONFIRMED}, 1, id="unconfirmed"),
        pytest.param({"receives": False}, 0, id="wants none"),
        pytest.param({"state": ContactState.RETIRED}, 0, id="retired"),
    ],
)
def test_a_contact_decides_whether_broadcasts_go_to_it(
    world: World, change: dict[str, Any], sent: int
) -> None:
    world.lane()
    world.people(1)
    with tenancy.acting_for(world.organization.id):
        Contact.objects.update(**change)
    launched = world.launch()

    world.slices(launched.broadcast_id)
    look = world.conserved(launched.broadcast_id)

    assert (sent, 1 - sent) == (look.deliveries.total, look.people.no_contact)
