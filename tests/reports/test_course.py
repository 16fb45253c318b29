"""The curve of a broadcast, and its people by unit and group, as the watch noted them."""

from __future__ import annotations

import asyncio

import pytest

from denrei.accounts import tenancy, units
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.watch import counting, curves
from denrei.directory.models import ContactGroup, GroupMember, Recipient
from denrei.reports import course
from denrei.reports.places import Places, counted_at, places
from tests.deliveries.world import World, settings_conninfo

pytestmark = pytest.mark.usefixtures("committed")


async def watch(organization: int, broadcast: int) -> None:
    """Let the watch go round once; the second point of a curve comes as early as it is asked."""
    async with LedgerConnection(settings_conninfo()) as connection:
        await curves.draw(connection, organization, [broadcast], least=0.0)
        await counting.count(connection, organization, {broadcast: True})


def counted(world: World, broadcast: int) -> Places:
    with tenancy.acting_for(world.organization.pk):
        return places(Broadcast.objects.select_related("unit").get(pk=broadcast))


@pytest.mark.spec("ALL-4")
def test_the_curve_tells_people_by_evidence_and_what_is_left(world: World) -> None:
    world.lane()
    people = world.people(3)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    asyncio.run(watch(world.organization.pk, broadcast))
    world.answers(broadcast, [people[0].pk])
    world.change("UPDATE audience SET grade = 1 WHERE recipient_id = %s", people[1].pk)
    world.change("UPDATE pulse SET at = at - interval '1 minute'")
    asyncio.run(watch(world.organization.pk, broadcast))

    with tenancy.acting_for(world.organization.pk):
        found = course.course(broadcast)
        noted = course.latest(broadcast)

    latest = found[-1]
    assert (0, 0, 0) == (found[0].answered, found[0].arrived, found[0].handed_over)
    assert (1, 1, 2) == (latest.answered, latest.arrived, latest.handed_over)
    assert 3 == latest.left
    assert course.Latest(at=latest.at, next_at=None) == noted


def test_before_anybody_watched_there_is_neither(world: World) -> None:
    world.lane()
    world.people(1)
    broadcast = world.launch().broadcast_id
    world.change("DELETE FROM pulse")

    with tenancy.acting_for(world.organization.pk):
        assert ([], course.Latest()) == (course.course(broadcast), course.latest(broadcast))
        assert counted_at(broadcast) is None
    assert Places() == counted(world, broadcast)


@pytest.mark.spec("ALL-4")
def test_units_are_summed_up_the_tree_and_groups_stand_beside(world: World) -> None:
    world.lane()
    city = units.add(world.organization, "A", "市役所")
    tax = units.add(world.organization, "A1", "税務課", city)
    units.add(world.organization, "B", "だれもいない課")
    mayor, clerk, _outside = world.people(3)
    with tenancy.acting_for(world.organization.pk):
        Recipient.objects.filter(pk=mayor.pk).update(unit=city)
        Recipient.objects.filter(pk=clerk.pk).update(unit=tax)
        group = ContactGroup.objects.create(organization=world.organization, code="g", name="班")
        GroupMember.objects.create(organization=world.organization, group=group, recipient=clerk)
    broadcast = world.launch().broadcast_id
    world.answers(broadcast, [clerk.pk])
    asyncio.run(watch(world.organization.pk, broadcast))

    found = counted(world, broadcast)

    assert [("市役所", 0, 2, 1), ("税務課", 1, 1, 1), ("", 0, 1, 0)] == [
        (place.name, place.depth, place.count.people, place.count.answered) for place in found.units
    ]
    assert [("班", 1, 0), ("", 2, 2)] == [
        (place.name, place.count.people, place.count.unknown) for place in found.groups
    ]
    assert found.counted_at is not None
