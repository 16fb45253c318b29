"""The story of a person tells answers and looks at the page."""

from __future__ import annotations

from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.deliveries.launch import Step
from denrei.domain.failures import Reason
from denrei.domain.states import Grade, Medium
from denrei.domain.status import Status
from denrei.reports.story import story
from denrei.reports.story.entries import Halted
from denrei.responses import answering, pages
from denrei.responses.answering import Reply
from denrei.responses.models import Kind
from tests.deliveries.world import World, workers
from tests.reports.test_story import accepted_by_one

pytestmark = pytest.mark.usefixtures("committed")

_LATER = (Step(medium=Medium.MAIL), Step(medium=Medium.PHONE, after_seconds=600))


def answer(world: World, broadcast: int, **reply: Any) -> None:
    """Answer on the page of the broadcast's first mail."""
    ((delivery,),) = world.ask(
        "SELECT min(id) FROM delivery WHERE broadcast_id = %s AND medium = 1", broadcast
    )
    with tenancy.acting_for(world.organization.pk):
        page = pages.load(world.organization.pk, delivery)
        assert page is not None
        answering.answer(page, Reply(**reply))


@pytest.mark.spec("EMC-5", "NEW-4")
def test_an_answer_by_mail_cancels_the_call_and_is_named_as_its_cause(world: World) -> None:
    world.lane()
    world.lane(Medium.PHONE, sequential=True, chunk_size=1)
    (person,) = world.people(1)
    world.change(
        "INSERT INTO contact (organization_id, recipient_id, medium, address, address_key)"
        " SELECT organization_id, id, 3, '+81300000000', '+81300000000' FROM recipient"
    )
    broadcast = world.launch(steps=_LATER).broadcast_id
    with workers(1):
        world.until(broadcast, lambda look: look.people.reached_only == 1)
        answer(world, broadcast, recipient_id=person.pk, choice="1", comment="家にいます")
        world.finished(broadcast)

    found = story(world.organization.pk, broadcast, person.pk)

    halted, given = found.entries[:2]
    assert isinstance(halted, Halted)
    assert (Reason.ANSWERED_ELSEWHERE, given, [Medium.PHONE]) == (
        halted.reason,
        halted.answer,
        [one.medium for one in halted.deliveries],
    )
    assert [Status.DONE, Status.CANCELLED] == [one.status for one in found.deliveries]
    assert (Grade.ANSWERED, "家にいます") == (found.grade, found.latest and found.latest.comment)


@pytest.mark.spec("NEW-4")
def test_all_answers_are_told_and_the_latest_is_marked(world: World) -> None:
    broadcast = accepted_by_one(world)
    ((person,),) = world.ask("SELECT recipient_id FROM audience")
    answer(world, broadcast, recipient_id=person, choice="1")
    answer(world, broadcast, recipient_id=person, choice="3", source="family")

    given = story(world.organization.pk, broadcast, person).answers

    assert [("無事です", False, False), ("支援が必要です", True, True)] == [
        (one.words, one.is_latest, one.needs_help) for one in given
    ]
    assert ["self", "family"] == [one.source for one in given]


@pytest.mark.spec("NEW-3")
def test_looks_at_the_page_are_told_with_who_they_may_have_been(world: World) -> None:
    broadcast = accepted_by_one(world)
    ((delivery, person),) = world.ask("SELECT id, recipient_id FROM delivery")
    for kind in (Kind.HEAD, Kind.OPEN):
        world.change(
            "INSERT INTO page_view (organization_id, broadcast_id, delivery_id, kind, user_agent)"
            " VALUES (%s, %s, %s, %s, 'Scanner/1.0')",
            world.organization.pk,
            broadcast,
            delivery,
            kind,
        )

    looks = story(world.organization.pk, broadcast, person).entries[:2]

    assert [Kind.OPEN, Kind.HEAD] == [getattr(look, "kind", None) for look in looks]


def test_the_version_changes_with_what_happens_and_with_nothing_else(world: World) -> None:
    broadcast = accepted_by_one(world)
    ((person,),) = world.ask("SELECT recipient_id FROM audience")
    before = [story(world.organization.pk, broadcast, person).version for _ in range(2)]
    answer(world, broadcast, recipient_id=person, choice="1")

    assert before[0] == before[1] != story(world.organization.pk, broadcast, person).version
