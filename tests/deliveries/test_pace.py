"""How fast the media of a broadcast would go."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy
from denrei.audience.selection import Selection
from denrei.deliveries import pace, reach
from denrei.deliveries.launch import Step
from denrei.deliveries.statements import statement
from denrei.domain.forecast import CALL_SECONDS, USUAL_RATES, Source, Speed
from denrei.domain.states import Medium
from tests.deliveries.world import World

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-6")]


def speed(world: World, medium: Medium) -> Speed | None:
    with tenancy.acting_for(world.organization.pk):
        return pace.speed_of(medium)


def test_the_rate_by_contract_counts(world: World) -> None:
    world.lane(Medium.SMS)
    world.change("UPDATE gateway SET rate = 4")

    assert Speed(per_second=4.0, source=Source.CONTRACT) == speed(world, Medium.SMS)


def test_without_a_rate_the_usual_one_is_assumed(world: World) -> None:
    world.lane(Medium.MAIL)

    assert Speed(per_second=USUAL_RATES[Medium.MAIL], source=Source.ASSUMED) == speed(
        world, Medium.MAIL
    )


def test_calls_go_by_lines_and_rounds(world: World) -> None:
    world.lane(Medium.PHONE, lines=24, rounds=2, sequential=True)

    found = speed(world, Medium.PHONE)

    assert found is not None
    assert (24, 2, Source.LINES) == (found.lines, found.rounds, found.source)
    assert found.per_second == pytest.approx(24 / CALL_SECONDS)


def test_a_medium_without_a_lane_has_no_speed(world: World) -> None:
    assert speed(world, Medium.PHONE) is None


def test_each_step_has_its_part(world: World) -> None:
    world.lane(Medium.MAIL)
    world.lane(Medium.SMS)
    world.people(3)
    world.people(2, Medium.SMS, "0901234000{0}")
    steps = (Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=300))

    with tenancy.acting_for(world.organization.pk):
        media = [step.medium for step in steps]
        measured = reach.measure(world.organization, Selection(everybody=True), media)
        mail, sms = pace.flows(measured, steps)

    assert (3, 3, 0) == (mail.contacts, mail.people, mail.after_seconds)
    assert (2, 2, 300) == (sms.contacts, sms.people, sms.after_seconds)


def test_a_rate_that_was_taken_away_a_moment_ago_holds_nobody_up(world: World) -> None:
    world.lane()
    world.change("UPDATE gateway SET rate = NULL")
    ((gateway,),) = world.ask("SELECT id FROM gateway")

    with world.acting() as worker:
        rows = worker.execute(statement("reserve"), {"n": 50, "gateway": gateway}).fetchall()

    assert [True] == [wait <= 0 for (wait,) in rows]
