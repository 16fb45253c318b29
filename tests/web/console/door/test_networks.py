"""From where one may sign in, and from where one may change something."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from tests.web.console.conftest import hire
from tests.web.console.door.signing import SIGN_IN, is_in, sign_in

pytestmark = pytest.mark.spec("SMS-13")
INSIDE, OUTSIDE = "192.0.2.9", "203.0.113.9"


def allow(organization: Organization, **networks: list[str]) -> None:
    """Let operators work from these networks only."""
    with tenancy.acting_for(organization.pk):
        organization.settings = {**organization.settings, **networks}
        organization.save()


def browser(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def test_who_comes_from_inside_signs_in(city: Organization) -> None:
    allow(city, sign_in_networks=["192.0.2.0/24"])
    hire(city, "admin")

    assert 302 == sign_in(browser(INSIDE), "admin").status_code


def test_who_comes_from_outside_is_told_from_where(city: Organization) -> None:
    allow(city, sign_in_networks=["192.0.2.0/24"])
    hire(city, "admin")
    client = browser(OUTSIDE)

    response = sign_in(client, "admin")

    assert (403, True) == (response.status_code, OUTSIDE in response.content.decode())
    assert "denrei_device" not in client.cookies


def test_who_goes_outside_sees_nothing_and_can_sign_out(city: Organization) -> None:
    allow(city, sign_in_networks=["192.0.2.0/24"])
    hire(city, "admin")
    client = browser(INSIDE)
    sign_in(client, "admin")
    client.defaults["REMOTE_ADDR"] = OUTSIDE

    page = client.get("/console/")
    left = client.post("/console/sign-out/")

    assert (403, True, 302) == (
        page.status_code,
        OUTSIDE in page.content.decode(),
        left.status_code,
    )


def test_from_outside_one_may_read_and_change_nothing_but_ones_own(city: Organization) -> None:
    allow(city, change_networks=["192.0.2.0/24"])
    hire(city, "admin")
    client = browser(OUTSIDE)
    sign_in(client, "admin")

    changed = client.post("/console/")
    own = client.post("/console/resume/")

    assert (True, 403, True, 302) == (
        is_in(client),
        changed.status_code,
        "この接続元からは変更できません" in changed.content.decode(),
        own.status_code,
    )


def test_from_inside_one_may_change_something(city: Organization) -> None:
    allow(city, change_networks=["192.0.2.0/24"])
    hire(city, "admin")
    client = browser(INSIDE)
    sign_in(client, "admin")

    assert 403 != client.post("/console/").status_code


def test_what_a_client_says_of_itself_is_not_believed(city: Organization) -> None:
    allow(city, sign_in_networks=["192.0.2.0/24"])
    hire(city, "admin")

    response = sign_in(Client(REMOTE_ADDR=OUTSIDE, HTTP_X_FORWARDED_FOR=INSIDE), "admin")

    assert 403 == response.status_code


def test_a_trusted_proxy_is_believed(city: Organization, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    allow(city, sign_in_networks=["192.0.2.0/24"])
    hire(city, "admin")
    proxied = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=INSIDE)

    assert 302 == sign_in(proxied, "admin").status_code


def test_the_sign_in_page_itself_is_shown_to_everybody(city: Organization) -> None:
    allow(city, sign_in_networks=["192.0.2.0/24"])

    assert 200 == browser(OUTSIDE).get(SIGN_IN).status_code
