"""再通知: a later wave of the same broadcast, to those without an answer or not reached (OPS-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Role
from denrei.broadcasts.content import Choice, Phrase
from denrei.deliveries import cancel, waves
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.stages import Stage
from denrei.deliveries.waves import Again, Target
from denrei.directory.models import Contact, Household
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.reports.board import board
from denrei.responses import pages
from tests.deliveries.world import World, content, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-1")]

SAFE = Choice(code="1", words=Phrase(ja="無事です"))


def again(world: World, broadcast: int, target: Target = Target.SILENT, **changes: Any) -> bool:
    """Press 再通知 as an operator."""
    with tenancy.acting_for(world.organization.pk):
        operator, _ = Operator.objects.get_or_create(
            organization=world.organization, login="sender", defaults={"role": Role.SENDER}
        )
        asked: dict[str, Any] = {
            "broadcast_id": broadcast,
            "wave": waves.next_wave(broadcast),
            "target": target,
            "media": waves.media(broadcast),
        }
        return waves.again(world.organization, Again(**(asked | changes)), operator)


def sent(world: World, broadcast: int, wave: int) -> list[str]:
    """Return the addresses that a wave was handed over to."""
    rows = world.ask(
        "SELECT d.address FROM delivery d WHERE d.broadcast_id = %s AND d.wave = %s AND d.state = %s"
        " ORDER BY 1",
        broadcast,
        wave,
        State.ACCEPTED,
    )
    return [address for (address,) in rows]


def launched(world: World, people: int, **changes: Any) -> tuple[int, Sequence[int]]:
    """Launch a question to people and hand it over."""
    world.lane()
    found = world.people(people)
    broadcast = world.launch(content=content(choices=(SAFE,)), **changes).broadcast_id
    with workers(1):
        world.finished(broadcast)
    return broadcast, [person.pk for person in found]


def test_it_goes_to_those_without_an_answer_and_the_counts_stay_one(world: World) -> None:
    broadcast, people = launched(world, 4)
    world.answers(broadcast, people[:2])

    assert again(world, broadcast)
    with workers(1):
        look = world.finished(broadcast)

    assert ["p2@example.jp", "p3@example.jp"] == sent(world, broadcast, 2)
    assert (4, 2, 2) == (look.people.total, look.people.answered, look.people.reached_only)
    assert 6 == look.deliveries.total


def test_it_goes_to_those_whom_nothing_reached(world: World) -> None:
    broadcast, _ = launched(world, 3)
    world.bounces(broadcast, "p1@example.jp", Reason.MAILBOX_FULL)
    with workers(1):
        world.until(broadcast, lambda look: look.people.unreached == 1)

        assert again(world, broadcast, Target.FAILED)
        look = world.finished(broadcast)

    assert ["p1@example.jp"] == sent(world, broadcast, 2)
    assert 3 == look.people.reached_only


def test_who_only_confirmed_is_not_asked_to_confirm_again() -> None:
    confirmed = content(choices=())

    assert waves.most_grade(Target.SILENT, confirmed) < waves.most_grade(
        Target.SILENT, content(choices=(SAFE,))
    )


def test_who_answers_before_its_slice_is_written_is_left_out(world: World) -> None:
    broadcast, people = launched(world, 3)
    assert again(world, broadcast)
    world.slices(broadcast, people=1, most=1, wave=2)
    world.answers(broadcast, people[1:2])

    with workers(1):
        world.finished(broadcast)

    assert ["p0@example.jp", "p2@example.jp"] == sent(world, broadcast, 2)


def test_pressed_twice_it_is_one_wave(world: World) -> None:
    broadcast, _ = launched(world, 1)

    assert [True, False] == [again(world, broadcast, wave=2), again(world, broadcast, wave=2)]


def test_where_nobody_is_left_it_says_so(world: World) -> None:
    broadcast, people = launched(world, 1)
    world.answers(broadcast, people)

    with pytest.raises(LaunchError, match="再通知の対象となる人がいません"):
        again(world, broadcast)


def test_it_may_name_some_people_only(world: World) -> None:
    broadcast, people = launched(world, 3)

    assert again(world, broadcast, recipients=(people[2],))
    with workers(1):
        world.finished(broadcast)

    assert ["p2@example.jp"] == sent(world, broadcast, 2)


def test_it_says_what_it_is_and_may_have_a_text_of_its_own(world: World) -> None:
    broadcast, _ = launched(world, 1)
    other = replace(content(choices=(SAFE,)), instruction_note="回答を急いでください。")

    assert again(world, broadcast, content=other)

    ((first, second),) = world.ask(
        "SELECT b.content, r.content FROM broadcast b JOIN run r ON r.broadcast_id = b.id AND r.wave = 2"
    )
    assert ("", "silent") == (first["again"], second["again"])
    assert "回答を急いでください。" == second["instruction_note"]


def test_the_page_that_it_leads_to_says_what_it_said(world: World) -> None:
    broadcast, _ = launched(world, 1)
    other = replace(content(choices=(SAFE,)), instruction_note="回答を急いでください。")
    again(world, broadcast, content=other)
    with workers(1):
        world.finished(broadcast)

    rows = world.ask("SELECT id FROM delivery WHERE broadcast_id = %s ORDER BY wave", broadcast)
    with tenancy.acting_for(world.organization.pk):
        said = [pages.load(world.organization.pk, row[0]) for row in rows]

    assert ["", "回答を急いでください。"] == [
        page.content.instruction_note for page in said if page
    ]
    assert ["", "silent"] == [page.content.again for page in said if page]


def test_after_a_stop_it_runs_and_the_board_says_so(world: World) -> None:
    world.lane()
    world.people(2)
    broadcast = world.launch(content=content(choices=(SAFE,))).broadcast_id
    world.slices(broadcast)
    cancel.stop(world.organization.pk, broadcast)
    assert "停止" == board(world.organization.pk, broadcast).words

    assert again(world, broadcast)

    shown = board(world.organization.pk, broadcast)
    assert (False, "準備中") == (shown.stopped, shown.words)
    with workers(1):
        look = world.finished(broadcast)
    assert (2, 2) == (look.deliveries.cancelled, look.people.reached_only)


def test_a_stop_ends_the_wave_under_way(world: World) -> None:
    broadcast, _ = launched(world, 2)
    assert again(world, broadcast)
    world.slices(broadcast, wave=2)

    assert cancel.stop(world.organization.pk, broadcast)

    with workers(1):
        look = world.finished(broadcast)
    assert 2 == look.deliveries.cancelled
    assert Stage.FINISHED is look.stage


def test_who_got_a_contact_since_the_launch_is_reached(world: World) -> None:
    world.lane()
    world.people(1)
    (lonely,) = world.people(1, slots=0)
    broadcast = world.launch(content=content(choices=(SAFE,))).broadcast_id
    with workers(1):
        assert 1 == world.finished(broadcast).people.no_contact
    with tenancy.acting_for(world.organization.pk):
        Contact.objects.create(
            organization=world.organization,
            recipient=lonely,
            medium=Medium.MAIL,
            slot=1,
            address="new@example.jp",
            address_key="new@example.jp",
        )

    assert again(world, broadcast)
    with workers(1):
        look = world.finished(broadcast)

    assert "new@example.jp" in sent(world, broadcast, 2)
    assert (0, 2) == (look.people.no_contact, look.people.reached_only)


@pytest.mark.parametrize("answered", [0, 1, 2])
@pytest.mark.parametrize("slice_people", [20_000, 1])
@pytest.mark.spec("NEW-5")
def test_one_address_of_a_household_gets_it_once_whoever_answered(
    world: World, answered: int, slice_people: int
) -> None:
    world.lane()
    with tenancy.acting_for(world.organization.id):
        household = Household.objects.create(organization=world.organization, code="1")
    people = world.people(3, address="home@example.jp", household=household)
    broadcast = world.launch(content=content(choices=(SAFE,))).broadcast_id
    with workers(1):
        world.finished(broadcast)
    world.answers(broadcast, [people[answered].pk])

    assert again(world, broadcast)
    world.slices(broadcast, people=slice_people, wave=2)
    with workers(1):
        world.finished(broadcast)

    assert ["home@example.jp"] == sent(world, broadcast, 2)


def test_it_is_in_the_audit_trail(world: World) -> None:
    broadcast, _ = launched(world, 2)
    again(world, broadcast)

    with tenancy.acting_for(world.organization.pk):
        entry = AuditEntry.objects.get(action="broadcast.again")
    assert {"wave": 2, "people": 2, "target": "silent"} == entry.after
