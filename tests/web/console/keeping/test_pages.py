"""保存期間: chosen in the settings, tried out, reported; what a page says of an emptied broadcast (OPS-8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from denrei.accounts import preferences, tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization, Role
from denrei.accounts.preferences import Preferences
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.retained import Emptied, Hold
from denrei.domain.retention import BOUNDS, Period
from denrei.retention.models import RetentionRun
from denrei.retention.safe_copies import Backup, Rehearsal, note
from tests.web.console.board.conftest import sent
from tests.web.console.conftest import hire

SignIn = Callable[[Operator], Client]
pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.spec("OPS-8")]

SECTION, PREVIEW, REPORT = (
    "/console/settings/retention/",
    "/console/settings/retention/preview/",
    "/console/settings/retention/report/",
)


def chosen(city: Organization) -> object:
    with tenancy.acting_for(city.pk):
        return Preferences.of(Organization.objects.get(pk=city.pk)).retention


def test_periods_are_chosen_and_the_trail_says_so(admin: Client, city: Organization) -> None:
    admin.post(SECTION, {"broadcasts": "10y", "looks": "", "trail": "forever"})
    admin.post(SECTION, {"broadcasts": "10y", "looks": "6m", "trail": ""})

    assert {"broadcasts": "10y", "looks": "6m"} == chosen(city)
    page = admin.get("/console/settings/").content.decode()
    assert "終了した連絡の明細" in page
    trail = admin.get("/console/trail/").content.decode()
    for words in ("終了した連絡の明細", "10年", "無期限", "6か月"):
        assert words in trail


@pytest.mark.parametrize("code", ["7d", "4y", "x"])
def test_a_period_out_of_bounds_is_refused(admin: Client, city: Organization, code: str) -> None:
    answer = admin.post(SECTION, {"broadcasts": code, "looks": "6m"})

    assert 422 == answer.status_code
    assert "選び直してください" in answer.content.decode()
    assert {} == chosen(city)


def test_the_form_shows_what_is_chosen_and_the_default(admin: Client, city: Organization) -> None:
    preferences.change(city, None, {"retention": {"looks": Period.YEARS_2.code}})

    form = admin.get(SECTION).context["form"]

    assert ("", "2y") == (form["broadcasts"].initial, form["looks"].initial)
    assert "既定（5年）" in str(form["broadcasts"])
    open_ones = [kind for kind, bounds in BOUNDS.items() if not bounds.is_fixed]
    assert open_ones == list(form.fields)


@pytest.mark.parametrize(
    ("kind", "stored", "shown"),
    [
        ("broadcasts", "7d", "forever"),
        ("broadcasts", "4y", "forever"),
        ("contact_tests", "10y", "2y"),
    ],
)
def test_what_is_not_allowed_any_more_is_shown_as_it_counts(
    admin: Client, city: Organization, kind: str, stored: str, shown: str
) -> None:
    preferences.change(city, None, {"retention": {kind: stored}})

    assert shown == admin.get(SECTION).context["form"][kind].initial


def test_the_installation_s_default_is_shown(admin: Client, settings: Settings) -> None:
    settings.RETENTION = {"broadcasts": Period.YEARS_10}

    assert "既定（10年）" in admin.get(SECTION).content.decode()


def test_a_dry_run_counts_and_changes_nothing(admin: Client, city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        AuditEntry.objects.create(
            organization=city, action="old", at=timezone.now() - timedelta(days=4000)
        )

    page = admin.get(PREVIEW)

    assert 1 == page.context["found"].things
    assert "操作の記録" in page.content.decode()
    with tenancy.acting_for(city.pk):
        assert AuditEntry.objects.filter(action="old").exists()


def test_a_report_tells_what_went_failed_and_goes_on(admin: Client, city: Organization) -> None:
    assert "まだ記録がありません" in admin.get(REPORT).content.decode()
    now = timezone.now()
    with tenancy.acting_for(city.pk):
        for day in range(40):
            RetentionRun.objects.create(
                organization=city,
                night=(now - timedelta(days=day)).date(),
                kind="trail",
                until=now,
                ended_at=None if day == 0 else now,
                removed=day,
                rows=day,
                trouble="lock timeout" if day == 0 else "",
            )

    page = admin.get(REPORT).content.decode()
    earlier = admin.get(REPORT, {"before": (now - timedelta(days=29)).date().isoformat()})

    assert "失敗しました" in page
    assert "lock timeout" in page
    assert 10 == len(earlier.context["nights"])
    assert 200 == admin.get(REPORT, {"before": "nonsense"}).status_code


def test_only_who_decides_for_all_sees_them(sender: Client) -> None:
    for address in (SECTION, PREVIEW, REPORT):
        assert 403 == sender.get(address).status_code


@pytest.mark.parametrize(("hours", "is_shown"), [(7, True), (1, False)])
def test_a_deletion_that_fails_for_hours_is_in_the_banner(
    admin: Client, city: Organization, hours: int, is_shown: bool
) -> None:
    since = timezone.now() - timedelta(hours=hours)
    with tenancy.acting_for(city.pk):
        RetentionRun.objects.create(
            organization=city,
            night=since.date(),
            kind="trail",
            until=since,
            began_at=since,
            trouble="disk full",
        )

    assert is_shown is (
        "保存期間を過ぎた記録を削除できません" in admin.get("/console/").content.decode()
    )


@pytest.mark.parametrize(("days", "is_shown"), [(10, True), (5, False)])
def test_a_round_that_asks_whether_the_clock_is_right_is_in_the_banner(
    admin: Client, city: Organization, days: int, is_shown: bool
) -> None:
    now = timezone.now()
    with tenancy.acting_for(city.pk):
        RetentionRun.objects.create(
            organization=city,
            night=(now - timedelta(days=days)).date(),
            kind="trail",
            until=now,
            ended_at=now,
        )

    page = admin.get("/console/").content.decode()

    assert is_shown is ("保存期間による削除を止めています" in page)
    assert is_shown is ("denrei retention run --yes" in page)


@pytest.mark.parametrize(
    ("given", "words", "is_done"),
    [
        ({"kind": "armed", "ended": True}, "何も削除していません", True),
        ({"kind": "trail", "ended": True}, "保存期間を過ぎたものはありませんでした", True),
        ({"kind": "trail", "ended": False}, "まだ終わっていません", False),
        ({"kind": "trail", "ended": True, "handed_on": True}, "次の夜に引き継ぎました", False),
    ],
)
def test_a_report_says_done_only_of_what_is_done(
    admin: Client, city: Organization, given: dict[str, Any], words: str, is_done: bool
) -> None:
    now = timezone.now()
    ended = now if given.pop("ended") else None
    with tenancy.acting_for(city.pk):
        RetentionRun.objects.create(
            organization=city, night=now.date(), until=now, ended_at=ended, **given
        )

    page = admin.get(REPORT)

    assert words in page.content.decode()
    assert [is_done] == [night.is_done for night in page.context["nights"]]
    assert (words == "保存期間を過ぎたものはありませんでした") is (
        "保存期間を過ぎたものはありませんでした" in page.content.decode()
    )


def test_a_broadcast_is_held_with_a_reason_and_let_go_of(
    admin: Client, staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast = sent(staffed, operator)
    board = f"/console/broadcasts/{broadcast.pk}/"
    assert "保留にする" in admin.get(board).content.decode()
    assert "保留にする" not in signed_in(operator).get(board).content.decode()
    assert 403 == signed_in(operator).post(f"{board}hold/", {"reason": "x"}).status_code

    missing = admin.post(f"{board}hold/", {"reason": " "})
    held = admin.post(f"{board}hold/", {"reason": "検証委員会のため"}, follow=True).content.decode()

    assert 422 == missing.status_code
    assert "この連絡は保留にしています" in held
    assert "検証委員会のため" in held
    let_go = admin.post(f"{board}hold/", follow=True).content.decode()
    assert "この連絡は保留にしています" not in let_go
    with tenancy.acting_for(staffed.pk):
        assert not Hold.objects.exists()


@pytest.fixture
def clerk(operator: Operator, signed_in: SignIn) -> Client:
    """Return the browser of the sender who sent it."""
    return signed_in(operator)


@pytest.fixture
def emptied(staffed: Organization, operator: Operator) -> Broadcast:
    """Return a broadcast that is marked as emptied."""
    broadcast = sent(staffed, operator)
    with tenancy.acting_for(staffed.pk):
        Emptied.objects.create(organization=staffed, broadcast=broadcast, kept=Period.YEARS_5.code)
    return broadcast


def test_the_board_of_an_emptied_broadcast_shows_its_figures_and_why_nobody_is_named(
    clerk: Client, emptied: Broadcast
) -> None:
    response = clerk.get(f"/console/broadcasts/{emptied.pk}/")
    page = response.content.decode()

    assert 2 == response.context["scene"].board.people.total
    assert "明細は保存期間（5年）を過ぎたため削除しました" in page
    for address in ("again/", "sequel/", "proof/file/", "people.csv"):
        assert f"/console/broadcasts/{emptied.pk}/{address}" not in page


@pytest.mark.parametrize(
    "address",
    [
        "people/{person}/",
        "people/{person}/proof/",
        "people.csv",
        "proof/file/",
        "again/",
        "sequel/",
    ],
)
def test_a_page_about_details_that_are_gone_says_so(
    clerk: Client, emptied: Broadcast, address: str
) -> None:
    with tenancy.acting_for(emptied.organization_id):
        person = emptied.audience.order_by("recipient_id").values_list("recipient_id", flat=True)[0]

    answer = clerk.get(f"/console/broadcasts/{emptied.pk}/{address.format(person=person)}")

    assert 410 == answer.status_code
    assert "明細は保存期間（5年）を過ぎたため削除しました" in answer.content.decode()


def test_the_proof_page_keeps_key_and_head(clerk: Client, emptied: Broadcast) -> None:
    page = clerk.get(f"/console/broadcasts/{emptied.pk}/proof/").content.decode()

    assert "鍵の指紋" in page
    assert "証明ファイルを書き出す" not in page


def test_an_emptied_broadcast_of_others_is_not_told_of(
    emptied: Broadcast, signed_in: SignIn, city: Organization
) -> None:
    school = units.add(city, "S9", "第九小学校")
    client = signed_in(hire(city, "teacher", Role.SENDER, school))

    assert 404 == client.get(f"/console/broadcasts/{emptied.pk}/people.csv").status_code


def test_backups_are_told_of_where_the_database_is_ours(
    admin: Client, tmp_path: Path, settings: Settings
) -> None:
    home = tmp_path
    settings.HOME = home
    assert "外部の PostgreSQL" in admin.get("/console/settings/").content.decode()
    (home / "postgres").mkdir()
    assert "8日以内の控えがありません" in admin.get("/console/settings/").content.decode()

    now = timezone.now()
    note(home, Backup(at=now, file="a.zip", octets=12_000_000, seconds=3.0))
    note(home, Rehearsal(at=now, file="a.zip", made_at=now, seconds=9.0))

    page = admin.get("/console/settings/").content.decode()
    assert "8日以内の控えがありません" not in page
    assert "1年以内の予行がありません" not in page
    assert "11.4\xa0MB" in page
