"""The list of 要対応: whom it shows, in which order, with what to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Role, Unit
from denrei.deliveries.models import Attention, AttentionState
from denrei.domain.status import ACTION_NEEDED, Status
from tests.web.console.attention.conftest import Begin
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("EMC-7")


def page(client: Client, query: str = "") -> str:
    """Return the list's page."""
    response = client.get(f"/console/attention/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def names(client: Client, query: str = "") -> list[str]:
    """Return the names in the list, in order."""
    return re.findall(r'<h3><a href="/console/people/\d+/">([^<]+)</a>', page(client, query))


def figures(client: Client) -> dict[str, str]:
    """Return the figures on top."""
    found = re.findall(r'\?which=(\w+)">[^<]+</a></dt><dd>([\d,]+)<', page(client))
    return dict(found)


def test_without_a_case_the_page_says_so(viewer: Client) -> None:
    assert "対応が必要な連絡先はありません" in page(viewer)
    assert '<span class="pill">' not in page(viewer)


def test_the_oldest_come_first_or_the_newest_or_who_can_be_reached_by_nothing_else(
    viewer: Client, begin: Begin
) -> None:
    begin("甲", "other@example.jp", days=3)
    begin("乙", days=2)
    begin("丙", "third@example.jp", days=1)

    assert names(viewer) == ["甲", "乙", "丙"]
    assert names(viewer, "?sort=new") == ["丙", "乙", "甲"]
    assert names(viewer, "?sort=alone") == ["乙", "甲", "丙"]
    assert names(viewer, "?which=alone") == ["乙"]


def test_an_address_that_fails_too_is_no_other_means(viewer: Client, begin: Begin) -> None:
    case = begin("甲", "second@example.jp")
    with tenancy.acting_for(case.organization_id):
        other = case.recipient.contacts.get(slot=2)
        Attention.objects.create(
            organization_id=case.organization_id,
            contact=other,
            recipient=case.recipient,
            medium=1,
            address_key=other.address_key,
            status=1,
            reason=1,
            since=timezone.now(),
            last_at=timezone.now(),
            broadcast_id=0,
            delivery_id=0,
        )

    assert names(viewer, "?which=alone") == ["甲", "甲"]


def test_cases_are_counted_and_narrowed_by_how_they_stand(city: Organization, begin: Begin) -> None:
    me = hire(city, "me", Role.SENDER)
    client = browser(city, me)
    begin("未対応")
    begin("自分", "a@example.jp", assigned_to=me)
    begin("他人", "b@example.jp", assigned_to=hire(city, "other", Role.SENDER))
    begin("先送り", snoozed_until=timezone.now() + timedelta(days=1))
    begin("戻った", "c@example.jp", snoozed_until=timezone.now() - timedelta(minutes=1))
    begin("済み", state=AttentionState.DONE, handled_at=timezone.now(), note="電話しました")
    begin("期限", until=timezone.now() - timedelta(minutes=1))

    assert figures(client) == {"new": "2", "taken": "2", "later": "1", "alone": "1"}
    assert set(names(client)) == {"未対応", "自分", "他人", "戻った"}
    assert set(names(client, "?which=new")) == {"未対応", "戻った"}
    assert set(names(client, "?which=taken")) == {"自分", "他人"}
    assert names(client, "?which=mine") == ["自分"]
    assert names(client, "?which=later") == ["先送り"]
    assert names(client, "?which=done") == ["済み", "期限"]
    assert "対応済み：担当者が対応済みにしました" in page(client, "?which=done")
    assert "電話しました" in page(client, "?which=done")
    assert "対応済み：抑止の期限が過ぎました" in page(client, "?which=done")


def test_tabs_count_each_status_and_narrow_to_it(viewer: Client, begin: Begin) -> None:
    for status in ACTION_NEEDED:
        begin(status.name, status=status)
    begin("もう1人", status=Status.KNOWN_BAD)

    shown = page(viewer)
    found = re.findall(r'<span lang="ja">([^<]+)</span><span class="n">(\d+)', shown)

    assert {status.value: "1" for status in ACTION_NEEDED} | {"エラーアドレス": "2"} == dict(found)
    assert "もう1人" in names(viewer, "?status=known-bad")
    assert names(viewer, "?status=no-device") == ["NO_DEVICE"]


def test_any_part_of_a_name_finds(viewer: Client, begin: Begin) -> None:
    begin("見本 三郎")
    begin("例示 四郎")

    assert names(viewer, "?q=三郎") == ["見本 三郎"]


@pytest.mark.parametrize("query", ["", "?sort=new", "?sort=alone", "?which=done"])
def test_pages_follow_each_other_without_gap_or_repeat(
    viewer: Client, begin: Begin, query: str
) -> None:
    is_done = "done" in query
    for n in range(45):
        more = ("o@example.jp",) if n % 2 else ()
        ended = timezone.now() - timedelta(hours=n // 3) if is_done else None
        begin(f"人{n:02}", *more, days=n // 4, state=int(is_done), handled_at=ended)
    seen: list[str] = []
    address: str | None = query
    while address is not None and len(seen) < 100:
        seen += names(viewer, address)
        found = re.search(r'rel="next" href="(\?[^"]+)"', page(viewer, address))
        address = found[1].replace("&amp;", "&") if found else None

    assert sorted(seen) == [f"人{n:02}" for n in range(45)]


@pytest.mark.parametrize(
    "query",
    ["?sort=x", "?which=x", "?status=x", "?after=x", "?after=999999999", "?q=%00", "?after=-1"],
)
def test_what_cant_be_read_counts_as_not_said(viewer: Client, begin: Begin, query: str) -> None:
    begin("甲")

    assert names(viewer, query) == ["甲"]


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_sees_the_cases_of_its_people_only(
    city: Organization, begin: Begin, first_school: Unit, second_school: Unit
) -> None:
    begin("第一の人", unit=first_school)
    other = begin("第二の人", unit=second_school)
    begin("本庁の人")
    teacher = browser(city, hire(city, "teacher", Role.SENDER, first_school))

    assert names(teacher) == ["第一の人"]
    assert figures(teacher)["new"] == "1"
    assert '<span class="pill">1<' in page(teacher)
    for address in ("", "release/"):
        assert teacher.get(f"/console/attention/{other.pk}/{address}").status_code == 404


def test_the_menu_shows_how_many_ask_to_act_on_every_page(viewer: Client, begin: Begin) -> None:
    begin("甲")
    begin("乙", snoozed_until=timezone.now() + timedelta(days=1))

    shown = viewer.get("/console/").content.decode()

    assert '要対応<span class="pill">1<span class="vh">件</span></span>' in shown


@pytest.mark.spec("NEW-7", "EMC-2")
def test_a_case_says_what_happened_and_what_to_tell_the_person(
    viewer: Client, city: Organization, begin: Begin
) -> None:
    begin("見本 三郎", "second@example.jp", status=Status.KNOWN_BAD, days=81)
    with tenancy.acting_for(city.pk):
        Organization.objects.update(sender_address="bousai@city.example")

    shown = page(viewer)

    assert "81日" in shown
    assert 'href="/console/statuses/known-bad/"' in shown
    assert "宛先のアドレスは存在しません。" in shown
    assert '<a class="addr" href="mailto:second@example.jp">' in shown
    assert "見本 三郎 様" in shown
    assert "送信元：bousai@city.example（ドメイン：city.example）" in shown


def test_the_letter_is_in_the_persons_language(viewer: Client, begin: Begin) -> None:
    case = begin("John Doe")
    with tenancy.acting_for(case.organization_id):
        type(case.recipient).objects.update(language="en")

    assert "Dear John Doe," in page(viewer)


def test_who_may_only_look_gets_no_buttons_and_no_file(viewer: Client, begin: Begin) -> None:
    case = begin("甲", status=Status.KNOWN_BAD)

    shown = page(viewer)

    assert 'name="one"' not in shown
    assert "/change/" not in shown
    assert "release/" not in shown
    for method, path in (
        (viewer.post, "several/"),
        (viewer.get, "export.csv"),
        (viewer.post, f"{case.pk}/release/"),
    ):
        assert method(f"/console/attention/{path}").status_code == 403
