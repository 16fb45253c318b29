"""Addresses that failed are left out of the next broadcasts, and come back (EMC-6)."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from denrei.accounts import tenancy
from denrei.channels.simulator import Simulator
from denrei.deliveries import fold, gateways
from denrei.deliveries.launch import Step
from denrei.deliveries.models import Gateway
from denrei.deliveries.release import release
from denrei.deliveries.stages import Stage
from denrei.deliveries.statements import statement
from denrei.domain import folding
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, State
from tests.deliveries.server import blocked
from tests.deliveries.world import SAFE, World, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("EMC-6")]

ADDRESS = "p0@example.jp"
ACCEPTED = (State.ACCEPTED, Reason.NONE)
SUPPRESSED = (State.SUPPRESSED, Reason.KNOWN_BAD)


def _answer_with(world: World, *outcomes: str) -> None:
    """Let the lane's gateway answer so from the next worker on."""
    channel = Simulator(rules={ADDRESS: list(outcomes)})
    with tenancy.acting_for(world.organization.id):
        Gateway.objects.filter(lane=world.lanes[Medium.MAIL]).update(
            settings=gateways.to_settings(channel, SAFE)
        )


def _broadcast(world: World, outcome: str) -> tuple[int, int]:
    """Send one broadcast that the gateway answers so; return (state, reason) of the address."""
    _answer_with(world, outcome)
    launched = world.launch()
    with workers(1):
        world.finished(launched.broadcast_id)
    ((state, reason),) = world.ask(
        "SELECT state, reason FROM delivery WHERE broadcast_id = %s AND address = %s",
        launched.broadcast_id,
        ADDRESS,
    )
    return state, reason


def _ends(world: World, broadcast: int) -> bool:
    """Tell whether the janitor has ended the broadcast, or waits for a lock in order to."""
    return blocked() or world.look(broadcast).stage is Stage.FINISHED


@pytest.fixture
def mail(world: World) -> World:
    """Return a world with one person and a lane for mail that tries once."""
    world.lane(retry_seconds=[0])
    world.people(1)
    return world


@pytest.mark.parametrize(
    ("reason", "next_broadcast"),
    [
        (Reason.UNKNOWN_USER, SUPPRESSED),
        (Reason.UNKNOWN_HOST, SUPPRESSED),
        (Reason.MOVED, SUPPRESSED),
        (Reason.FILTERED, SUPPRESSED),
        (Reason.SUSPENDED, ACCEPTED),
        (Reason.MAILBOX_FULL, ACCEPTED),
        (Reason.TOO_LARGE, ACCEPTED),
        (Reason.CONTENT, ACCEPTED),
        (Reason.POLICY, ACCEPTED),
        (Reason.TEMPORARY, ACCEPTED),
        (Reason.OTHER, ACCEPTED),
    ],
    ids=lambda value: value.name if isinstance(value, Reason) else "",
)
def test_the_reason_decides_whether_the_next_broadcast_leaves_the_address_out(
    mail: World, reason: Reason, next_broadcast: tuple[int, int]
) -> None:
    _broadcast(mail, reason.name)

    assert next_broadcast == _broadcast(mail, "accept")


@pytest.mark.parametrize(
    ("reason", "fate"), [(Reason.UNKNOWN_USER, SUPPRESSED), (Reason.MAILBOX_FULL, ACCEPTED)]
)
def test_what_waits_in_another_broadcast_is_left_out_too_when_its_address_fails_meanwhile(
    mail: World, reason: Reason, fate: tuple[int, int]
) -> None:
    later = mail.launch(steps=(Step(medium=Medium.MAIL, after_seconds=600),)).broadcast_id
    mail.slices(later)
    _broadcast(mail, reason.name)
    _answer_with(mail, "accept")
    mail.hurry(later)

    with workers(1):
        look = mail.finished(later)

    assert {fate: 1} == mail.states(later)
    assert (look.people.unreached, look.people.reached_only) == (
        (1, 0) if fate == SUPPRESSED else (0, 1)
    )


def test_what_was_left_out_when_it_was_claimed_goes_out_when_the_address_is_released(
    mail: World,
) -> None:
    mail.lane(Medium.SMS)
    mail.people(1, Medium.SMS, "09012345678")
    steps = (
        Step(medium=Medium.MAIL, after_seconds=600),
        Step(medium=Medium.SMS, after_seconds=1200),
    )
    later = mail.launch(steps=steps).broadcast_id
    mail.slices(later)
    _broadcast(mail, "UNKNOWN_USER")
    _answer_with(mail, "accept")
    mail.change("UPDATE delivery SET next_at = now() WHERE broadcast_id = %s AND medium = 1", later)

    with workers(1):
        mail.until(later, lambda look: look.deliveries.suppressed == 1)
        released = release(mail.organization.id, Medium.MAIL, ADDRESS)
        look = mail.until(later, lambda look: look.deliveries.handed_over == 1)

    assert (released, 0) == (1, look.deliveries.suppressed)


def test_a_suspended_account_is_left_out_after_three_in_a_row(mail: World) -> None:
    found = [_broadcast(mail, "SUSPENDED") for _ in range(4)]

    assert [(State.FAILED, Reason.SUSPENDED)] * 3 + [SUPPRESSED] == found


@pytest.mark.spec("OPS-7")
def test_a_hand_over_that_did_not_come_back_in_time_ends_the_row(mail: World) -> None:
    for outcome in ("SUSPENDED", "SUSPENDED", "accept"):
        _broadcast(mail, outcome)
    with mail.acting() as connection:
        connection.execute(statement("settle"), {"organization": mail.organization.id, "days": 0})

    found = [_broadcast(mail, "SUSPENDED") for _ in range(3)]

    assert [(State.FAILED, Reason.SUSPENDED)] * 3 == found


def test_a_hand_over_alone_ends_no_row_for_it_may_still_come_back(mail: World) -> None:
    found = [
        _broadcast(mail, outcome) for outcome in ("SUSPENDED", "SUSPENDED", "accept", "SUSPENDED")
    ]

    assert (State.FAILED, Reason.SUSPENDED) == found[-1]
    assert SUPPRESSED == _broadcast(mail, "accept")


def test_a_tap_of_the_person_ends_the_row(mail: World) -> None:
    for outcome in ("SUSPENDED", "SUSPENDED", "accept"):
        _broadcast(mail, outcome)
    ((delivery, broadcast),) = mail.ask("SELECT id, broadcast_id FROM delivery WHERE state = 1")
    tap = fold.Event(
        source=fold.Source.ANSWER,
        key=b"tap",
        broadcast=broadcast,
        delivery=delivery,
        fold=folding.human(Evidence.READ),
    )
    with tenancy.acting_for(mail.organization.id):
        fold.take_in(mail.organization.id, [tap])

    found = [_broadcast(mail, "SUSPENDED") for _ in range(3)]

    assert [(State.FAILED, Reason.SUSPENDED)] * 3 == found


def test_a_mail_that_came_back_is_a_failure_of_its_address_too(mail: World) -> None:
    assert _broadcast(mail, "accept") == ACCEPTED
    ((broadcast,),) = mail.ask("SELECT broadcast_id FROM run")

    mail.bounces(broadcast, ADDRESS, Reason.UNKNOWN_USER)
    with workers(1):
        look = mail.until(broadcast, lambda look: look.deliveries.failed == 1)

    assert (look.people.unreached, look.people.reached_only) == (1, 0)
    assert SUPPRESSED == _broadcast(mail, "accept")


def test_a_suppression_ends_by_itself_after_its_time(mail: World) -> None:
    _broadcast(mail, "UNKNOWN_USER")
    ((days,),) = mail.ask("SELECT extract(day FROM until - since)::int FROM suppression")
    mail.change("UPDATE suppression SET until = now() - interval '1 second'")

    assert days == 30
    assert ACCEPTED == _broadcast(mail, "accept")


def test_an_address_that_an_operator_releases_is_sent_to_again(mail: World) -> None:
    _broadcast(mail, "UNKNOWN_USER")

    released = release(mail.organization.id, Medium.MAIL, ADDRESS)

    assert released == 0  # the broadcast that it had failed in has ended
    assert ACCEPTED == _broadcast(mail, "accept")
    assert [("address.released",)] == mail.ask(
        "SELECT action FROM audit_entry WHERE action = 'address.released'"
    )


def test_who_was_never_left_out_can_not_be_released(mail: World) -> None:
    assert release(mail.organization.id, Medium.MAIL, ADDRESS) is None


def test_a_release_while_a_broadcast_is_open_sends_that_one_too(mail: World) -> None:
    _broadcast(mail, "UNKNOWN_USER")
    _answer_with(mail, "accept")
    mail.lane(Medium.SMS)
    mail.people(1, medium=Medium.SMS)
    launched = mail.launch(
        steps=(Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=600))
    )

    with workers(1):
        mail.until(launched.broadcast_id, lambda look: look.deliveries.suppressed == 1)
        released = release(mail.organization.id, Medium.MAIL, ADDRESS)
        look = mail.until(launched.broadcast_id, lambda look: look.deliveries.handed_over == 1)

    assert (released, 0, 1) == (1, look.deliveries.suppressed, look.deliveries.waiting)


def test_a_release_in_the_moment_when_the_broadcast_ends_is_not_lost(mail: World) -> None:
    _broadcast(mail, "UNKNOWN_USER")
    _answer_with(mail, "accept")
    launched = mail.launch()
    mail.slices(launched.broadcast_id)
    with ExitStack() as stack:
        with tenancy.acting_for(mail.organization.id):  # open while the janitor looks for its end
            release(mail.organization.id, Medium.MAIL, ADDRESS)
            stack.enter_context(workers(1))
            wait_for(lambda: _ends(mail, launched.broadcast_id))
        look = mail.finished(launched.broadcast_id)

    assert (Stage.FINISHED, 1) == (look.stage, look.deliveries.handed_over)
