"""Operators are listed, added, changed and stopped by the pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from tests.web.console.conftest import PASSWORD, browser, hire

#: What a person types who makes no mistake.
TYPED = {"login": "takasaki", "name": "髙﨑 𠮷子", "email": "", "role": "sender", "unit": "none"}


def stored(organization: Organization, login: str) -> Operator:
    with tenancy.acting_for(organization.pk):
        return Operator.objects.select_related("unit").get(login=login)


def actions(organization: Organization) -> list[str]:
    with tenancy.acting_for(organization.pk):
        return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


@pytest.mark.spec("MSG-1")
def test_the_list_tells_of_each_operator_what_matters(at_city: Client, sato: Operator) -> None:
    page = at_city.get("/console/operators/").content.decode()

    for words in ("satoさん", "発信者", "第一小学校", "使用中", "まだありません", "chiefさん"):
        assert words in page


def test_the_list_is_searched_by_any_part_of_name_or_login(at_city: Client, sato: Operator) -> None:
    found = at_city.get("/console/operators/", {"q": "ａｔ"}).content.decode()
    nobody = at_city.get("/console/operators/", {"q": "%"}).content.decode()

    assert ("satoさん" in found, "chiefさん</a>" in found) == (True, False)
    assert "当てはまる人がいません" in nobody


def test_the_list_goes_on_page_by_page(city: Organization, at_city: Client) -> None:
    with tenancy.acting_for(city.pk):
        Operator.objects.bulk_create(
            Operator(organization=city, login=f"o{number:03}", name=f"第{number}")
            for number in range(60)
        )
    seen: list[str] = []
    address = "/console/operators/"
    while address:
        page = at_city.get(address).content.decode()
        seen += re.findall(r"利用者ID</span> ([^<]*)</span>", page)
        following = re.search(r'href="(\?[^"]*after[^"]*)"', page)
        address = f"/console/operators/{following[1]}" if following else ""

    assert ["chief", *(f"o{number:03}" for number in range(60))] == seen


def test_who_was_added_signs_in_with_the_password_shown(
    city: Organization, at_city: Client
) -> None:
    page = at_city.post("/console/operators/new/", TYPED)
    password = re.search(r'handover__key">([^<]+)<', page.content.decode())
    assert password
    response = Client().post(
        "/console/sign-in/",
        {"organization": "city", "login": "takasaki", "password": password[1]},
    )

    assert (200, 302) == (page.status_code, response.status_code)
    added = stored(city, "takasaki")
    assert ("髙﨑 𠮷子", Role.SENDER, None, True) == (
        added.name,
        added.role,
        added.unit,
        added.password_is_initial,
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"login": ""}, "利用者IDを入力してください。"),
        ({"login": "髙﨑"}, "半角の英数字と記号"),
        ({"login": "a b"}, "半角の英数字と記号"),
        ({"login": "CHIEF"}, "この利用者IDは、ほかの操作者が使っています"),
        ({"name": ""}, "氏名を入力してください。"),
        ({"name": "名" * 41}, "1文字多くなっています"),
        ({"email": "taro"}, "「@」がありません"),
        ({"role": "owner"}, "もう使えません"),
        ({"role": ""}, "権限を選んでください。"),
        ({"unit": "999999999999999999999"}, "もう使えません"),
        ({"unit": "x"}, "もう使えません"),
        ({"unit": ""}, "担当する範囲を選んでください。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    at_city: Client, wrong: dict[str, str], words: str
) -> None:
    response = at_city.post("/console/operators/new/", {**TYPED, "email": "a@example.jp", **wrong})
    page = response.content.decode()

    assert (422, True) == (response.status_code, words in page)
    kept = {"login": "takasaki", "name": "髙﨑 𠮷子", "email": "a@example.jp", **wrong}
    for name in ("login", "name", "email"):
        assert not kept[name] or f'value="{kept[name]}"' in page


def test_a_login_in_full_width_letters_is_taken_as_half_width(
    city: Organization, at_city: Client
) -> None:
    at_city.post("/console/operators/new/", {**TYPED, "login": "ｔａｋａ＿１"})

    assert "髙﨑 𠮷子" == stored(city, "taka_1").name


def test_an_operator_is_changed(city: Organization, at_city: Client, sato: Operator) -> None:
    response = at_city.post(
        f"/console/operators/{sato.pk}/",
        {
            "login": "sato",
            "name": "佐藤",
            "email": "Ｓ@example.jp",
            "role": "viewer",
            "unit": "none",
        },
        follow=True,
    )
    changed = stored(city, "sato")

    assert ("佐藤", "S@example.jp", Role.VIEWER, None) == (
        changed.name,
        changed.email,
        changed.role,
        changed.unit,
    )
    assert "佐藤さんの登録を変更しました。" in response.content.decode()


@pytest.mark.spec("SMS-13")
def test_the_last_administrator_stays_and_the_page_says_why(
    city: Organization, at_city: Client, chief: Operator, first_school: Unit
) -> None:
    second = hire(city, "second")
    at_second = browser(city, second)
    typed = {"login": "chief", "name": "長", "email": "", "unit": "none", "role": "admin"}

    own = at_city.post(f"/console/operators/{chief.pk}/deactivate/")
    demoted = at_second.post(f"/console/operators/{chief.pk}/", {**typed, "role": "viewer"})
    after = at_city.get("/console/operators/")

    assert (422, 302, 403) == (own.status_code, demoted.status_code, after.status_code)
    assert "自分自身の権限、所属、使用停止は変更できません" in own.content.decode()
    assert "管理者が1人だけです" in at_second.get("/console/operators/").content.decode()


def test_ones_own_role_and_unit_stay_whatever_is_posted(
    city: Organization, at_city: Client, chief: Operator, first_school: Unit
) -> None:
    typed = {"login": "chief", "name": "長", "role": "viewer", "unit": str(first_school.pk)}

    response = at_city.post(f"/console/operators/{chief.pk}/", typed)
    now = stored(city, "chief")

    assert (302, "長", Role.ADMIN, None) == (response.status_code, now.name, now.role, now.unit)


def test_who_is_stopped_is_signed_out_at_once_and_may_come_back(
    city: Organization, at_city: Client, sato: Operator
) -> None:
    at_sato = browser(city, sato)
    before = at_sato.get("/console/").status_code

    at_city.post(f"/console/operators/{sato.pk}/deactivate/")
    stopped = at_sato.get("/console/").status_code
    at_city.post(f"/console/operators/{sato.pk}/reactivate/")
    again = browser(city, sato).get("/console/").status_code

    assert (200, 302, 200) == (before, stopped, again)
    assert ["operator.deactivated", "operator.reactivated"] == [
        action for action in actions(city) if "activated" in action
    ]


def test_a_password_is_given_anew_and_shown_once(
    city: Organization, at_city: Client, sato: Operator
) -> None:
    page = at_city.post(f"/console/operators/{sato.pk}/password/").content.decode()
    password = re.search(r'handover__key">([^<]+)<', page)
    assert password
    now = stored(city, "sato")

    assert (True, False, True) == (
        now.check_password(password[1]),
        now.check_password(PASSWORD),
        now.password_is_initial,
    )
    assert password[1] not in at_city.get(f"/console/operators/{sato.pk}/").content.decode()


@pytest.mark.spec("SMS-13")
def test_a_lock_is_shown_and_ended(city: Organization, at_city: Client, sato: Operator) -> None:
    for _ in range(20):
        Client().post(
            "/console/sign-in/", {"organization": "city", "login": "sato", "password": "wrong"}
        )
    locked = at_city.get(f"/console/operators/{sato.pk}/").content.decode()
    listed = at_city.get("/console/operators/").content.decode()

    at_city.post(f"/console/operators/{sato.pk}/unlock/")

    assert ("ロックされています" in locked, "までロック" in listed) == (True, True)
    assert browser(city, sato).get("/console/").status_code == 200


@pytest.mark.parametrize("act", ["nothing", "password"])
def test_acts_are_posted_and_known(at_city: Client, sato: Operator, act: str) -> None:
    posted = at_city.post(f"/console/operators/{sato.pk}/nothing/")
    opened = at_city.get(f"/console/operators/{sato.pk}/{act}/")

    assert (404, 405) == (posted.status_code, opened.status_code)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "名" * 101}, 422),
        ({"q": "\x00"}, 422),
        ({"state": "gone"}, 422),
        ({"after": "~" * 500}, 200),
        ({"q": "'; --"}, 200),
    ],
)
def test_a_question_that_cannot_be_read_is_no_fault_of_ours(
    at_city: Client, query: dict[str, str], status: int
) -> None:
    assert status == at_city.get("/console/operators/", query).status_code
