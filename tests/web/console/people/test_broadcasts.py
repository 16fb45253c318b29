"""連絡の履歴 of one person (MSG-7)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.directory.models import Recipient
from denrei.web.console.people import broadcasts
from tests.web.console import town
from tests.web.console.broadcasts.test_broadcasts import sent
from tests.web.console.conftest import hire

SignIn = Callable[[Operator], Client]


def somebody(city: Organization) -> Recipient:
    with tenancy.acting_for(city.pk):
        return Recipient.objects.order_by("pk")[0]


@pytest.mark.spec("MSG-7")
def test_a_person_shows_the_newest_broadcasts_with_evidence_answer_and_the_way_to_the_story(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    person, client = somebody(staffed), signed_in(operator)
    first, second = (sent(staffed, operator, drill=drill) for drill in (False, True))
    client.post(
        f"/console/broadcasts/{first.pk}/people/{person.pk}/answer/",
        {"source": "phone", "comment": ""},
    )

    response = client.get(f"/console/people/{person.pk}/")

    page = response.content.decode()
    rows = response.context["received"]
    assert [(second.pk, "不明"), (first.pk, "閲覧")] == [
        (row.received.broadcast.pk, str(row.kind.words)) for row in rows
    ]
    for broadcast in (first, second):
        assert f'href="/console/broadcasts/{broadcast.pk}/people/{person.pk}/"' in page


@pytest.mark.spec("MSG-7")
def test_the_history_goes_on_page_by_page_with_few_questions(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    person, client = somebody(staffed), signed_in(operator)
    address = f"/console/people/{person.pk}/broadcasts/"
    sent(staffed, operator)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(broadcasts.PAGE):
        sent(staffed, operator)

    with CaptureQueriesContext(connection) as many:
        first = client.get(address)
    second = client.get(address, {"before": first.context["last"].pk})

    assert (broadcasts.PAGE, 1) == (len(first.context["rows"]), len(second.context["rows"]))
    assert len(few) == len(many)
    assert "すべて見る" in client.get(f"/console/people/{person.pk}/").content.decode()


@pytest.mark.parametrize("before", ["x", "9" * 40, "-1", "0"])
def test_nonsense_in_the_address_shows_a_page(
    staffed: Organization, viewer: Client, before: str
) -> None:
    address = f"/console/people/{somebody(staffed).pk}/broadcasts/"

    assert 200 == viewer.get(address, {"before": before}).status_code


@pytest.mark.spec("ALL-5")
def test_broadcasts_of_wider_units_are_not_in_it(
    staffed: Organization, operator: Operator, signed_in: SignIn, first_school: Unit
) -> None:
    town.people(staffed, 1, first_school)
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    sent(staffed, operator)
    of_the_school = sent(staffed, teacher)
    with tenancy.acting_for(staffed.pk):
        pupil = Recipient.objects.get(unit=first_school)

    rows = signed_in(teacher).get(f"/console/people/{pupil.pk}/broadcasts/").context["rows"]

    assert [of_the_school.pk] == [row.received.broadcast.pk for row in rows]
