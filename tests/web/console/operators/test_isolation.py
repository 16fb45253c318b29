"""Nobody reaches operators beyond his unit, of another organization, or without the right."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("ALL-5")
TYPED = {"login": "a", "name": "甲", "email": "", "role": "admin"}
#: (method, what follows the operator's own address)
ADDRESSES = [
    ("GET", ""),
    ("POST", ""),
    ("POST", "password/"),
    ("POST", "deactivate/"),
    ("POST", "reactivate/"),
    ("POST", "unlock/"),
    ("POST", "end-sessions/"),
    ("POST", "remove-second-factor/"),
]


def ask(client: Client, method: str, address: str) -> int:
    return int(client.generic(method, address).status_code)


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
def test_an_administrator_of_a_unit_does_not_find_others(
    city: Organization,
    at_school: Client,
    chief: Operator,
    second_school: Unit,
    method: str,
    rest: str,
) -> None:
    other = hire(city, "other", Role.VIEWER, second_school)

    found = [ask(at_school, method, f"/console/operators/{o.pk}/{rest}") for o in (chief, other)]

    assert [404, 404] == found


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
def test_another_organization_does_not_find_them(at_city: Client, method: str, rest: str) -> None:
    town = organizations.create("town", "町")
    theirs = hire(town, "theirs")

    assert 404 == ask(at_city, method, f"/console/operators/{theirs.pk}/{rest}")


@pytest.mark.parametrize("role", [Role.SENDER, Role.VIEWER])
@pytest.mark.parametrize(("method", "rest"), [*ADDRESSES, ("GET", "../"), ("GET", "../new/")])
def test_who_is_no_administrator_is_refused(
    city: Organization, sato: Operator, role: Role, method: str, rest: str
) -> None:
    client = browser(city, hire(city, "somebody", role))
    address = f"/console/operators/{sato.pk}/{rest}".replace(f"{sato.pk}/../", "")

    assert 403 == ask(client, method, address)


def test_the_list_of_a_unit_shows_its_own(
    city: Organization, at_school: Client, sato: Operator, chief: Operator
) -> None:
    page = at_school.get("/console/operators/").content.decode()

    assert (True, False) == ("satoさん" in page, "chiefさん" in page)


def test_an_administrator_of_a_unit_gives_only_what_he_has(
    city: Organization, at_school: Client, first_school: Unit, second_school: Unit
) -> None:
    statuses = [
        at_school.post("/console/operators/new/", {**TYPED, "unit": unit}).status_code
        for unit in ("none", second_school.pk, first_school.pk)
    ]
    with tenancy.acting_for(city.pk):
        added = Operator.objects.get(login="a")

    assert ([422, 422, 200], first_school.pk) == (statuses, added.unit_id)


def test_other_units_are_no_choice_for_him(
    at_school: Client, first_school: Unit, second_school: Unit
) -> None:
    page = at_school.get("/console/operators/new/").content.decode()

    assert (True, False, False) == (
        "第一小学校（S1）" in page,
        "第二小学校" in page,
        ">団体全体<" in page,
    )
