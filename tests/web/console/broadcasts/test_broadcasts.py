"""The list of broadcasts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.web.console.broadcasts import listing
from tests.web.console import town
from tests.web.console.board.conftest import sent
from tests.web.console.conftest import hire

SignIn = Callable[[Operator], Client]


@pytest.mark.spec("ALL-4", "ALL-8")
def test_the_list_says_of_each_what_it_is_and_how_it_stands(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    sent(staffed, operator, drill=True)
    sent(staffed, operator)

    response = signed_in(operator).get("/console/broadcasts/")

    page = response.content.decode()
    assert [False, True] == [row.broadcast.drill for row in response.context["rows"]]
    assert {("準備中", 2)} == {
        (row.standing.words, row.standing.people) for row in response.context["rows"]
    }
    assert "tag--drill" in page
    assert "tag--live" in page
    assert "senderさん" in page


def test_the_list_goes_on_page_by_page_with_few_questions(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    client = signed_in(operator)
    sent(staffed, operator)
    with CaptureQueriesContext(connection) as few:
        client.get("/console/broadcasts/")
    for _ in range(listing.PAGE):
        sent(staffed, operator)

    with CaptureQueriesContext(connection) as many:
        first = client.get("/console/broadcasts/")
    second = client.get(f"/console/broadcasts/?before={first.context['last'].pk}")

    assert (listing.PAGE, 1) == (len(first.context["rows"]), len(second.context["rows"]))
    assert len(few) == len(many)


@pytest.mark.parametrize("before", ["x", "9" * 40, "-1", "0"])
def test_nonsense_in_the_address_shows_a_page(viewer: Client, before: str) -> None:
    assert 200 == viewer.get("/console/broadcasts/", {"before": before}).status_code


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_is_listed_what_it_and_those_below_sent(
    staffed: Organization,
    operator: Operator,
    signed_in: SignIn,
    first_school: Unit,
    second_school: Unit,
) -> None:
    town.people(staffed, 1, first_school)
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    sent(staffed, operator)
    of_the_school = sent(staffed, teacher)
    beside = signed_in(hire(staffed, "second", Role.SENDER, second_school))

    assert [of_the_school.pk] == [
        row.broadcast.pk for row in signed_in(teacher).get("/console/broadcasts/").context["rows"]
    ]
    assert [] == beside.get("/console/broadcasts/").context["rows"]
