"""People by unit and by group, counted in the background with a bounded duty."""

from __future__ import annotations

import asyncio

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Unit
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.watch import counting
from denrei.deliveries.watch.models import BreakdownKind
from denrei.directory.models import ContactGroup, GroupMember
from tests.deliveries.watch.looking import count, counts
from tests.deliveries.world import World, settings_conninfo, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("ALL-4")]


def group(world: World, code: str, *people: int) -> int:
    """Make a group of some people; return its id."""
    organization = world.organization
    with tenancy.acting_for(organization.pk):
        made = ContactGroup.objects.create(organization=organization, code=code, name=code)
        GroupMember.objects.bulk_create(
            GroupMember(organization=organization, group=made, recipient_id=person)
            for person in people
        )
    return int(made.pk)


@pytest.fixture
def people(world: World) -> list[int]:
    """Return five people of whom two are of a school."""
    world.lane()
    return [person.pk for person in world.people(5)]


@pytest.fixture
def school(world: World, people: list[int]) -> Unit:
    with tenancy.acting_for(world.organization.pk):
        school = Unit.objects.create(organization=world.organization, code="s", name="学校")
    world.change("UPDATE recipient SET unit_id = %s WHERE id = ANY(%s)", school.pk, people[:2])
    return school


@pytest.fixture
def broadcast(world: World, people: list[int], school: Unit) -> int:
    launched = world.launch().broadcast_id
    world.slices(launched)
    return launched


def test_people_are_counted_by_unit_as_they_were_at_launch(
    world: World, people: list[int], school: Unit, broadcast: int
) -> None:
    world.answers(broadcast, people[:1])
    world.change("UPDATE recipient SET unit_id = NULL")
    count(world, broadcast)

    assert {0: (3, 0, 0, 3, 0), school.pk: (2, 1, 0, 1, 0)} == counts(
        world, broadcast, BreakdownKind.UNIT
    )


def test_people_are_counted_in_each_group_in_which_they_are_now(
    world: World, people: list[int], broadcast: int
) -> None:
    first, second = group(world, "a", *people[:3]), group(world, "b", people[0])
    world.answers(broadcast, people[:1])
    count(world, broadcast)

    assert {0: (2, 0, 0, 2, 0), first: (3, 1, 0, 2, 0), second: (1, 1, 0, 0, 0)} == counts(
        world, broadcast, BreakdownKind.GROUP
    )


def test_who_perhaps_looked_and_who_calls_for_help_is_counted(
    world: World, people: list[int], school: Unit, broadcast: int
) -> None:
    count(world, broadcast)
    world.change("UPDATE breakdown SET counted_at = counted_at - interval '1 hour'")
    world.change("UPDATE audience SET looked = 2 WHERE recipient_id = ANY(%s)", people[:2])
    world.change(
        "UPDATE audience SET grade = 4, needs_help = true WHERE recipient_id = %s", people[0]
    )
    count(world, broadcast)

    assert [(0, 0, 0), (school.pk, 1, 1)] == world.ask(
        "SELECT key, looked, needs_help FROM breakdown WHERE kind = 1 ORDER BY key"
    )


def test_a_group_that_became_empty_is_not_counted_any_more(
    world: World, people: list[int], broadcast: int
) -> None:
    group(world, "a", people[0])
    count(world, broadcast)
    world.change("DELETE FROM group_member")
    world.change("UPDATE breakdown SET counted_at = counted_at - interval '1 hour'")
    count(world, broadcast, unfinished=True)

    assert {0: (5, 0, 0, 5, 0)} == counts(world, broadcast, BreakdownKind.GROUP)


def test_what_did_not_change_is_not_counted_again(world: World, broadcast: int) -> None:
    first = count(world, broadcast)
    world.change("UPDATE breakdown SET counted_at = counted_at - interval '1 hour'")

    assert ([broadcast], []) == (first, count(world, broadcast))
    assert [broadcast] == count(world, broadcast, unfinished=True)


def test_a_count_waits_twenty_times_as_long_as_the_last_one_took(
    world: World, people: list[int], broadcast: int
) -> None:
    count(world, broadcast)
    world.answers(broadcast, people[:1])
    world.change("UPDATE breakdown SET took_ms = 3000, counted_at = now() - interval '50 seconds'")
    early = count(world, broadcast)
    world.change("UPDATE breakdown SET counted_at = now() - interval '70 seconds'")

    assert ([], [broadcast]) == (early, count(world, broadcast))


def test_several_watchers_count_it_once(world: World, broadcast: int) -> None:
    async def all_at_once() -> list[list[int]]:
        async with (
            LedgerConnection(settings_conninfo()) as one,
            LedgerConnection(settings_conninfo()) as two,
        ):
            return await asyncio.gather(
                *(
                    counting.count(each, world.organization.pk, {broadcast: True})
                    for each in (one, two) * 5
                )
            )

    assert [broadcast] == [counted for ones in asyncio.run(all_at_once()) for counted in ones]


def test_a_worker_counts_while_it_sends(world: World, broadcast: int) -> None:
    with workers():
        world.finished(broadcast)
        wait_for(
            lambda: [(5,)] == world.ask("SELECT sum(reached)::int FROM breakdown WHERE kind = 1")
        )
