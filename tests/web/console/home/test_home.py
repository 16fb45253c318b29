"""The first page: what to begin with, what runs, what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.deliveries import launch, ordering
from denrei.deliveries.appointed import Reminder, ReminderState
from tests.web.console import town
from tests.web.console.board.conftest import Town
from tests.web.console.conftest import browser, hire

SignIn = Callable[[Operator], Client]


def home(client: Client) -> str:
    response = client.get("/console/")
    assert 200 == response.status_code
    return response.content.decode()


def test_an_empty_organization_has_a_home(sender: Client, viewer: Client) -> None:
    assert "緊急連絡を作成" in home(sender)
    assert "緊急連絡を作成" not in home(viewer)


def test_what_is_missing_before_anything_can_be_sent_is_told(
    city: Organization, sender: Client, viewer: Client
) -> None:
    before = home(sender)
    town.lane(city)
    town.people(city, 1)

    assert "名簿に人がいません" in before
    assert "送信経路がありません" in before
    assert "準備" not in home(sender)
    assert "準備" not in home(viewer)


@pytest.mark.spec("OPS-2")
def test_a_ready_message_is_three_taps_away_from_being_sent(
    staffed: Organization, operator: Operator
) -> None:
    ready = town.ready(staffed, operator, "参集", sender="")
    client = browser(staffed, operator)
    address = f"/console/templates/{ready.pk}/use/"

    assert address in home(client)
    led = client.post(address, {"mode": "live"})
    confirm = client.get(led.headers["Location"])

    assert led.headers["Location"].endswith("/confirm/")
    assert "本番として<br>2人に送信する" in confirm.content.decode()


@pytest.mark.spec("OPS-2", "ALL-8")
def test_a_ready_message_can_be_sent_as_a_drill(staffed: Organization, operator: Operator) -> None:
    ready = town.ready(staffed, operator, "参集")
    client = browser(staffed, operator)

    led = client.post(f"/console/templates/{ready.pk}/use/", {"mode": "drill"}, follow=True)

    assert "訓練として<br>2人に送信する" in led.content.decode()


@pytest.mark.spec("OPS-2", "ALL-8")
@pytest.mark.parametrize(
    ("kept", "modes"), [("live", ["live", "drill"]), ("drill", ["drill", "live"])]
)
def test_the_mode_that_was_kept_is_the_main_action(
    staffed: Organization, operator: Operator, kept: str, modes: list[str]
) -> None:
    town.ready(staffed, operator, "参集", drill=kept == "drill")

    page = home(browser(staffed, operator))

    assert f"ready--{kept}" in page
    assert modes == re.findall(r'name="mode" value="(\w+)"', page)


@pytest.mark.spec("ALL-4")
def test_a_broadcast_under_way_is_shown_with_its_figures(
    staffed: Organization, operator: Operator
) -> None:
    draft = town.draft(staffed, operator)
    with tenancy.acting_for(staffed.pk):
        order = ordering.order(draft, operator, timezone.now()).order
        broadcast = launch.launch(staffed, order, operator).broadcast_id
    client = browser(staffed, operator)

    page, part = home(client), client.get("/console/running/").content.decode()

    for shown in (page, part):
        assert f"/console/broadcasts/{broadcast}/" in shown
        assert "2人" in shown
    assert "<html" not in part


@pytest.mark.spec("SMS-13")
def test_the_only_administrator_is_advised(city: Organization, admin: Client) -> None:
    before = home(admin)
    hire(city, "second", Role.ADMIN)

    assert "管理者が1人だけです" in before
    assert "管理者が1人だけです" not in home(admin)


@pytest.mark.spec("ALL-5")
def test_what_another_unit_prepares_and_sends_is_not_shown(
    staffed: Organization, signed_in: SignIn, first_school: Unit, second_school: Unit
) -> None:
    town.people(staffed, 1, first_school)
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    town.ready(staffed, teacher, "ヒミツの定型")
    draft = town.draft(staffed, teacher, place="ヒミツの場所")
    with tenancy.acting_for(staffed.pk):
        order = ordering.order(draft, teacher, timezone.now()).order
        broadcast = launch.launch(staffed, order, teacher).broadcast_id
    beside = signed_in(hire(staffed, "second", Role.SENDER, second_school))

    page = home(beside)

    assert "ヒミツ" not in page
    assert f"/console/broadcasts/{broadcast}/" not in page
    assert f"/console/drafts/{draft.pk}/" not in page


def test_a_row_of_drafts_without_anything_typed_is_shown(
    staffed: Organization, operator: Operator
) -> None:
    town.draft(staffed, operator, incident="")

    assert "（件名なし）" in home(browser(staffed, operator))


@pytest.mark.spec("NEW-4")
def test_a_call_for_help_that_nobody_took_is_told_first(
    staffed: Organization, operator: Operator, viewer: Client
) -> None:
    client = browser(staffed, operator)
    sent = Town(staffed, operator)
    assert "担当のいない方が" not in home(client)

    sent.answers(sent.people()[0], sent.help)

    assert "支援が必要で、担当のいない方が1人います" in home(client)
    assert "担当のいない方が1人います" in home(viewer)


@pytest.mark.spec("OPS-1")
def test_a_reminder_that_could_not_be_sent_is_told_until_something_is_sent_again(
    staffed: Organization, operator: Operator
) -> None:
    client, sent = browser(staffed, operator), Town(staffed, operator)
    with tenancy.acting_for(staffed.pk):
        reminder = Reminder.objects.create(
            organization=staffed,
            broadcast=sent.broadcast,
            due_at=timezone.now(),
            state=ReminderState.FAILED,
            settled_at=timezone.now(),
        )

    assert "自動の再通知を送信できませんでした" in home(client)

    with tenancy.acting_for(staffed.pk):
        earlier = reminder.settled_at - timedelta(hours=1)  # before the launch
        Reminder.objects.filter(pk=reminder.pk).update(settled_at=earlier)
    assert "自動の再通知を送信できませんでした" not in home(client)
