"""A large audience: named with the press, written by the janitor, the same people whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from denrei.accounts import tenancy
from denrei.audience import freezing
from denrei.deliveries import cancel, seal
from denrei.deliveries.stages import Stage
from denrei.domain.failures import Reason
from denrei.domain.proof import verifying
from denrei.domain.states import State
from denrei.reports.proof import exporting
from tests.deliveries.world import Look, World, workers

pytestmark = [pytest.mark.usefixtures("committed", "small_pages"), pytest.mark.spec("ALL-1")]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name more than four people on pages of two."""
    monkeypatch.setattr(freezing, "AT_ONCE", 4)
    monkeypatch.setattr(freezing, "PAGE", 2)


def _meant(world: World) -> list[int]:
    return [row[0] for row in world.ask("SELECT recipient_id FROM audience ORDER BY recipient_id")]


def _left(world: World) -> int:
    return int(world.ask("SELECT coalesce(sum(cardinality(people)), 0) FROM roster")[0][0])


@pytest.mark.parametrize(
    ("people", "named"), [(4, 0), (5, 5)], ids=["written with the press", "named with it"]
)
def test_the_press_knows_everybody_and_both_equations_hold(
    world: World, people: int, named: int
) -> None:
    world.lane()
    world.people(people)
    launched = world.launch()

    look = world.conserved(launched.broadcast_id)

    assert (launched.people, look.people.total, look.people.unreached) == (people,) * 3
    assert (_left(world), len(_meant(world))) == (named, people - named)


def test_a_repeated_press_tells_the_same_number_while_the_roster_is_full(world: World) -> None:
    world.lane()
    world.people(9)
    launched = world.launch(key="once")

    assert world.launch(key="once").people == launched.people == 9


@pytest.mark.parametrize("slice_people", [1, 2, 3, 5, 100])
def test_each_slice_finds_its_people_and_all_get_their_mail_once(
    world: World, slice_people: int
) -> None:
    world.lane()
    people = [person.pk for person in world.people(9)]
    broadcast = world.launch().broadcast_id

    looks = list(_looks(world, broadcast, slice_people))
    with workers(1):
        end = world.finished(broadcast)

    assert [look.people.total for look in looks] == [9] * len(looks)
    assert (_left(world), _meant(world)) == (0, people)
    assert (end.people.reached_only, end.deliveries.total) == (9, 9)
    assert world.states(broadcast) == {(State.ACCEPTED, Reason.NONE): 9}


def _looks(world: World, broadcast: int, people: int) -> list[Look]:
    found = [world.conserved(broadcast)]
    while found[-1].stage is Stage.PREPARING:
        assert world.slices(broadcast, people=people, most=1) == 1
        found.append(world.conserved(broadcast))
    return found


def _joins(world: World) -> None:
    world.people(1, address="late@example.jp")


def _leaves(world: World) -> None:
    world.change("UPDATE recipient SET state = 1 WHERE id = (SELECT max(id) FROM recipient)")


def _is_erased(world: World) -> None:
    world.change("DELETE FROM contact WHERE recipient_id = (SELECT max(id) FROM recipient)")
    world.change("DELETE FROM recipient WHERE id = (SELECT max(id) FROM recipient)")


@pytest.mark.parametrize(
    ("happens", "mails"),
    [(_joins, 9), (_leaves, 9), (_is_erased, 8)],
    ids=["joins", "leaves", "is erased"],
)
def test_whoever_changes_after_the_press_those_meant_stay_the_same(
    world: World, happens: Callable[[World], None], mails: int
) -> None:
    world.lane()
    people = [person.pk for person in world.people(9)]
    broadcast = world.launch().broadcast_id
    world.slices(broadcast, people=3, most=1)

    happens(world)
    with workers(1):
        end = world.finished(broadcast)

    assert _meant(world) == people
    assert (end.people.total, end.deliveries.total) == (9, mails)
    assert end.people.no_contact == 9 - mails


def test_a_stop_while_the_roster_is_full_ends_it_for_everybody(world: World) -> None:
    world.lane()
    world.people(9)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast, people=2, most=1)

    with tenancy.acting_for(world.organization.pk):
        cancel.stop(world.organization.pk, broadcast)
    with workers(1):
        end = world.finished(broadcast)

    assert (end.people.total, end.people.unreached) == (9, 9)
    assert world.states(broadcast) == {(State.CANCELLED, Reason.STOPPED): 9}


@pytest.mark.spec("ALL-9")
def test_a_proof_that_is_asked_for_meanwhile_holds(world: World) -> None:
    world.lane()
    world.people(9)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast, people=2, most=1)

    seal.seal(world.organization.pk)
    lines = b"".join(exporting.export(world.organization.pk, broadcast, "試験", None)).splitlines(
        True
    )
    report = verifying.verify(lines)

    assert [found.words for found in report.findings if found.holds is False] == []


def test_a_worker_that_knows_nothing_of_the_roster_can_end_no_launch(world: World) -> None:
    """One of an earlier version would take the audience of this moment for all of it."""
    world.lane()
    world.people(9)
    broadcast = world.launch().broadcast_id

    with pytest.raises(psycopg.errors.SerializationFailure):
        world.change("UPDATE run SET cursor = 9, stage = 1 WHERE broadcast_id = %s", broadcast)
