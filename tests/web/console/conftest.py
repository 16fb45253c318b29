"""An organization with two schools, an operator of each role, and browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Operator, Organization, Preset, Role, Unit
from denrei.broadcasts import presets
from tests.web.console import town
from tests.web.serving import chromium

PASSWORD = "correct horse battery staple"


@pytest.fixture
def city(request: pytest.FixtureRequest) -> Organization:
    """A city, furnished with the words that a new organization begins with.

    Committed where the test serves pages (`address`) or asks for `committed`, else taken back at its end.
    """
    is_seen = {"address", "committed"} & set(request.fixturenames)
    request.getfixturevalue("committed" if is_seen else "db")
    created = organizations.create("city", "汐見原市", Preset.CITY)
    presets.furnish(created)
    return created


@pytest.fixture
def first_school(city: Organization) -> Unit:
    return units.add(city, "S1", "第一小学校")


@pytest.fixture
def second_school(city: Organization) -> Unit:
    return units.add(city, "S2", "第二小学校")


def hire(
    organization: Organization, login: str, role: Role = Role.ADMIN, unit: Unit | None = None
) -> Operator:
    """Create an operator who signs in with PASSWORD."""
    with tenancy.acting_for(organization.pk):
        operator = Operator(
            organization=organization, login=login, name=f"{login}さん", role=role, unit=unit
        )
        operator.set_password(PASSWORD)
        operator.save()
    return operator


def browser(organization: Organization, operator: Operator) -> Client:
    """Return a browser in which the operator signed in by the page."""
    client = Client()
    response = client.post(
        "/console/sign-in/",
        {"organization": organization.slug, "login": operator.login, "password": PASSWORD},
    )
    assert response.status_code == 302, response.content.decode()
    return client


@pytest.fixture
def admin(city: Organization) -> Client:
    """An administrator of the whole city."""
    return browser(city, hire(city, "admin"))


@pytest.fixture
def sender(city: Organization) -> Client:
    """A sender of the whole city."""
    return browser(city, hire(city, "sender", Role.SENDER))


@pytest.fixture
def viewer(city: Organization) -> Client:
    """A viewer of the whole city."""
    return browser(city, hire(city, "viewer", Role.VIEWER))


@pytest.fixture
def staffed(city: Organization) -> Organization:
    """The city, with a lane that reaches nobody and two people."""
    town.lane(city)
    town.people(city, 2)
    return city


@pytest.fixture
def operator(staffed: Organization) -> Operator:
    """A sender of the whole city."""
    return hire(staffed, "sender", Role.SENDER)


@pytest.fixture
def signed_in(city: Organization) -> Callable[[Operator], Client]:
    """Sign an operator of the city in."""
    return lambda operator: browser(city, operator)


@pytest.fixture
def desk(address: str, city: Organization) -> Iterator[Page]:
    """A tab of chromium, 1280 px wide, at the sign-in page; `enter` signs in."""
    with chromium() as found:
        context = found.new_context(
            viewport={"width": 1280, "height": 900}, base_url=address, locale="ja-JP"
        )
        yield context.new_page()
        context.close()


def enter(page: Page, organization: Organization, operator: Operator) -> None:
    """Sign in by the page, as a person does."""
    page.goto("/console/sign-in/")
    if page.get_by_label("団体ID").count():  # asked where there are several
        page.get_by_label("団体ID").fill(organization.slug)
    page.get_by_label("利用者ID").fill(operator.login)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url("**/console/")
