"""Gateways are registered, tried out, changed, stopped and removed by the pages; passwords never come out."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization, Role
from denrei.channels import Secret
from denrei.channels.simulator import Simulator
from denrei.channels.smtp import Smtp
from denrei.deliveries import gateways, launch, ordering, registering
from denrei.deliveries.models import Alarm, Gateway
from denrei.deliveries.watch.models import AlarmKind
from denrei.web.console.gateways import forms
from denrei.web.console.gateways.words import SETTINGS
from tests.web.console import town
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("MSG-6")
LIST = "/console/gateways/"
SAFE = gateways.vault([settings.SECRET_KEY])
TYPED = {
    "name": "庁内メール",
    "host": "127.0.0.1",
    "way": "587/starttls",
    "username": "bousai",
    "password": "ヒミツ pass ",
    "sender_address": "bousai@city.example",
    "sender_name": "防災課",
    "reply_to": "",
    "pop_host": "127.0.0.1",
    "pop_way": "995/tls",
    "pop_username": "popper",
    "pop_password": "ヒミツ pop",
    "pop_minutes": "15",
    "connections": "4",
    "per_minute": "120",
    "rank": "2",
    "return_path_domain": "",
    "hello_name": "",
    "encoding": "utf-8",
}
UNTESTED = TYPED | {"untested": "on"}
NO_POP = {"pop_host": "", "pop_username": "", "pop_password": ""}
EMPTY = {"password": "", "pop_password": ""}


def stored(city: Organization) -> list[Gateway]:
    with tenancy.acting_for(city.pk):
        return list(Gateway.objects.kept())


def channel_of(gateway: Gateway) -> Any:
    return gateways.to_channel(gateway.kind, gateway.settings, SAFE)


def registered(city: Organization, **changes: Any) -> Gateway:
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 587,
        "username": "bousai",
        "password": Secret("old pass"),
        "sender_address": "bousai@city.example",
        "pop_host": "127.0.0.1",
        "pop_username": "popper",
        "pop_password": Secret("old pop"),
        "size_limit": 5_000_000,
        "verify": False,
    }
    channel = Smtp(**(given | changes))
    terms = registering.Terms(name="庁内メール", rank=1, rate=0.7)
    return registering.register(city, channel, SAFE, terms=terms)


def sending(city: Organization) -> None:
    """Launch a broadcast that nobody sends."""
    operator = hire(city, "sender", Role.SENDER)
    town.people(city, 1)
    draft = town.draft(city, operator)
    with tenancy.acting_for(city.pk):
        order = ordering.order(draft, operator, timezone.now()).order
        launch.launch(city, order, operator)


def test_what_is_registered_is_listed_without_its_passwords(
    admin: Client, city: Organization
) -> None:
    response = admin.post(f"{LIST}new/", UNTESTED)
    (gateway,) = stored(city)
    pages = [admin.get(address).content.decode() for address in (LIST, f"{LIST}{gateway.pk}/")]
    channel = channel_of(gateway)

    assert (302, LIST) == (response.status_code, response.headers["Location"])
    assert ("庁内メール", 2, 2.0, True) == (
        gateway.name,
        gateway.rank,
        gateway.rate,
        gateway.enabled,
    )
    assert ("ヒミツ pass ", "ヒミツ pop") == (
        channel.password.reveal(),
        channel.pop_password.reveal(),
    )
    assert ("127.0.0.1", 587, "starttls", 995, "tls", 15.0, 4) == (
        channel.host, channel.port, channel.security, channel.pop_port, channel.pop_security,
        channel.pop_minutes, channel.connections,
    )  # fmt: skip
    for page in pages:
        assert "庁内メール" in page
        assert "127.0.0.1:587" in page
        assert "ヒミツ" not in page
    with tenancy.acting_for(city.pk):
        assert AuditEntry.objects.filter(action="gateway.added", actor__isnull=False).exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"host": ""}, "ホストを入力してください。"),
        ({"host": "メール"}, "メールサーバーの名前またはIPアドレスを半角で入力してください。"),
        ({"way": "22/none"}, "選んだ項目は、もう使えません。"),
        ({"way": "25/none"}, "暗号化なしではパスワードを送れません。"),
        ({"pop_way": "110/none"}, "選んだ項目は、もう使えません。"),
        ({"password": ""}, "パスワードを入力してください。"),
        ({"username": ""}, "パスワードを使うときは、ユーザー名も入力してください。"),
        ({"sender_address": "bousai"}, "@"),
        ({"pop_password": ""}, "パスワードを入力してください。"),
        ({"pop_username": ""}, "POPサーバーのユーザー名を入力してください。"),
        ({"pop_host": ""}, "POP before SMTPを使うときは、ホストを入力してください。"),
        ({"pop_minutes": "0"}, "1から1440までの数字で入力してください。"),
        ({"connections": "1000"}, "1から100までの数字で入力してください。"),
        ({"return_path_domain": "戻り"}, "ドメイン名を半角で入力してください。"),
        ({"password": "a\nb"}, "改行や制御文字は使えません。"),
    ],
)
def test_what_can_not_be_is_told_and_nothing_is_saved(
    admin: Client, city: Organization, typed: dict[str, str], words: str
) -> None:
    response = admin.post(f"{LIST}new/", UNTESTED | typed)

    page = response.content.decode()
    assert (422, []) == (response.status_code, stored(city))
    assert words in page
    assert 'value="庁内メール"' in page
    assert "ヒミツ" not in page


def test_who_does_not_answer_is_not_saved_and_the_step_is_told(
    admin: Client, city: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(forms._WAYS, "1/starttls", "1")

    response = admin.post(f"{LIST}new/", TYPED | NO_POP | {"way": "1/starttls"})
    page = response.content.decode()

    assert (422, []) == (response.status_code, stored(city))
    assert page.index("成功") < page.index("失敗") < page.index("未実施")
    assert "サーバーが、このポートへの接続を断りました。" in page
    assert "メールサーバーが動いているか" in page
    assert "ヒミツ" not in page


def test_a_test_of_what_is_typed_saves_nothing(admin: Client, city: Organization) -> None:
    response = admin.post(f"{LIST}new/", UNTESTED | {"pop_host": "nobody.invalid", "try": "1"})

    page = response.content.decode()
    assert (422, []) == (response.status_code, stored(city))
    assert "POPサーバーの名前解決" in page
    assert "IPアドレスが見つかりません" in page
    assert "保存していません" in page


def test_a_change_keeps_passwords_and_what_the_page_does_not_ask(
    admin: Client, city: Organization
) -> None:
    gateway = registered(city)
    with tenancy.acting_for(city.pk):
        Gateway.objects.update(trouble="接続できません。", trouble_since=timezone.now())
    page = admin.get(f"{LIST}{gateway.pk}/").content.decode()
    response = admin.post(
        f"{LIST}{gateway.pk}/",
        UNTESTED | EMPTY | {"name": "新しい名前", "per_minute": "42", "pop_minutes": "10"},
    )
    (changed,) = stored(city)
    channel = channel_of(changed)

    assert "接続できません。" in page
    assert response.status_code == 302
    assert ("新しい名前", 0.7, "") == (changed.name, changed.rate, changed.trouble)
    assert ("old pass", "old pop") == (channel.password.reveal(), channel.pop_password.reveal())
    assert (5_000_000, False, 10.0) == (channel.size_limit, channel.verify, channel.pop_minutes)
    with tenancy.acting_for(city.pk):
        (entry,) = AuditEntry.objects.filter(action="gateway.changed")
    assert {"name": "庁内メール", "rank": 1} == entry.before
    assert "pass" not in str(entry.after)
    assert "connections" in (entry.after or {})["settings"]


@pytest.mark.parametrize(
    "place",
    [
        {"host": "192.0.2.9"},
        {"username": "other"},
        {"way": "465/tls"},
        {"pop_host": "192.0.2.9"},
        {"pop_username": "other"},
        {"pop_way": "110/starttls"},
    ],
)
def test_a_saved_password_goes_to_no_other_place(
    admin: Client, city: Organization, place: dict[str, str]
) -> None:
    gateway = registered(city)
    before = channel_of(gateway)

    response = admin.post(f"{LIST}{gateway.pk}/", UNTESTED | EMPTY | place)

    assert response.status_code == 422
    assert "パスワードも入力してください" in response.content.decode()
    assert before == channel_of(stored(city)[0])


def test_without_a_user_there_is_no_password(admin: Client, city: Organization) -> None:
    gateway = registered(city)

    admin.post(f"{LIST}{gateway.pk}/", UNTESTED | EMPTY | NO_POP | {"username": ""})
    channel = channel_of(stored(city)[0])

    assert ("", "", "", "") == (
        channel.username, channel.password.reveal(), channel.pop_host, channel.pop_password.reveal()
    )  # fmt: skip


def test_another_server_is_trusted_by_its_own_certificate(
    admin: Client, city: Organization
) -> None:
    gateway = registered(city, ca_file="/etc/denrei/ca.pem")

    admin.post(f"{LIST}{gateway.pk}/", UNTESTED | {"host": "192.0.2.9"})
    channel = channel_of(stored(city)[0])

    assert ("192.0.2.9", "", True) == (channel.host, channel.ca_file, channel.verify)


def test_a_port_that_the_installer_chose_stays(admin: Client, city: Organization) -> None:
    gateway = registered(city, port=2525)

    page = admin.get(f"{LIST}{gateway.pk}/").content.decode()
    admin.post(f"{LIST}{gateway.pk}/", UNTESTED | EMPTY | {"way": "2525/starttls"})

    assert "2525番、STARTTLS" in page
    assert 2525 == channel_of(stored(city)[0]).port


def test_what_can_not_be_read_is_told_and_can_be_entered_anew(
    admin: Client, city: Organization
) -> None:
    gateway = registered(city)
    other = gateways.to_settings(channel_of(gateway), gateways.vault(["another key" * 4]))
    with tenancy.acting_for(city.pk):
        Gateway.objects.update(settings=other)

    page = admin.get(f"{LIST}{gateway.pk}/").content.decode()
    tried = admin.post(f"{LIST}{gateway.pk}/test/").content.decode()
    without = admin.post(f"{LIST}{gateway.pk}/", UNTESTED | EMPTY)
    response = admin.post(f"{LIST}{gateway.pk}/", UNTESTED)

    assert "保存した設定を読み取れません" in page
    assert "保存した設定を読み取れません。" in tried
    assert (422, 302) == (without.status_code, response.status_code)
    assert "ヒミツ pass " == channel_of(stored(city)[0]).password.reveal()


def test_another_mail_server_stands_behind_those_that_are_there(
    admin: Client, city: Organization
) -> None:
    registered(city)

    page = admin.get(f"{LIST}new/").content.decode()

    assert 'name="rank" value="2"' in page


def test_a_rehearsal_is_listed_and_has_no_form(admin: Client, city: Organization) -> None:
    registering.register(city, Simulator(), SAFE, "訓練")
    (gateway,) = stored(city)

    page = admin.get(f"{LIST}{gateway.pk}/").content.decode()

    assert "訓練用（だれにも送りません）" in admin.get(LIST).content.decode()
    assert "画面では変更できません" in page
    assert 'name="host"' not in page
    assert 403 == admin.post(f"{LIST}{gateway.pk}/", UNTESTED).status_code
    assert 302 == admin.post(f"{LIST}{gateway.pk}/test/").status_code


@pytest.mark.spec("MSG-6", "ALL-5")
def test_a_gateway_of_all_organizations_is_shown_and_not_touched(
    admin: Client, city: Organization
) -> None:
    gateway = registered(city)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE denrei_worker")
        cursor.execute("UPDATE gateway SET organization_id = NULL")
        cursor.execute("RESET ROLE")

    listed = admin.get(LIST).content.decode()
    page = admin.get(f"{LIST}{gateway.pk}/").content.decode()

    assert "全団体で共用" in listed
    assert "127.0.0.1" not in listed + page
    assert "すべての団体で共用しています" in page
    assert 'name="host"' not in page
    for act, status in {"": 403, "stop/": 404, "start/": 404, "remove/": 404}.items():
        assert status == admin.post(f"{LIST}{gateway.pk}/{act}", UNTESTED).status_code
    assert [True] == [one.enabled for one in stored(city)]


def test_the_banner_leads_to_the_gateway_and_its_page_tells_of_earlier_trouble(
    admin: Client, sender: Client, city: Organization
) -> None:
    gateway = registered(city)
    facts = {"name": "庁内メール", "trouble": "接続できません。", "others": 0}
    with tenancy.acting_for(city.pk):
        alarm = Alarm.objects.create(
            organization_id=city.pk,
            kind=AlarmKind.GATEWAY,
            gateway_id=gateway.pk,
            since=timezone.now(),
            words=facts,
            tries=0,
            refusal="",
        )
    link = f'href="{LIST}{gateway.pk}/"'
    seen = [client.get("/console/").content.decode() for client in (admin, sender)]
    with tenancy.acting_for(city.pk):
        Alarm.objects.filter(pk=alarm.pk).update(ended_at=timezone.now())
    page = admin.get(f"{LIST}{gateway.pk}/").content.decode()

    assert [True, False] == [link in one for one in seen]
    assert "接続できません。" in page


@pytest.mark.spec("MSG-6", "ALL-8")
def test_where_people_train_no_mail_server_is_saved(admin: Client, city: Organization) -> None:
    gateway = registered(city)
    with override_settings(TRAINING=True):
        responses = [admin.post(f"{LIST}{path}", UNTESTED) for path in ("new/", f"{gateway.pk}/")]

    assert [422, 422] == [one.status_code for one in responses]
    assert "訓練環境では、送信経路の設定を保存できません。" in responses[0].content.decode()
    assert [gateway.settings] == [one.settings for one in stored(city)]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER])
def test_only_administrators_of_the_whole_see_gateways(city: Organization, role: Role) -> None:
    assert browser(city, hire(city, "clerk", role)).get(LIST).status_code == 403


def test_every_setting_of_a_mail_server_has_words() -> None:
    assert {field.name for field in dataclasses.fields(Smtp)} == SETTINGS.keys()
