"""The story of one person in one broadcast, told from a real ledger (ALL-3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role
from denrei.deliveries import cancel, waves
from denrei.deliveries.models import WaveKind
from denrei.deliveries.release import release
from denrei.deliveries.waves import Again, Target
from denrei.directory.models import Household, Recipient
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Grade, Medium, Phase, State
from denrei.domain.status import Status
from denrei.reports.story import UnknownPersonError, story
from denrei.reports.story.entries import (
    Entry,
    Halted,
    Meant,
    Released,
    Reported,
    Suppressed,
    Tried,
)
from tests.deliveries.world import World, content, workers

pytestmark = pytest.mark.usefixtures("committed")

ADDRESS = "p0@example.jp"


def hire(world: World) -> Operator:
    """Give the organization an operator."""
    with tenancy.acting_for(world.organization.pk):
        return Operator.objects.create(
            organization=world.organization, login="o", name="防災 太郎", role=Role.SENDER
        )


def told(world: World, broadcast: int, person: Recipient) -> list[tuple[Any, ...]]:
    """Return what is told, the first first, each entry by what sets it apart."""
    found = story(world.organization.pk, broadcast, person.pk)
    return [_told(entry) for entry in reversed(found.entries)]


def _meant(entry: Meant) -> tuple[Any, ...]:
    return entry.is_planned, len(entry.deliveries)


def _tried(entry: Tried) -> tuple[Any, ...]:
    return entry.number, entry.state, entry.reason, entry.in_doubt, entry.is_late


def _halted(entry: Halted) -> tuple[Any, ...]:
    return entry.reason, entry.by, [one.medium for one in entry.deliveries]


_FACTS: dict[type[Entry], Callable[[Any], tuple[Any, ...]]] = {
    Meant: _meant,
    Suppressed: lambda entry: (entry.delivery.bad_reason, entry.delivery.bad_since is not None),
    Tried: _tried,
    Reported: lambda entry: (entry.state, entry.reason, entry.raw),
    Halted: _halted,
    Released: lambda entry: (entry.by, entry.delivery.address),
}


def _told(entry: Entry) -> tuple[Any, ...]:
    return (type(entry).__name__.lower(), *_FACTS[type(entry)](entry))


def run(world: World, **changes: Any) -> int:
    """Launch to everybody and wait for the end."""
    broadcast = world.launch(**changes).broadcast_id
    with workers(1):
        world.finished(broadcast)
    return broadcast


def planned(world: World) -> int:
    world.lane()
    return world.launch().broadcast_id


def accepted(world: World) -> int:
    world.lane()
    return run(world)


def refused(world: World) -> int:
    world.lane(rules={"p0": ["UNKNOWN_USER"]})
    return run(world)


def refused_for_a_while(world: World) -> int:
    world.lane(retry_seconds=[0, 0], rules={"p0": ["TEMPORARY", "accept"]})
    return run(world)


def in_doubt(world: World) -> int:
    world.lane(retry_seconds=[0, 0], rules={"p0": ["IN_DOUBT", "accept"]})
    return run(world)


def in_doubt_and_told_late(world: World) -> int:
    """The worker falls silent; another reaps; then the first one's record comes after all."""
    world.lane(doubt="leave")
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    chunk = world.die_holding()
    ((generation,),) = world.ask("SELECT generation FROM chunk WHERE id = %s", chunk)
    with workers(1):
        world.finished(broadcast)
    world.change(
        "INSERT INTO attempt (organization_id, broadcast_id, delivery_id, generation, kind, state,"
        " reason, phase) SELECT organization_id, broadcast_id, id, %s, 0, 1, 0, 2"
        " FROM delivery WHERE address = %s",
        generation,
        ADDRESS,
    )
    return broadcast


def bounced(world: World) -> int:
    broadcast = accepted(world)
    world.bounces(broadcast, ADDRESS)
    with workers(1):
        world.until(broadcast, lambda _: (State.BOUNCED, 1) in world.states(broadcast))
    return broadcast


def suppressed(world: World) -> int:
    world.lane()
    world.suppress(ADDRESS, timedelta(days=30))
    return run(world)


def released_meanwhile(world: World) -> int:
    world.lane()
    world.suppress(ADDRESS)
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    assert 1 == release(world.organization.pk, Medium.MAIL, ADDRESS, hire(world))
    with workers(1):
        world.finished(broadcast)
    return broadcast


def stopped(world: World) -> int:
    world.lane()
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    assert cancel.stop(world.organization.pk, broadcast, hire(world))
    with workers(1):
        world.finished(broadcast)
    return broadcast


def expired(world: World) -> int:
    world.lane()
    broadcast = world.launch().broadcast_id
    world.slices(broadcast)
    world.change("UPDATE run SET give_up_at = now()")
    with workers(1):
        world.finished(broadcast)
    return broadcast


_TAKEN = ("tried", 1, State.ACCEPTED, Reason.NONE, False, False)
STORIES: dict[Callable[[World], int], list[tuple[Any, ...]]] = {
    planned: [("meant", False, 0)],
    accepted: [("meant", True, 1), _TAKEN],
    refused: [
        ("meant", True, 1),
        ("tried", 1, State.FAILED, Reason.UNKNOWN_USER, False, False),
    ],
    refused_for_a_while: [
        ("meant", True, 1),
        ("tried", 1, State.WAITING, Reason.TEMPORARY, False, False),
        ("tried", 2, State.ACCEPTED, Reason.NONE, False, False),
    ],
    in_doubt: [
        ("meant", True, 1),
        ("tried", 1, State.WAITING, Reason.IN_DOUBT, True, False),
        ("tried", 2, State.ACCEPTED, Reason.NONE, False, False),
    ],
    in_doubt_and_told_late: [
        ("meant", True, 1),
        ("tried", 1, State.UNKNOWN, Reason.IN_DOUBT, True, False),
        ("tried", 1, State.ACCEPTED, Reason.NONE, False, True),
    ],
    bounced: [
        ("meant", True, 1),
        _TAKEN,
        ("reported", State.BOUNCED, Reason.UNKNOWN_USER, "550 5.1.1 Unknown user"),
    ],
    suppressed: [("meant", True, 1), ("suppressed", Reason.UNKNOWN_USER, True)],
    released_meanwhile: [("meant", True, 1), ("released", "防災 太郎", ADDRESS), _TAKEN],
    stopped: [("meant", True, 1), ("halted", Reason.STOPPED, "防災 太郎", [Medium.MAIL])],
    expired: [("meant", True, 1), ("halted", Reason.GIVEN_UP, "", [Medium.MAIL])],
}


@pytest.mark.spec("ALL-3")
@pytest.mark.parametrize("happens", STORIES, ids=lambda happens: happens.__name__)
def test_a_story_tells_what_happened_in_its_order(
    world: World, happens: Callable[[World], int]
) -> None:
    (person, _) = world.people(2)

    broadcast = happens(world)

    assert STORIES[happens] == told(world, broadcast, person)


@pytest.mark.spec("EMC-1")
def test_each_delivery_has_one_status_and_the_time_of_its_next_try(world: World) -> None:
    world.lane(retry_seconds=[600], rules={"p0": ["TEMPORARY"]})
    (first, second) = world.people(2)
    broadcast = world.launch().broadcast_id
    with workers(1):
        world.until(
            broadcast, lambda look: (look.deliveries.waiting, look.deliveries.handed_over) == (1, 1)
        )
    other = world.launch().broadcast_id
    world.slices(other)
    world.die_holding()

    claimed = story(world.organization.pk, other, second.pk).deliveries[0]
    refused_one = story(world.organization.pk, broadcast, first.pk).deliveries[0]
    taken = story(world.organization.pk, broadcast, second.pk).deliveries[0]

    assert (Status.IN_PROGRESS, None) == (claimed.status, claimed.next_at)
    assert (Status.IN_PROGRESS, True) == (refused_one.status, refused_one.next_at is not None)
    assert (Status.DONE, Evidence.HANDED_OVER, None) == (
        taken.status,
        taken.evidence,
        taken.next_at,
    )


@pytest.mark.spec("ALL-3")
def test_an_attempt_says_by_which_gateway_and_in_which_words(world: World) -> None:
    world.lane(rules={"p0": ["UNKNOWN_USER"]})
    (person,) = world.people(1)
    broadcast = run(world)

    tried = story(world.organization.pk, broadcast, person.pk).entries[0]

    assert isinstance(tried, Tried)
    assert ("simulated", "UNKNOWN_USER", Phase.ANSWERED) == (
        tried.gateway,
        tried.reply,
        tried.phase,
    )
    assert Status.ADDRESS_ERROR is tried.status


def accepted_by_one(world: World) -> int:
    """Send to one person."""
    world.people(1)
    return accepted(world)


@pytest.mark.spec("OPS-1")
@pytest.mark.parametrize("reworded", [False, True])
def test_a_later_wave_is_told_with_who_asked_for_it(world: World, reworded: bool) -> None:
    broadcast = accepted_by_one(world)
    ((person,),) = world.ask("SELECT recipient_id FROM audience")
    asked = Again(
        broadcast_id=broadcast,
        wave=2,
        target=Target.SILENT,
        media=(Medium.MAIL,),
        content=content(place="市民会館") if reworded else None,
    )
    assert waves.again(world.organization, asked, hire(world))
    with workers(1):
        world.finished(broadcast)

    found = reversed(story(world.organization.pk, broadcast, person).entries)

    meant = [entry for entry in found if isinstance(entry, Meant)]
    assert [(1, WaveKind.LAUNCH, ""), (2, WaveKind.AGAIN, "防災 太郎")] == [
        (entry.wave, entry.kind, entry.by) for entry in meant
    ]
    assert [False, reworded] == [entry.reworded for entry in meant]
    assert [1, 1] == [len(entry.deliveries) for entry in meant]


@pytest.mark.spec("NEW-5")
def test_an_address_of_several_is_in_the_story_of_each(world: World) -> None:
    world.lane()
    with tenancy.acting_for(world.organization.pk):
        home = Household.objects.create(organization=world.organization, code="1")
    first, second = world.people(2, address="home@example.jp", household=home)
    broadcast = run(world)

    stories = [story(world.organization.pk, broadcast, one.pk) for one in (first, second)]

    assert [("伝令 1",), ("伝令 0",)] == [found.deliveries[0].others for found in stories]
    assert [False, True] == [found.deliveries[0].is_others for found in stories]
    assert [2, 2] == [len(found.entries) for found in stories]


def test_a_person_without_a_contact_is_told_as_such(world: World) -> None:
    world.lane()
    world.people(1)
    (silent,) = world.people(1, slots=0)
    broadcast = run(world)

    assert [("meant", True, 0)] == told(world, broadcast, silent)
    assert Grade.NO_CONTACT is story(world.organization.pk, broadcast, silent.pk).grade


@pytest.mark.spec("ALL-5")
def test_nobody_else_has_a_story(world: World) -> None:
    broadcast = accepted_by_one(world)
    ((person,),) = world.ask("SELECT recipient_id FROM audience")
    other = World.create()

    for organization, recipient in ((other.organization.pk, person), (world.organization.pk, 0)):
        with pytest.raises(UnknownPersonError):
            story(organization, broadcast, recipient)


def test_a_story_is_one_question(world: World) -> None:
    broadcast = accepted_by_one(world)
    ((person,),) = world.ask("SELECT recipient_id FROM audience")

    with tenancy.acting_for(world.organization.pk), CaptureQueriesContext(connection) as asked:
        story(world.organization.pk, broadcast, person)

    assert 1 == sum("FROM delivery" in query["sql"] for query in asked)
