"""The tree of units is shown and changed by the pages."""

from __future__ import annotations

import pytest
from django.db.models import ManyToOneRel
from django.test import Client

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.directory.models import Recipient
from denrei.web.console.units import counting
from tests.web.console.conftest import browser, hire

TYPED = {
    "name": "髙﨑分校",
    "code": "S11",
    "parent": "none",
    "sender_name": "",
    "sender_address": "",
    "reply_to": "",
}


@pytest.fixture
def annex(city: Organization, first_school: Unit) -> Unit:
    return units.add(city, "S11", "第一小学校分校", first_school)


@pytest.fixture
def head(city: Organization, first_school: Unit) -> Client:
    """The browser of the first school's administrator."""
    return browser(city, hire(city, "head", unit=first_school))


def stored(organization: Organization, code: str) -> Unit | None:
    with tenancy.acting_for(organization.pk):
        return Unit.objects.filter(code=code).first()


def register(organization: Organization, unit: Unit) -> None:
    with tenancy.acting_for(organization.pk):
        Recipient.objects.create(organization=organization, name="佐藤", unit=unit)


@pytest.mark.spec("ALL-5")
def test_the_tree_shows_each_unit_below_its_own(
    city: Organization, admin: Client, annex: Unit, second_school: Unit
) -> None:
    register(city, annex)

    page = admin.get("/console/units/").content.decode()

    assert page.index(">第一小学校<") < page.index(">第一小学校分校<") < page.index(">第二小学校<")
    assert "tree__d--1" in page
    assert '<td class="num" data-l="名簿の人">1</td>' in page


@pytest.mark.spec("OPS-6")
def test_a_unit_is_added_below_another_with_its_sender(
    city: Organization, admin: Client, first_school: Unit
) -> None:
    proposed = admin.get("/console/units/new/", {"below": first_school.pk}).content.decode()
    typed = {**TYPED, "parent": first_school.pk, "sender_name": "分校", "reply_to": "ａ@example.jp"}
    response = admin.post("/console/units/new/", typed)
    made = stored(city, "S11")

    assert f'<option value="{first_school.pk}" selected>' in proposed
    assert made
    assert (302, first_school.pk, "分校", "a@example.jp") == (
        response.status_code,
        made.parent_id,
        made.sender_name,
        made.reply_to,
    )


def test_a_unit_is_renamed_and_moved(
    city: Organization, admin: Client, annex: Unit, second_school: Unit
) -> None:
    typed = {**TYPED, "name": "第二小学校分校", "parent": second_school.pk}
    response = admin.post(f"/console/units/{annex.pk}/", typed)
    moved = stored(city, "S11")

    assert moved
    assert (302, "第二小学校分校", f"/{second_school.pk}/{annex.pk}/") == (
        response.status_code,
        moved.name,
        moved.path,
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "名称を入力してください。"),
        ({"name": "名" * 41}, "1文字多くなっています"),
        ({"code": ""}, "コードを入力してください。"),
        ({"code": "S2"}, "このコードは、ほかの所属が使っています"),
        ({"parent": "0"}, "もう使えません"),
        ({"parent": "99999999999999999999"}, "もう使えません"),
        ({"parent": "自分"}, "もう使えません"),
        ({"parent": "下"}, "もう使えません"),
        ({"sender_address": "a@"}, "「@」の後がありません"),
        ({"reply_to": "a b@example.jp"}, "途中に空白があります"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    admin: Client,
    first_school: Unit,
    annex: Unit,
    second_school: Unit,
    wrong: dict[str, str],
    words: str,
) -> None:
    ids = {"自分": str(first_school.pk), "下": str(annex.pk)}
    typed = {**TYPED, "code": "S1", "sender_name": "学校", **wrong}
    typed["parent"] = ids.get(typed["parent"], typed["parent"])

    response = admin.post(f"/console/units/{first_school.pk}/", typed)
    page = response.content.decode()

    assert (422, True) == (response.status_code, words in page)
    for name in ("name", "code", "sender_name", "sender_address", "reply_to"):
        assert not typed[name] or f'value="{typed[name]}"' in page


def test_what_uses_a_unit_is_told_and_keeps_it(
    city: Organization, admin: Client, first_school: Unit, annex: Unit
) -> None:
    register(city, first_school)
    hire(city, "sato", unit=first_school)

    page = admin.get(f"/console/units/{first_school.pk}/").content.decode()
    refused = admin.post(f"/console/units/{first_school.pk}/delete/")

    for words in ("下の所属 1件", "操作者 1人", "名簿の人 1人"):
        assert words in page
    assert (422, True) == (refused.status_code, stored(city, "S1") is not None)
    assert "使われているため、削除できません" in refused.content.decode()


def test_a_unit_that_nothing_uses_is_deleted(
    city: Organization, admin: Client, first_school: Unit
) -> None:
    page = admin.get(f"/console/units/{first_school.pk}/").content.decode()
    response = admin.post(f"/console/units/{first_school.pk}/delete/", follow=True)

    assert "「第一小学校」を削除する" in page
    assert "所属「第一小学校」を削除しました。" in response.content.decode()
    assert stored(city, "S1") is None


@pytest.mark.spec("ALL-5")
def test_an_administrator_of_a_unit_reads_his_own_and_changes_nothing(
    head: Client, first_school: Unit, annex: Unit, second_school: Unit
) -> None:
    tree = head.get("/console/units/").content.decode()
    own = head.get(f"/console/units/{annex.pk}/")

    assert ("第一小学校分校" in tree, "第二小学校" in tree) == (True, False)
    assert (200, False) == (own.status_code, "変更を保存" in own.content.decode())
    assert [404, 403, 403, 403, 403] == [
        head.get(f"/console/units/{second_school.pk}/").status_code,
        head.get("/console/units/new/").status_code,
        head.post("/console/units/new/", TYPED).status_code,
        head.post(f"/console/units/{annex.pk}/", TYPED).status_code,
        head.post(f"/console/units/{annex.pk}/delete/").status_code,
    ]


@pytest.mark.spec("ALL-5")
def test_another_organization_finds_none_of_them(admin: Client) -> None:
    theirs = units.add(organizations.create("town", "町"), "T", "町の課")
    address = f"/console/units/{theirs.pk}/"

    assert [404, 404, 404] == [
        admin.get(address).status_code,
        admin.post(address, TYPED).status_code,
        admin.post(f"{address}delete/").status_code,
    ]
    assert "町の課" not in admin.get("/console/units/new/", {"below": theirs.pk}).content.decode()


@pytest.mark.parametrize("role", [Role.SENDER, Role.VIEWER])
def test_who_is_no_administrator_is_refused(
    city: Organization, first_school: Unit, role: Role
) -> None:
    somebody: Operator = hire(city, "somebody", role)
    client = browser(city, somebody)

    assert [403, 403] == [
        client.get(address).status_code
        for address in ("/console/units/", f"/console/units/{first_school.pk}/")
    ]


def test_everything_that_can_belong_to_a_unit_has_words() -> None:
    relations = Unit._meta.get_fields(include_hidden=True)
    names = {one.name for one in relations if isinstance(one, ManyToOneRel)}

    assert set() == names - set(counting.WORDS)
