"""The list of broadcasts, one of them, and 停止."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Broadcast, Draft
from denrei.deliveries import launch, ordering
from denrei.domain.status import Status
from denrei.web.console.broadcasts import listing, picture
from tests.web.console import town
from tests.web.console.conftest import hire

SignIn = Callable[[Operator], Client]


def sent(city: Organization, operator: Operator, **changes: object) -> Broadcast:
    """Launch a broadcast as an operator."""
    draft: Draft = town.draft(city, operator, **changes)
    with tenancy.acting_for(city.pk):
        order = ordering.order(draft, operator, draft.changed_at).order
        broadcast = Broadcast.objects.get(pk=launch.launch(city, order, operator).broadcast_id)
        drafts.sent(draft, broadcast)
    return broadcast


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


@pytest.mark.spec("NEW-1", "ALL-4")
def test_the_page_of_one_shows_both_equations_and_keeps_itself_up_to_date(
    staffed: Organization, operator: Operator, viewer: Client
) -> None:
    broadcast = sent(staffed, operator)

    page = viewer.get(f"/console/broadcasts/{broadcast.pk}/").content.decode()
    part = viewer.get(f"/console/broadcasts/{broadcast.pk}/standing/").content.decode()

    for words in ("対象（人）", "全配信（件）", "未到達", "期限切れ・不明"):
        assert words in page
        assert words in part
    assert 'hx-trigger="every 3s"' in part
    assert "<html" not in part
    assert "停止する" not in page  # a viewer


@pytest.mark.spec("EMC-5")
def test_it_is_stopped_after_a_question(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast, client = sent(staffed, operator), signed_in(operator)
    address = f"/console/broadcasts/{broadcast.pk}/stop/"

    asked = client.get(address).content.decode()
    stopped = client.post(address, follow=True).content.decode()
    again = client.post(address, follow=True).content.decode()

    assert "停止しますか" in asked
    assert "送信を停止しました" in stopped
    assert "送信を停止する" not in stopped
    assert "停止するものはありませんでした" in again
    with tenancy.acting_for(staffed.pk):
        assert operator.pk == AuditEntry.objects.get(action="broadcast.stopped").actor_id


def test_a_viewer_does_not_stop(staffed: Organization, operator: Operator, viewer: Client) -> None:
    broadcast = sent(staffed, operator)

    assert 403 == viewer.post(f"/console/broadcasts/{broadcast.pk}/stop/").status_code


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_sees_what_it_and_those_below_sent(
    staffed: Organization,
    operator: Operator,
    signed_in: SignIn,
    first_school: Unit,
    second_school: Unit,
) -> None:
    town.people(staffed, 1, first_school)
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    of_the_city, of_the_school = sent(staffed, operator), sent(staffed, teacher)
    beside = signed_in(hire(staffed, "second", Role.SENDER, second_school))
    of_it = signed_in(teacher)

    assert [of_the_school.pk] == [
        row.broadcast.pk for row in of_it.get("/console/broadcasts/").context["rows"]
    ]
    assert [] == beside.get("/console/broadcasts/").context["rows"]
    assert 200 == of_it.get(f"/console/broadcasts/{of_the_school.pk}/").status_code
    for hidden in (of_the_city, of_the_school):
        for part in ("", "standing/", "stop/"):
            assert 404 == beside.get(f"/console/broadcasts/{hidden.pk}/{part}").status_code
        assert 404 == beside.post(f"/console/broadcasts/{hidden.pk}/stop/").status_code


def test_one_that_is_not_there_is_not_found(viewer: Client) -> None:
    assert 404 == viewer.get("/console/broadcasts/999999999/").status_code


def test_every_status_has_a_look() -> None:
    assert set(Status) == set(picture.LOOKS)


@pytest.mark.spec("ALL-5")
def test_what_the_city_sent_does_not_move_to_a_school_with_its_operator(
    staffed: Organization, operator: Operator, first_school: Unit, signed_in: SignIn
) -> None:
    broadcast = sent(staffed, operator)
    with tenancy.acting_for(staffed.pk):
        operator.unit = first_school
        operator.save()
    school = signed_in(operator)

    assert 404 == school.get(f"/console/broadcasts/{broadcast.pk}/").status_code
    assert 404 == school.post(f"/console/broadcasts/{broadcast.pk}/stop/").status_code
