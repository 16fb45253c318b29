"""予約: made on the confirm page, listed, taken back, and told of when it was not sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.broadcasts.models import Draft
from denrei.deliveries import scheduling
from denrei.deliveries.appointed import Scheduled, ScheduledState
from tests.web.console import town
from tests.web.console.conftest import hire
from tests.web.console.launching import pages

pytestmark = pytest.mark.spec("OPS-7")

SignIn = Callable[[Operator], Client]


@pytest.fixture
def at() -> datetime:
    return town.tomorrow()


@pytest.fixture
def later(staffed: Organization, operator: Operator, at: datetime) -> Draft:
    return town.draft(staffed, operator, **town.reserved(at, at + timedelta(minutes=20)))


def reservations(city: Organization) -> list[Scheduled]:
    with tenancy.acting_for(city.pk):
        return list(Scheduled.objects.select_related("draft").order_by("pk"))


def reserve(client: Client, draft: Draft) -> None:
    """Press on the confirm page."""
    response = pages.press(client, draft, pages.show(client, draft))
    assert (302, "/console/reservations/") == (response.status_code, response.headers["Location"])


def miss(city: Organization) -> Scheduled:
    """Let the deadline of the reservation have passed while nothing ran."""
    with tenancy.acting_for(city.pk):
        past = datetime.now(town.TOKYO) - timedelta(hours=2)
        Scheduled.objects.update(launch_at=past, not_after=past)
        found = Scheduled.objects.get()
    scheduling.launch_due(city.pk, found.pk)
    return found


def test_a_press_keeps_it_until_its_time(
    staffed: Organization, desk_of_sender: Client, later: Draft, at: datetime
) -> None:
    shown = pages.show(desk_of_sender, later)
    reserve(desk_of_sender, later)

    (kept,) = reservations(staffed)
    listed = desk_of_sender.get("/console/reservations/").content.decode()
    assert "そのときの名簿" in listed or "送信するときの名簿" in shown
    assert "までに送信できなければ送信しません" in shown
    assert "3人への送信を<br>予約する" in shown
    assert (at, at + timedelta(minutes=20), later.pk) == (
        kept.launch_at,
        kept.not_after,
        kept.draft_id,
    )
    assert f"{at.month}月{at.day}日" in listed
    assert "まだ送信していません" in listed
    assert [] == pages.broadcasts(staffed)


def test_a_reserved_draft_is_not_sent_by_hand(
    staffed: Organization, desk_of_sender: Client, later: Draft
) -> None:
    shown = pages.show(desk_of_sender, later)
    reserve(desk_of_sender, later)

    again = pages.show(desk_of_sender, later)
    twice = pages.press(desk_of_sender, later, shown)

    assert "予約しています" in again
    assert 'name="digest"' not in again
    assert "/console/reservations/" == twice.headers["Location"]
    assert 1 == len(reservations(staffed))


def test_it_is_taken_back_after_a_question(
    staffed: Organization, desk_of_sender: Client, later: Draft
) -> None:
    reserve(desk_of_sender, later)
    (kept,) = reservations(staffed)
    address = f"/console/reservations/{kept.pk}/cancel/"

    asked = desk_of_sender.get(address).content.decode()
    still = reservations(staffed)[0].state
    done = desk_of_sender.post(address)
    twice = desk_of_sender.post(address, follow=True).content.decode()

    assert "取り消しますか" in asked
    assert ScheduledState.WAITING == still
    assert f"/console/drafts/{later.pk}/?keep=1" == done.headers["Location"]
    assert ScheduledState.CANCELLED == reservations(staffed)[0].state
    assert "すでに送信されたか、取り消されています" in twice


def test_a_draft_can_be_reserved_again_after_that(
    staffed: Organization, desk_of_sender: Client, later: Draft
) -> None:
    reserve(desk_of_sender, later)
    desk_of_sender.post(f"/console/reservations/{reservations(staffed)[0].pk}/cancel/")
    reserve(desk_of_sender, later)

    assert [ScheduledState.CANCELLED, ScheduledState.WAITING] == [
        one.state for one in reservations(staffed)
    ]


def test_a_time_that_passed_meanwhile_leads_back_to_the_form(
    staffed: Organization, desk_of_sender: Client, operator: Operator
) -> None:
    past = datetime.now(town.TOKYO) - timedelta(minutes=5)
    draft = town.draft(staffed, operator, **town.reserved(past))

    assert 302 == desk_of_sender.get(pages.address(draft)).status_code


def test_home_tells_of_one_that_was_not_sent_until_somebody_takes_note(
    staffed: Organization, desk_of_sender: Client, later: Draft
) -> None:
    reserve(desk_of_sender, later)
    missed = miss(staffed)

    told = desk_of_sender.get("/console/").content.decode()
    noted = desk_of_sender.post(f"/console/reservations/{missed.pk}/note/")
    quiet = desk_of_sender.get("/console/").content.decode()
    listed = desk_of_sender.get("/console/reservations/").content.decode()

    assert "は送信されていません" in told
    assert "/console/" == noted.headers["Location"]
    assert "は送信されていません" not in quiet
    assert "期限切れ" in listed


@pytest.mark.spec("OPS-5")
def test_home_tells_of_one_that_nobody_works_on(
    staffed: Organization, desk_of_sender: Client, later: Draft
) -> None:
    reserve(desk_of_sender, later)
    before = desk_of_sender.get("/console/").content.decode()
    with tenancy.acting_for(staffed.pk):
        Scheduled.objects.update(launch_at=datetime.now(town.TOKYO) - timedelta(minutes=2))

    after = desk_of_sender.get("/console/").content.decode()

    assert "過ぎても送信されていません" not in before
    assert "過ぎても送信されていません" in after


@pytest.mark.spec("ALL-5")
def test_an_operator_of_another_unit_does_not_see_it(
    staffed: Organization,
    desk_of_sender: Client,
    later: Draft,
    signed_in: SignIn,
    first_school: Unit,
) -> None:
    reserve(desk_of_sender, later)
    (kept,) = reservations(staffed)
    teacher = signed_in(hire(staffed, "first", Role.SENDER, first_school))

    assert "地震" not in teacher.get("/console/reservations/").content.decode()
    assert 404 == teacher.post(f"/console/reservations/{kept.pk}/cancel/").status_code
    assert 404 == teacher.post(f"/console/reservations/{kept.pk}/note/").status_code
    assert ScheduledState.WAITING == reservations(staffed)[0].state


def test_a_viewer_sees_but_does_not_take_back(
    staffed: Organization, desk_of_sender: Client, later: Draft, viewer: Client
) -> None:
    reserve(desk_of_sender, later)
    (kept,) = reservations(staffed)

    listed = viewer.get("/console/reservations/").content.decode()

    assert "地震" in listed
    assert "取り消す" not in listed
    assert 403 == viewer.post(f"/console/reservations/{kept.pk}/cancel/").status_code
