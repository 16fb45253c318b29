"""Presses at the same moment, each in a thread of its own, on a committed database (ALL-1)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft
from denrei.deliveries.appointed import Scheduled
from tests.web.console import town
from tests.web.console.conftest import browser, hire
from tests.web.console.launching import pages

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("ALL-1")]


@pytest.fixture
def staffed(committed: None, city: Organization) -> Organization:
    """The city, committed, with a lane and people."""
    town.lane(city)
    town.people(city, 30)
    return city


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of them, begun together."""
    start = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(timeout=60) for done in [threads.submit(act, one) for one in acts]]


def like(client: Client) -> Client:
    """Return another tab of the same browser."""
    tab = Client()
    tab.cookies = client.cookies
    return tab


def test_presses_at_once_launch_once_and_lead_to_one_page(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    fields = pages.fields(pages.show(desk_of_sender, draft))
    tabs = [like(desk_of_sender) for _ in range(4)]

    answers = at_once(*(lambda tab=tab: tab.post(pages.address(draft), fields) for tab in tabs))

    (sent,) = pages.broadcasts(staffed)
    assert {(302, f"/console/broadcasts/{sent.pk}/")} == {
        (answer.status_code, answer.headers["Location"]) for answer in answers
    }
    with tenancy.acting_for(staffed.pk):
        assert 30 == sent.audience.count()


def test_two_operators_at_once_launch_once(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    other = browser(staffed, hire(staffed, "other", Role.SENDER))
    fields = pages.fields(pages.show(desk_of_sender, draft))

    answers = at_once(
        lambda: desk_of_sender.post(pages.address(draft), fields),
        lambda: other.post(pages.address(draft), fields),
    )

    assert 1 == len(pages.broadcasts(staffed))
    assert 1 == len({answer.headers["Location"] for answer in answers})


def test_a_change_and_a_press_at_once_never_send_what_was_not_shown(
    staffed: Organization, desk_of_sender: Client, draft: Draft, operator: Operator
) -> None:
    fields = pages.fields(pages.show(desk_of_sender, draft))

    def edit() -> str:
        with tenancy.acting_for(staffed.pk):
            try:
                drafts.save(draft, town.typed(staffed, place="別の場所"), operator, 1)
            except drafts.AlreadySentError:
                return "sent"
        return "changed"

    edited, pressed = at_once(edit, lambda: desk_of_sender.post(pages.address(draft), fields))

    sent = [broadcast.content["place"] for broadcast in pages.broadcasts(staffed)]
    assert (edited, pressed.status_code, sent) in [("changed", 409, []), ("sent", 302, [""])]


def test_reservations_at_once_are_one(
    staffed: Organization, desk_of_sender: Client, operator: Operator
) -> None:
    draft = town.draft(staffed, operator, **town.reserved(town.tomorrow()))
    shown = pages.show(desk_of_sender, draft)
    tabs = [like(desk_of_sender) for _ in range(3)]

    answers = at_once(
        *(lambda tab=tab: tab.post(pages.address(draft), pages.fields(shown)) for tab in tabs)
    )

    assert {(302, "/console/reservations/")} == {
        (answer.status_code, answer.headers["Location"]) for answer in answers
    }
    with tenancy.acting_for(staffed.pk):
        assert 1 == Scheduled.objects.count()
