"""The organization's settings are shown and saved, each section apart."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts import preferences, tenancy
from denrei.accounts.models import AuditEntry, Organization, Role, Unit
from denrei.accounts.preferences import Preferences
from tests.web.console.conftest import browser, hire

SECTIONS = ["organization", "sender", "sending", "sign-in", "networks"]
SENDING = {"receiving_slots": "2", "typed_count_above": "500"}


def stored(organization: Organization) -> Organization:
    with tenancy.acting_for(organization.pk):
        return Organization.objects.get(pk=organization.pk)


def entries(organization: Organization) -> list[tuple[str, object, object]]:
    with tenancy.acting_for(organization.pk):
        found = AuditEntry.objects.filter(action="organization.changed").order_by("id")
        return list(found.values_list("actor_name", "before", "after"))


def test_all_settings_are_shown(admin: Client) -> None:
    page = admin.get("/console/settings/").content.decode()

    for words in ("汐見原市", "日本（Asia/Tokyo）", "500", "いいえ", "制限なし"):
        assert words in page


@pytest.mark.spec("ALL-3", "OPS-6", "SCH-3")
@pytest.mark.parametrize(
    ("section", "typed", "before", "after"),
    [
        (
            "organization",
            {"name": "𠮷田市", "time_zone": "Europe/Paris"},
            {"name": "汐見原市", "time_zone": "Asia/Tokyo"},
            {"name": "𠮷田市", "time_zone": "Europe/Paris"},
        ),
        (
            "sender",
            {"sender_name": "防災", "sender_address": "ｂ@example.jp", "reply_to": ""},
            {"sender_name": "", "sender_address": ""},
            {"sender_name": "防災", "sender_address": "b@example.jp"},
        ),
        (
            "sending",
            {
                "receiving_slots": "４",
                "typed_count_above": "1,000人",
                "sign_in_before_launch": "on",
            },
            {"receiving_slots": 2, "typed_count_above": 500, "sign_in_before_launch": False},
            {"receiving_slots": 4, "typed_count_above": 1000, "sign_in_before_launch": True},
        ),
        (
            "replies",
            {"answers_by_reply": "on"},
            {"answers_by_reply": False},
            {"answers_by_reply": True},
        ),
        (
            "sign-in",
            {"second_factor_required": "on"},
            {"second_factor_required": False},
            {"second_factor_required": True},
        ),
        (
            "networks",
            {"sign_in_networks": "127.0.0.9/8\n::1", "change_networks": ""},
            {"sign_in_networks": []},
            {"sign_in_networks": ["127.0.0.0/8", "::1/128"]},
        ),
    ],
)
def test_a_section_is_saved_and_recorded(
    city: Organization,
    admin: Client,
    section: str,
    typed: dict[str, str],
    before: object,
    after: object,
) -> None:
    response = admin.post(f"/console/settings/{section}/", typed)

    assert (302, [("adminさん", before, after)]) == (response.status_code, entries(city))


@pytest.mark.spec("SMS-13")
@pytest.mark.parametrize("name", ["sign_in_networks", "change_networks"])
@pytest.mark.parametrize("networks", ["192.0.2.0/24", "::1", "192.0.2.1\n198.51.100.0/24"])
def test_a_save_that_would_lock_out_the_person_saving_is_refused(
    city: Organization, admin: Client, name: str, networks: str
) -> None:
    response = admin.post("/console/settings/networks/", {name: networks})
    page = response.content.decode()

    assert (422, []) == (response.status_code, entries(city))
    assert "今の接続元「127.0.0.1」が含まれていません" in page
    assert networks in page


def test_a_network_that_cannot_be_read_is_named(admin: Client) -> None:
    typed = {"sign_in_networks": "127.0.0.1\n192.0.2.0/33", "change_networks": "事務室"}
    response = admin.post("/console/settings/networks/", typed)
    page = response.content.decode()

    assert 422 == response.status_code
    assert "「192.0.2.0/33」" in page
    assert "「事務室」" in page


@pytest.mark.spec("SMS-13")
def test_from_other_networks_nothing_is_changed(city: Organization, admin: Client) -> None:
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    admin.post(
        "/console/settings/networks/", {"sign_in_networks": "", "change_networks": "127.0.0.1"}
    )

    read = admin.get("/console/settings/networks/", **elsewhere)
    changed = admin.post("/console/settings/sending/", SENDING, **elsewhere)

    assert (200, 403) == (read.status_code, changed.status_code)
    assert "198.51.100.7" in read.content.decode()


@pytest.mark.parametrize(
    ("section", "typed", "words"),
    [
        ("organization", {"name": "", "time_zone": "Asia/Tokyo"}, "団体の名称を入力してください。"),
        ("organization", {"name": "市", "time_zone": "Asia/Edo"}, "もう使えません"),
        ("organization", {"name": "市" * 61, "time_zone": "Asia/Tokyo"}, "1文字多くなっています"),
        ("sender", {"sender_address": "bousai"}, "「@」がありません"),
        ("sending", {**SENDING, "receiving_slots": "0"}, "1から9までの数字で入力してください。"),
        ("sending", {**SENDING, "receiving_slots": "二"}, "1から9までの数字で入力してください。"),
        ("sending", {**SENDING, "typed_count_above": "9" * 40}, "0から10000000までの数字"),
        ("sending", {**SENDING, "typed_count_above": ""}, "人数を入力してください。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    city: Organization, admin: Client, section: str, typed: dict[str, str], words: str
) -> None:
    response = admin.post(f"/console/settings/{section}/", typed)
    page = response.content.decode()

    assert (422, [], True) == (response.status_code, entries(city), words in page)
    assert all(
        f'value="{text}"' in page for name, text in typed.items() if text and name != "time_zone"
    )


def test_two_who_save_different_sections_keep_both(city: Organization, admin: Client) -> None:
    with tenancy.acting_for(city.pk):
        preferences.change(stored(city), None, {"typed_count_above": 9})

    admin.post("/console/settings/sign-in/", {"second_factor_required": "on"})
    now = Preferences.of(stored(city))

    assert (9, True) == (now.typed_count_above, now.second_factor_required)


@pytest.mark.spec("OPS-9")
def test_times_are_shown_in_the_zone_that_was_chosen(admin: Client) -> None:
    admin.post("/console/settings/organization/", {"name": "市", "time_zone": "UTC"})

    assert "協定世界時（UTC）" in admin.get("/console/settings/").content.decode()


@pytest.mark.parametrize("section", ["", *(f"{name}/" for name in SECTIONS)])
@pytest.mark.parametrize(
    ("role", "bounded"), [(Role.ADMIN, True), (Role.SENDER, False), (Role.VIEWER, False)]
)
def test_only_administrators_of_the_whole_organization_come_here(
    city: Organization, first_school: Unit, section: str, role: Role, bounded: bool
) -> None:
    client = browser(city, hire(city, "somebody", role, first_school if bounded else None))
    address = f"/console/settings/{section}"

    assert (403, 403) == (client.get(address).status_code, client.post(address).status_code)


def test_a_section_that_does_not_exist_is_not_found(admin: Client) -> None:
    assert 404 == admin.get("/console/settings/nothing/").status_code
