"""A session lasts as long as somebody works with it, and tells so every few minutes only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import sessions, tenancy
from denrei.accounts.models import Organization, Session
from tests.web.console.conftest import hire
from tests.web.console.door.signing import is_in, sign_in

pytestmark = pytest.mark.spec("SMS-13")


@pytest.fixture
def client(city: Organization) -> Client:
    """A signed-in browser."""
    client = Client()
    hire(city, "admin")
    sign_in(client, "admin")
    return client


def age(client: Client, seconds: int) -> None:
    """Let the last use of the session be so long ago."""
    session = client.session
    session[sessions.SEEN] -= seconds
    session.save()


@pytest.mark.parametrize(("seconds", "expected"), [(200, False), (301, True)])
def test_its_end_moves_on_with_use(
    client: Client, city: Organization, seconds: int, expected: bool
) -> None:
    age(client, seconds)
    with tenancy.acting_for(city.pk):
        before = timezone.now() + timedelta(minutes=1)
        Session.objects.update(expire_date=before)

    response = client.get("/console/")

    with tenancy.acting_for(city.pk):
        moved = Session.objects.get().expire_date > before
    assert (expected, expected) == (moved, "sessionid" in response.cookies)


def test_a_page_that_asks_by_itself_does_not_keep_it_alive(client: Client) -> None:
    age(client, 301)
    response = client.get("/console/", headers={"X-Background": "yes"})

    assert "sessionid" not in response.cookies


def test_who_did_nothing_for_too_long_is_out(client: Client, city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        Session.objects.update(expire_date=timezone.now())

    assert not is_in(client)


def test_a_session_that_was_ended_elsewhere_is_over(client: Client, city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        sessions.end(Session.objects.get())

    assert not is_in(client)


def test_what_is_over_is_cleared_away_at_the_next_sign_in(
    client: Client, city: Organization
) -> None:
    with tenancy.acting_for(city.pk):
        Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
        sign_in(Client(), "admin")

        assert 1 == Session.objects.count()
