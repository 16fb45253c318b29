"""The page of the audit trail: filtered, paged, bounded, in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from denrei.accounts import audit, organizations, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("ALL-3")


@pytest.fixture
def sato(city: Organization, first_school: Unit) -> Operator:
    return hire(city, "sato", Role.SENDER, first_school)


def note(
    organization: Organization, action: str, actor: Operator | None = None, **facts: object
) -> None:
    with tenancy.acting_for(organization.pk):
        audit.record(organization.pk, action, organization, actor, **facts)  # type: ignore[arg-type]


def sentences(page: str) -> list[str]:
    return re.findall(r'<span class="ink">([^<]*)</span>', page)


def ask(client: Client, **query: object) -> list[str]:
    return sentences(client.get("/console/trail/", query).content.decode())


def test_each_act_is_told_in_words_with_before_and_after(
    city: Organization, admin: Client, sato: Operator
) -> None:
    note(
        city,
        "organization.changed",
        sato,
        before={"receiving_slots": 2},
        after={"receiving_slots": 4},
    )
    page = admin.get("/console/trail/").content.decode()

    assert "団体の設定を変更しました" in sentences(page)
    assert "satoさん" in page
    assert re.search(r"受信するメールアドレスの数.*?2</del>.*?4</ins>", page, re.DOTALL)


def test_what_was_changed_is_called_by_its_present_name(
    city: Organization, admin: Client, sato: Operator
) -> None:
    typed = {"login": "sato", "name": "鈴木", "role": "viewer", "unit": "none"}
    admin.post(f"/console/operators/{sato.pk}/", typed)

    assert "操作者「鈴木」の登録を変更しました" in ask(admin)


def test_an_act_without_a_sentence_shows_its_bare_name(city: Organization, admin: Client) -> None:
    note(city, "moon.landed", after={"place": "海"})

    assert "moon.landed" in ask(admin)


def test_entries_are_filtered_by_operator(
    city: Organization, admin: Client, sato: Operator
) -> None:
    note(city, "people.imported", sato)
    note(city, "people.exported")

    assert ["名簿を取り込みました"] == ask(admin, actor=sato.pk)
    assert ["名簿を書き出しました"] == ask(admin, actor=0)


def test_entries_are_filtered_by_action_and_by_group(city: Organization, admin: Client) -> None:
    for action in ("people.imported", "people.exported", "broadcast.launched"):
        note(city, action)

    assert ["名簿を取り込みました"] == ask(admin, action="people.imported")
    assert ["名簿を書き出しました", "名簿を取り込みました"] == ask(admin, action="group-1")


def test_entries_are_filtered_by_day_in_the_organizations_zone(
    city: Organization, admin: Client
) -> None:
    before_midnight = datetime(2025, 11, 21, 14, 59, 59, tzinfo=UTC)
    for number in range(2):
        with tenancy.acting_for(city.pk):
            AuditEntry.objects.create(
                organization=city,
                action=("people.imported", "people.exported")[number],
                at=before_midnight + timedelta(seconds=number),
            )

    assert ["名簿を取り込みました"] == ask(admin, day="2025-11-21")
    assert ["名簿を書き出しました"] == ask(admin, day="2025-11-22")


def test_the_history_of_one_thing(city: Organization, admin: Client, sato: Operator) -> None:
    admin.post(f"/console/operators/{sato.pk}/deactivate/")
    note(city, "people.imported", sato)

    assert ["操作者「satoさん」の使用を停止しました"] == ask(admin, about=f"operator-{sato.pk}")


def test_pages_follow_each_other_without_gap_or_repeat(city: Organization, admin: Client) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    with tenancy.acting_for(city.pk):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                organization=city,
                action="unit.added",
                after={"name": f"課{number:03}"},
                at=at + timedelta(seconds=number // 7),  # many at the same moment
            )
            for number in range(120)
        )
    seen: list[str] = []
    address = "/console/trail/?action=unit.added"
    while address:
        page = admin.get(address).content.decode()
        seen += sentences(page)
        following = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        address = f"/console/trail/{following[1].replace('&amp;', '&')}" if following else ""

    assert [f"所属「課{number:03}」を追加しました" for number in reversed(range(120))] == seen


@pytest.mark.spec("ALL-5")
def test_an_administrator_of_a_unit_sees_the_acts_of_his_units_operators_only(
    city: Organization, sato: Operator, first_school: Unit
) -> None:
    head = browser(city, hire(city, "head", unit=first_school))
    note(city, "people.imported", sato)
    note(city, "people.exported", hire(city, "chief"))
    note(city, "gateway.added")
    found = ask(head, action="group-1") + ask(head, action="gateway.added")
    page = head.get("/console/trail/").content.decode()

    assert ["名簿を取り込みました"] == found
    assert ("satoさん" in page, "chiefさん" in page, "伝令（自動）" in page) == (True, False, False)


@pytest.mark.spec("ALL-5")
def test_another_organization_sees_nothing_of_it(city: Organization, admin: Client) -> None:
    town = organizations.create("town", "町")
    note(town, "people.imported", hire(town, "theirs"))
    with tenancy.acting_for(town.pk):
        theirs = AuditEntry.objects.get()

    assert [] == ask(admin, action="people.imported")
    assert [] == ask(admin, action="people.imported", after=theirs.pk)


@pytest.mark.parametrize("role", [Role.SENDER, Role.VIEWER])
def test_who_is_no_administrator_is_refused(city: Organization, role: Role) -> None:
    client = browser(city, hire(city, "somebody", role))

    assert 403 == client.get("/console/trail/").status_code


@pytest.mark.parametrize(
    "query",
    [
        {"day": "昨日"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"actor": "x"},
        {"actor": "99999999999999999999"},
        {"action": "group-99"},
        {"action": "group-x"},
        {"about": "operator-"},
        {"about": "operator-1'--"},
    ],
)
def test_a_question_that_cannot_be_read_is_told_and_shows_the_newest(
    city: Organization, admin: Client, query: dict[str, str]
) -> None:
    note(city, "people.imported")
    response = admin.get("/console/trail/", query)

    assert (422, True) == (
        response.status_code,
        "名簿を取り込みました" in sentences(response.content.decode()),
    )


@pytest.mark.parametrize("after", ["", "x", "-1", "0", "²", "9" * 30, "999999999"])
def test_a_page_after_nothing_is_the_first(city: Organization, admin: Client, after: str) -> None:
    note(city, "people.imported")

    assert "名簿を取り込みました" in ask(admin, after=after)
