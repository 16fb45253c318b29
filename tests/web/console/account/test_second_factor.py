"""The second factor: set up, asked for at the door, renewed, removed (SMS-13, OPS-4)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from denrei.accounts import organizations, preferences, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Preset, Role
from denrei.accounts.preferences import Preferences
from denrei.accounts.resuming import RESUMED
from tests.web.console.account.steps import (
    acts,
    code_of,
    give_password,
    let_time_pass,
    set_up_app,
)
from tests.web.console.conftest import browser, hire

DOOR = "/console/sign-in/second-factor/"


@pytest.fixture
def operator(city: Organization) -> Operator:
    return hire(city, "tanaka", Role.SENDER)


@pytest.fixture
def desk_of(city: Organization, operator: Operator) -> Client:
    return browser(city, operator)


@pytest.mark.spec("SMS-13")
def test_a_wrong_first_code_shows_the_same_key_again(city: Organization, desk_of: Client) -> None:
    page = desk_of.get("/console/account/app/")

    refused = desk_of.post("/console/account/app/", {"code": "000"})

    assert 422 == refused.status_code
    assert page.context["key"] == refused.context["key"]
    assert "コードが違います" in refused.content.decode()
    assert [] == acts(city, "second_factor")


def test_the_secret_of_an_app_is_sealed_in_the_table(city: Organization, desk_of: Client) -> None:
    secret = set_up_app(desk_of)

    with tenancy.acting_for(city.pk):
        stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]

    assert secret not in stored


def test_the_audit_trail_tells_what_was_added(city: Organization, desk_of: Client) -> None:
    set_up_app(desk_of)

    with tenancy.acting_for(city.pk):
        entries = AuditEntry.objects.filter(action="second_factor.added").order_by("pk")
        found = [(entry.actor_name, entry.after) for entry in entries]

    assert [("tanakaさん", {"kind": "totp"}), ("tanakaさん", {"kind": "recovery_codes"})] == found


def test_recovery_codes_are_shown_once(desk_of: Client) -> None:
    set_up_app(desk_of)

    first, second = (desk_of.get("/console/account/codes/") for _ in range(2))

    assert 10 == len(set(first.context["codes"]))
    assert all(code in first.content.decode() for code in first.context["codes"])
    assert not any(code in second.content.decode() for code in first.context["codes"])


@pytest.mark.spec("SMS-13")
def test_the_door_asks_for_a_code_and_lets_in_who_has_it(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    secret = set_up_app(desk_of)
    another = give_password(city, operator)
    before = another.get("/console/account/")

    refused = another.post(DOOR, {"code": "123"})
    entered = another.post(DOOR, {"code": code_of(secret)})

    assert (302, 422, 302) == (before.status_code, refused.status_code, entered.status_code)
    assert "tanakaさん" in another.get("/console/account/").content.decode()
    assert ["second_factor.refused", "second_factor.used"] == acts(city, "second_factor")[2:]


def test_a_code_opens_the_door_once(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    code = code_of(set_up_app(desk_of))
    give_password(city, operator).post(DOOR, {"code": code})

    refused = give_password(city, operator).post(DOOR, {"code": code})

    assert 422 == refused.status_code


def test_a_code_may_be_typed_full_width_and_in_groups(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    code = code_of(set_up_app(desk_of))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

    entered = give_password(city, operator).post(DOOR, {"code": f"{wide[:3]}　{wide[3:]}"})

    assert 302 == entered.status_code


def test_a_recovery_code_opens_the_door_once(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    set_up_app(desk_of)
    code = desk_of.get("/console/account/codes/").context["codes"][0]

    entered = give_password(city, operator).post(DOOR, {"code": code})
    refused = give_password(city, operator).post(DOOR, {"code": code})

    assert (302, 422) == (entered.status_code, refused.status_code)


def test_who_guesses_codes_is_held_back_and_recorded_five_times(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    secret = set_up_app(desk_of)
    guessing = give_password(city, operator)
    for guess in range(6):
        guessing.post(DOOR, {"code": f"{guess}"})

    held_back = guessing.post(DOOR, {"code": code_of(secret)})

    assert 422 == held_back.status_code
    assert "5分ほど待ってから" in held_back.content.decode()
    assert ["second_factor.refused"] * 5 == acts(city, "second_factor")[2:]


@pytest.mark.parametrize("guess", ["right", "wrong"])
def test_a_guess_that_would_not_be_counted_is_not_judged(
    city: Organization, operator: Operator, desk_of: Client, guess: str
) -> None:
    secret = set_up_app(desk_of)
    guessing = give_password(city, operator)
    code = code_of(secret) if guess == "right" else "1"

    answer = guessing.post(DOOR, {"code": code, RESUMED: DOOR})

    assert (302, DOOR) == (answer.status_code, answer["Location"])
    assert 200 == guessing.get(DOOR).status_code


def test_without_the_password_there_is_no_second_step(city: Organization) -> None:
    response = Client().get(DOOR, follow=True)

    assert ("/console/sign-in/", 200) == (response.request["PATH_INFO"], response.status_code)


def test_removing_the_app_removes_the_recovery_codes_and_opens_the_door(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    set_up_app(desk_of)

    desk_of.post("/console/account/app/remove/")

    with tenancy.acting_for(city.pk):
        assert not Authenticator.objects.exists()
    assert "second_factor.removed" == acts(city, "second_factor")[-1]
    assert 200 == give_password(city, operator).get("/console/account/").status_code


def test_new_recovery_codes_make_the_old_ones_worthless(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    set_up_app(desk_of)
    old = desk_of.get("/console/account/codes/").context["codes"]

    desk_of.post("/console/account/codes/renew/")

    new = desk_of.get("/console/account/codes/").context["codes"]
    assert not set(old) & set(new)
    assert "second_factor.renewed" == acts(city, "second_factor")[-1]
    assert 422 == give_password(city, operator).post(DOOR, {"code": old[0]}).status_code


@pytest.mark.parametrize(
    "address",
    [
        "/console/account/app/",
        "/console/account/app/remove/",
        "/console/account/codes/",
        "/console/account/codes/renew/",
        "/console/account/passkeys/add/",
    ],
)
@pytest.mark.spec("OPS-4")
def test_whoever_comes_later_to_an_open_desk_changes_no_factor(
    desk_of: Client, address: str
) -> None:
    if address != "/console/account/app/":
        set_up_app(desk_of)
    let_time_pass(desk_of)

    led = desk_of.get(address)

    assert (302, True) == (led.status_code, "/account/again/" in led["Location"])


@pytest.mark.parametrize("verb", ["app/remove", "codes/renew"])
@pytest.mark.spec("OPS-4")
def test_whoever_sends_a_form_from_an_open_desk_changes_no_factor(
    city: Organization, desk_of: Client, verb: str
) -> None:
    set_up_app(desk_of)
    let_time_pass(desk_of)
    before = acts(city, "second_factor")

    led = desk_of.post(f"/console/account/{verb}/")

    assert (302, True) == (led.status_code, "/account/again/" in led["Location"])
    assert before == acts(city, "second_factor")


def test_a_new_key_of_the_installation_locks_nobody_out(
    city: Organization, operator: Operator, desk_of: Client, settings: Settings
) -> None:
    secret = set_up_app(desk_of)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the next one"
    give_password(city, operator).post(DOOR, {"code": code_of(secret)})
    settings.SECRET_KEY_FALLBACKS = []

    entered = give_password(city, operator).post(DOOR, {"code": code_of(secret, ahead=1)})

    assert 302 == entered.status_code


def test_a_key_that_was_lost_opens_the_door_to_nobody(
    city: Organization, operator: Operator, desk_of: Client, settings: Settings
) -> None:
    secret = set_up_app(desk_of)
    settings.SECRET_KEY = "another one"

    refused = give_password(city, operator).post(DOOR, {"code": code_of(secret)})

    assert 422 == refused.status_code


def keep_passkey(organization: Organization, owner: Operator) -> Authenticator:
    with tenancy.acting_for(organization.pk):
        return Authenticator.objects.create(
            user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "鍵", "credential": {}}
        )


@pytest.mark.spec("ALL-5")
def test_nobody_touches_the_passkey_of_another(city: Organization, desk_of: Client) -> None:
    colleague = keep_passkey(city, hire(city, "suzuki"))
    town = organizations.create("town", "町", Preset.CITY)
    stranger = keep_passkey(town, hire(town, "sato"))

    statuses = [
        desk_of.post(f"/console/account/passkeys/{passkey.pk}/{verb}/", {"name": "奪った鍵"})
        for passkey in (colleague, stranger)
        for verb in ("rename", "remove")
    ]

    assert [404] * 4 == [response.status_code for response in statuses]


def test_a_passkey_is_renamed_and_removed_by_its_owner(
    city: Organization, operator: Operator, desk_of: Client
) -> None:
    passkey = keep_passkey(city, operator)
    address = f"/console/account/passkeys/{passkey.pk}"

    empty = desk_of.post(f"{address}/rename/", {"name": ""})
    desk_of.post(f"{address}/rename/", {"name": "髙﨑の𠮷"})
    listed = desk_of.get("/console/account/second-factor/").content.decode()
    desk_of.post(f"{address}/remove/")

    assert 422 == empty.status_code
    assert "髙﨑の𠮷" in listed
    assert ["second_factor.renamed", "second_factor.removed"] == acts(city, "second_factor")
    with tenancy.acting_for(city.pk):
        assert not Authenticator.objects.exists()


def ask_for_second_factors(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        wanted = Preferences(**{**Preferences.of(city).to_json(), "second_factor_required": True})
        preferences.save(city, wanted, None)


@pytest.mark.spec("OPS-4")
def test_where_a_second_factor_is_required_it_is_set_up_before_all_else(
    city: Organization, desk_of: Client
) -> None:
    ask_for_second_factors(city)

    led = desk_of.get("/console/")
    swapped = desk_of.get("/console/", headers={"HX-Request": "true"})
    page = desk_of.get("/console/account/second-factor/").content.decode()
    set_up_app(desk_of)

    assert (302, "/console/account/second-factor/") == (led.status_code, led["Location"])
    assert "/console/account/second-factor/" == swapped["HX-Redirect"]
    assert "二要素認証を設定してください" in page
    assert 200 == desk_of.get("/console/").status_code
