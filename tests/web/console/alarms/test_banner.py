"""The red banner on every page: what happened, what it means, what to do; each thing once (OPS-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.deliveries import launch, notices, ordering
from denrei.deliveries.models import Gateway
from denrei.deliveries.watch.models import Alarm, AlarmKind
from tests.web.console import town
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("OPS-5")
SignIn = Callable[[Operator], Client]


def raised(city: Organization, kind: AlarmKind, **changes: Any) -> int:
    """Raise an alarm as the watch does; return its id."""
    given = {"since": timezone.now(), "words": {}, "tries": 0, "refusal": ""} | changes
    with tenancy.acting_for(city.pk):
        return Alarm.objects.create(organization_id=city.pk, kind=kind, **given).pk


def gateway_down(city: Organization, **changes: Any) -> int:
    facts = {"name": "市のサーバー", "trouble": "接続できません。", "others": 0}
    return raised(city, AlarmKind.GATEWAY, **{"gateway_id": 1, "words": facts} | changes)


def launched(city: Organization, operator: Operator) -> int:
    draft = town.draft(city, operator)
    with tenancy.acting_for(city.pk):
        order = ordering.order(draft, operator, timezone.now()).order
        return launch.launch(city, order, operator).broadcast_id


def read(client: Client, address: str = "/console/") -> str:
    response = client.get(address)
    assert 200 == response.status_code
    return response.content.decode()


@pytest.mark.parametrize("address", ["/console/", "/console/people/", "/console/broadcasts/"])
def test_it_stands_on_every_page(city: Organization, viewer: Client, address: str) -> None:
    before = read(viewer, address)
    gateway_down(city)
    page = read(viewer, address)

    assert "送信経路「市のサーバー」が使えません" not in before
    assert 1 == page.count("送信経路「市のサーバー」が使えません")
    assert "この経路を使う送信は止まっています" in page
    assert "接続先のサーバーと" in page
    assert "接続できません。" in page


def test_what_ended_is_not_shown(city: Organization, viewer: Client) -> None:
    gateway_down(city, ended_at=timezone.now())

    assert "市のサーバー" not in read(viewer)


def test_only_what_is_new_is_read_out(city: Organization, viewer: Client) -> None:
    gateway_down(city, since=timezone.now() - timedelta(minutes=5))
    old = read(viewer)
    gateway_down(city, gateway_id=2)

    assert (0, 1) == (old.count('role="alert"'), read(viewer).count('role="alert"'))


def test_a_page_that_stays_open_is_told_what_it_does_not_show(
    city: Organization, viewer: Client
) -> None:
    first = gateway_down(city)
    same = viewer.get(f"/console/alarms/?shown={first}")
    second = gateway_down(city, gateway_id=2)
    more = viewer.get(f"/console/alarms/?shown={first}")
    with tenancy.acting_for(city.pk):
        Alarm.objects.update(ended_at=timezone.now())
    gone = viewer.get(f"/console/alarms/?shown={first}_{second}")

    assert (204, 200, 200) == (same.status_code, more.status_code, gone.status_code)
    assert 1 == more.content.decode().count('role="alert"')
    assert "say--bad" not in gone.content.decode()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"refusal": notices.NO_WAY}, "管理者へのメールも送れていません。"),
        ({"refusal": notices.NO_WAY}, "使える送信経路がありません。"),
        ({"told_at": timezone.now()}, "管理者へメールで知らせました。"),
    ],
)
def test_whether_administrators_were_told_is_said(
    city: Organization, viewer: Client, changes: dict[str, Any], expected: str
) -> None:
    gateway_down(city, **changes)

    assert expected in read(viewer)


def test_a_stall_leads_to_its_broadcast(staffed: Organization, operator: Operator) -> None:
    broadcast = launched(staffed, operator)
    raised(staffed, AlarmKind.STALL, broadcast_id=broadcast, words={"left": 1234})
    page = read(browser(staffed, operator), "/console/people/")

    assert "の送信が進んでいません（残り1,234件）" in page
    assert f'href="/console/broadcasts/{broadcast}/"' in page


def test_the_part_that_moves_repeats_no_banner(city: Organization, viewer: Client) -> None:
    gateway_down(city)

    assert "市のサーバー" not in read(viewer, "/console/running/")


@pytest.mark.spec("ALL-5")
def test_what_another_unit_sends_is_not_told(
    staffed: Organization, signed_in: SignIn, first_school: Unit, second_school: Unit
) -> None:
    town.people(staffed, 1, first_school)
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    raised(staffed, AlarmKind.BROKEN, broadcast_id=launched(staffed, teacher))
    beside = signed_in(hire(staffed, "second", Role.SENDER, second_school))

    assert "集計が、送信の記録と一致していません" in read(signed_in(teacher))
    assert "集計が、送信の記録と一致していません" not in read(beside)


@pytest.mark.spec("ALL-5")
def test_an_operator_s_bad_address_is_told_to_him_and_to_who_keeps_operators(
    city: Organization, signed_in: SignIn
) -> None:
    him = hire(city, "him", Role.VIEWER)
    raised(city, AlarmKind.OPERATOR_MAIL, operator_id=him.pk)
    words = "操作者「himさん」のメールアドレスに届いていません"

    assert words in read(signed_in(him))
    assert words in read(signed_in(hire(city, "boss")))
    assert words not in read(signed_in(hire(city, "other", Role.VIEWER)))


@pytest.mark.spec("ALL-5")
def test_another_organization_s_alarm_is_not_shown(city: Organization, viewer: Client) -> None:
    gateway_down(organizations.create("other", "よその市"))

    assert "市のサーバー" not in read(viewer)


def test_that_no_worker_runs_is_seen_by_the_page_alone(
    staffed: Organization, operator: Operator
) -> None:
    launched(staffed, operator)
    client = browser(staffed, operator)
    young = read(client)
    with tenancy.acting_for(staffed.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE run SET started_at = now() - interval '31 seconds'")
    without = read(client)
    with tenancy.acting_for(staffed.pk), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO motion (organization_id, broadcast_id, mark, still_since, seen_at)"
            " SELECT organization_id, broadcast_id, 0, now(), now() FROM run"
        )
    seen = read(client)

    words = "送信の処理が動いていません"
    assert [False, True, False] == [words in page for page in (young, without, seen)]


def test_a_gateway_s_trouble_is_told_once(staffed: Organization, viewer: Client) -> None:
    with tenancy.acting_for(staffed.pk):
        Gateway.objects.update(trouble="接続できません。", trouble_since=timezone.now())
    gateway_down(staffed)

    assert 1 == read(viewer).count("接続できません。")
