"""The five first steps: each ticks itself when it is taken, and the panel goes when it is not wanted."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.first_steps import FirstSteps
from denrei.accounts.models import Operator, Organization
from denrei.deliveries import launch, ordering
from tests.web.console import town
from tests.web.console.conftest import browser, hire

PANEL = "はじめての方へ：5つの手順"


def home(client: Client) -> str:
    return client.get("/console/").content.decode()


def taken(client: Client) -> list[bool]:
    """Return which steps are ticked, in order."""
    items = re.findall(r'<li class="([^"]*)">\s*<span class="first__n">', home(client))
    return [one == "first--done" for one in items]


def send(city: Organization, operator: Operator, **changes: object) -> int:
    """Send a message of this operator's."""
    draft = town.draft(city, operator, **changes)
    with tenancy.acting_for(city.pk):
        order = ordering.order(draft, operator, timezone.now()).order
        return launch.launch(city, order, operator).broadcast_id


def test_who_is_new_sees_five_steps_and_none_is_taken(
    staffed: Organization, operator: Operator
) -> None:
    client = browser(staffed, operator)

    assert PANEL in home(client)
    assert [False] * 5 == taken(client)


def test_a_step_ticks_itself_when_its_page_was_opened(
    staffed: Organization, operator: Operator
) -> None:
    client = browser(staffed, operator)

    client.get("/console/people/")
    client.get(f"/console/drafts/{town.draft(staffed, operator).pk}/")

    assert [True, True, False, False, False] == taken(client)


def test_sending_and_looking_tick_the_last_steps(staffed: Organization, operator: Operator) -> None:
    client = browser(staffed, operator)
    somebodys = send(staffed, hire(staffed, "other"), drill=True)

    client.get(f"/console/broadcasts/{somebodys}/")
    before = taken(client)
    own = send(staffed, operator, drill=True)
    client.get(f"/console/broadcasts/{own}/")

    assert [False] * 5 == before
    assert [False, False, False, True, True] == taken(client)


def test_a_page_that_was_not_found_or_asks_by_itself_takes_nothing(
    staffed: Organization, operator: Operator
) -> None:
    client = browser(staffed, operator)

    client.get("/console/people/999999/")
    client.get("/console/people/", headers={"X-Background": "yes"})

    assert [False] * 5 == taken(client)


def test_the_panel_is_put_away_and_brought_back(staffed: Organization, operator: Operator) -> None:
    client = browser(staffed, operator)
    client.get("/console/people/")

    client.post("/console/first-steps/", {"closed": "yes"})
    closed = home(client)
    client.post("/console/first-steps/", {"closed": "no"})

    assert PANEL not in closed
    assert "「はじめての方へ」の手順を表示する" in closed
    assert [True, False, False, False, False] == taken(client)


def test_what_one_puts_away_others_still_see(staffed: Organization, operator: Operator) -> None:
    browser(staffed, operator).post("/console/first-steps/", {"closed": "yes"})

    assert PANEL in home(browser(staffed, hire(staffed, "other")))


def test_in_a_real_emergency_the_panel_is_not_there(
    staffed: Organization, operator: Operator
) -> None:
    client = browser(staffed, operator)

    send(staffed, operator, drill=True)
    in_a_drill = home(client)
    send(staffed, operator, drill=False)
    in_earnest = home(client)

    assert PANEL in in_a_drill
    assert PANEL not in in_earnest


def test_who_does_not_send_needs_no_steps(viewer: Client) -> None:
    assert PANEL not in home(viewer)


@pytest.mark.parametrize(
    "stored", [{}, {"taken": ["gone"]}, {"closed": False, "taken": [], "more": 1}]
)
def test_what_is_stored_is_read_whatever_version_wrote_it(stored: dict[str, object]) -> None:
    assert not FirstSteps.of(Operator(first_steps=stored)).closed
