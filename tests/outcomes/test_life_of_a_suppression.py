"""From a bounce to the end of what follows from it: by its owner, an operator, a correction, time (EMC-6)."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator
from denrei.deliveries import fold, suppressed
from denrei.deliveries.launch import Step
from denrei.deliveries.models import Attention
from denrei.deliveries.release import release
from denrei.directory.models import Contact
from denrei.domain import folding
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, State
from denrei.outcomes import keeping, reading
from denrei.outcomes.keeping import Arrived
from denrei.outcomes.models import Way
from denrei.reports import story
from denrei.reports.story.entries import Released
from tests.deliveries.world import World, workers
from tests.outcomes.room import report
from tests.outcomes.test_reading import path, sent

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("EMC-6")]

ADDRESS = "p0@example.jp"
ACCEPTED, LEFT_OUT = (State.ACCEPTED, Reason.NONE), (State.SUPPRESSED, Reason.KNOWN_BAD)


@pytest.fixture
def silent(world: World) -> World:
    """Return a world whose one address came back, and is left out by the next broadcast."""
    (delivery,) = sent(world)
    raw = report(ADDRESS)
    keeping.keep([Arrived(way=Way.LMTP, raw=raw, size=len(raw), envelope_to=path(world, delivery))])
    reading.read_some()
    with workers():
        while not world.ask("SELECT FROM suppression"):
            pass
        assert _next(world) == LEFT_OUT
    return world


def _next(world: World) -> tuple[int, int]:
    """Return how the next broadcast ends for the one person."""
    broadcast = world.launch().broadcast_id
    world.finished(broadcast)
    ((state, reason),) = world.ask(
        "SELECT state, reason FROM delivery WHERE broadcast_id = %s", broadcast
    )
    return state, reason


def _open(world: World) -> int:
    """Return a broadcast that leaves the address out, and is open because somebody else waits."""
    world.lane(Medium.SMS)
    world.people(1, Medium.SMS, "09012345678")
    steps = (Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=600))
    broadcast = world.launch(steps=steps).broadcast_id
    world.until(broadcast, lambda look: look.deliveries.suppressed == 1)
    return broadcast


def _acts(world: World) -> list[tuple[str, str]]:
    with tenancy.acting_for(world.organization.id):
        found = AuditEntry.objects.filter(action__startswith="address.").order_by("pk")
        return [(one.action, one.actor_name) for one in found]


def _told(world: World, broadcast: int) -> list[tuple[bool, str]]:
    ((person,),) = world.ask("SELECT recipient_id FROM contact WHERE address = %s", ADDRESS)
    entries = story.story(world.organization.id, broadcast, person).entries
    return [(one.heard, one.by) for one in entries if isinstance(one, Released)]


def test_an_operator_ends_it_and_the_open_broadcast_goes_out(silent: World) -> None:
    with tenancy.acting_for(silent.organization.id):
        clerk = Operator.objects.create(
            organization=silent.organization, login="clerk", name="事務 一郎"
        )
    with workers():
        broadcast = _open(silent)
        release(silent.organization.id, Medium.MAIL, ADDRESS, clerk)
        look = silent.until(broadcast, lambda look: look.deliveries.handed_over == 1)
        after = _next_of_mail(silent)

    assert (look.deliveries.suppressed, after) == (0, ACCEPTED)
    assert _acts(silent) == [("address.released", "事務 一郎")]
    assert _told(silent, broadcast) == [(False, "事務 一郎")]


def test_a_tap_of_its_owner_ends_it_and_the_open_broadcast_goes_out(silent: World) -> None:
    ((delivery,),) = silent.ask("SELECT id FROM delivery WHERE state = 3")
    tap = fold.Event(
        source=fold.Source.ANSWER, key=b"tap", delivery=delivery, fold=folding.human(Evidence.READ)
    )
    with workers():
        broadcast = _open(silent)
        silent.change("UPDATE delivery SET watched = true WHERE id = %s", delivery)
        with tenancy.acting_for(silent.organization.id):
            fold.take_in(silent.organization.id, [tap])
        look = silent.until(broadcast, lambda look: look.deliveries.handed_over == 1)
        after = _next_of_mail(silent)

    assert (look.deliveries.suppressed, after) == (0, ACCEPTED)
    assert _acts(silent) == [("address.heard", "")]
    assert _told(silent, broadcast) == [(True, "")]


def test_time_ends_it_and_that_is_seen(silent: World) -> None:
    silent.change("UPDATE suppression SET until = now() - interval '1 second'")
    with workers():
        after = _next(silent)

    with tenancy.acting_for(silent.organization.id):
        (period,) = suppressed.periods(Contact.objects.all()).values()
    assert (after, period.reason, period.is_over) == (ACCEPTED, Reason.UNKNOWN_USER, True)


def test_a_correction_of_the_address_ends_it_for_the_person(silent: World) -> None:
    silent.change("UPDATE contact SET address = 'new@example.jp', address_key = 'new@example.jp'")
    with workers():
        after = _next(silent)

    with tenancy.acting_for(silent.organization.id):
        cases = list(Attention.objects.all())
        assert suppressed.periods(Contact.objects.all()) == {}
    assert after == ACCEPTED
    assert [case.state for case in cases] == [2]


def _next_of_mail(world: World) -> tuple[int, int]:
    del world.lanes[Medium.SMS]
    broadcast = world.launch(selection=world.some(1)).broadcast_id
    world.finished(broadcast)
    ((state, reason),) = world.ask(
        "SELECT state, reason FROM delivery WHERE broadcast_id = %s", broadcast
    )
    return state, reason
