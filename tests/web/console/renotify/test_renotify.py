"""再通知 from the console: who is asked, what is pressed, reminders added and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Unit
from denrei.audience import freezing
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.appointed import Reminder
from denrei.deliveries.models import Run
from denrei.domain.states import Grade
from tests.web.console.broadcasts.test_broadcasts import sent
from tests.web.console.compose.conftest import words
from tests.web.console.conftest import PASSWORD, browser, hire
from tests.web.console.launching.test_confirm import prefer

pytestmark = pytest.mark.spec("OPS-1")


@pytest.fixture
def sender(operator: Operator, signed_in: Callable[[Operator], Client]) -> Client:
    return signed_in(operator)


@pytest.fixture
def broadcast(staffed: Organization, operator: Operator) -> Broadcast:
    return sent(staffed, operator)


def address(broadcast: Broadcast) -> str:
    return f"/console/broadcasts/{broadcast.pk}/again/"


def form(**changes: object) -> dict[str, object]:
    """Return the page's form as it is offered."""
    return {"wave": "2", "target": "silent", "ways": ["MAIL"]} | changes


def runs(broadcast: Broadcast) -> list[Run]:
    with tenancy.acting_for(broadcast.organization_id):
        return list(Run.objects.of(broadcast.pk))


def test_the_page_says_how_many_it_reaches_and_offers_the_text_as_it_was_sent(
    sender: Client, broadcast: Broadcast
) -> None:
    with tenancy.acting_for(broadcast.organization_id):
        someone = broadcast.audience.all()[0].recipient_id
        freezing.raise_grade(broadcast.pk, [someone], Grade.ANSWERED)

    page = sender.get(address(broadcast))

    assert ["1人", "1人"] == re.findall(r"\d+人", words(page))[:2]
    assert "1回目 送信" in words(page)


def test_pressed_it_starts_one_wave_with_its_own_text(sender: Client, broadcast: Broadcast) -> None:
    pressed = [
        sender.post(address(broadcast), form(instruction_note="至急、回答してください。"))
        for _ in range(2)
    ]

    assert [302, 302] == [response.status_code for response in pressed]
    found = runs(broadcast)
    assert 2 == len(found)
    assert found[1].content is not None
    assert "至急、回答してください。" == found[1].content["instruction_note"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"target": ""}, "送る相手を選んでください。"),
        ({"ways": []}, "連絡手段を選んでください。"),
        ({"ways": ["FAX"]}, "選んだ項目は、もう使えません。"),
        ({"instruction_note": "あ" * 61}, "1文字多くなっています。"),
        ({"situation_note": "あ" * 82}, "2文字多くなっています。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(
    sender: Client, broadcast: Broadcast, changes: dict[str, object], told: str
) -> None:
    page = sender.post(address(broadcast), form(**changes))

    assert 422 == page.status_code
    assert told in words(page)
    assert 1 == len(runs(broadcast))


def test_where_all_have_answered_it_says_so(sender: Client, broadcast: Broadcast) -> None:
    with tenancy.acting_for(broadcast.organization_id):
        people = list(broadcast.audience.values_list("recipient_id", flat=True))
        freezing.raise_grade(broadcast.pk, people, Grade.ANSWERED)

    page = sender.post(address(broadcast), form())

    assert "再通知の対象となる人がいません。" in words(page)
    assert 1 == len(runs(broadcast))


def test_one_person_may_be_asked_again(sender: Client, broadcast: Broadcast) -> None:
    with tenancy.acting_for(broadcast.organization_id):
        person = broadcast.audience.all()[0]

    page = sender.get(address(broadcast), {"person": person.recipient_id})
    pressed = sender.post(f"{address(broadcast)}?person={person.recipient_id}", form())

    assert f"{person.name}さんへ再通知" in words(page)
    assert 302 == pressed.status_code
    with tenancy.acting_for(broadcast.organization_id):
        assert 2 == Run.objects.of(broadcast.pk).count()


@pytest.mark.parametrize("person", ["0", "x", "9" * 40])
def test_a_person_who_was_not_meant_is_not_found(
    sender: Client, broadcast: Broadcast, person: str
) -> None:
    assert 404 == sender.get(address(broadcast), {"person": person}).status_code


def test_reminders_are_added_shown_and_taken_back(sender: Client, broadcast: Broadcast) -> None:
    added = sender.post(
        f"/console/broadcasts/{broadcast.pk}/reminders/", {"minutes": "45"}, follow=True
    )
    with tenancy.acting_for(broadcast.organization_id):
        reminder = Reminder.objects.get()
        assert timedelta(minutes=44) < reminder.due_at - broadcast.launched_at

    taken_back = sender.post(
        f"/console/broadcasts/{broadcast.pk}/reminders/{reminder.pk}/cancel/", follow=True
    )

    assert "自動の再通知を予定しました。" in words(added)
    assert "自動の再通知の予定を取り消しました。" in words(taken_back)
    assert "取消" in words(taken_back)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ("", "今から何分後を入力してください。"),
        ("4", "5分以上にしてください。"),
        ("1441", "1440分以内にしてください。"),
        ("x", "数字で入力してください。"),
    ],
)
def test_a_reminder_that_is_none_is_refused_in_words(
    sender: Client, broadcast: Broadcast, minutes: str, told: str
) -> None:
    page = sender.post(
        f"/console/broadcasts/{broadcast.pk}/reminders/", {"minutes": minutes}, follow=True
    )

    assert told in words(page)


def test_who_only_reads_sees_no_such_page(viewer: Client, broadcast: Broadcast) -> None:
    assert 403 == viewer.get(address(broadcast)).status_code


@pytest.mark.spec("ALL-5")
def test_a_broadcast_of_another_unit_is_not_found(
    staffed: Organization, broadcast: Broadcast, first_school: Unit
) -> None:
    elsewhere = browser(staffed, hire(staffed, "school", unit=first_school))

    assert 404 == elsewhere.get(address(broadcast)).status_code


@pytest.mark.spec("OPS-4", "SMS-13")
def test_what_was_typed_outlives_a_second_sign_in(
    staffed: Organization, sender: Client, broadcast: Broadcast
) -> None:
    prefer(staffed, sign_in_before_launch=True)
    session = sender.session
    session["account_authentication_methods"] = []
    session.save()

    door = sender.post(address(broadcast), form(situation_note="余震に注意。"))
    back = sender.post(door.headers["Location"], {"password": PASSWORD})
    shown = sender.get(back.headers["Location"])

    assert "余震に注意。" in shown.content.decode()
    assert 1 == len(runs(broadcast))
