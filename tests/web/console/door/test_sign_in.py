"""The sign-in page: what it asks, what it tells, what it leaves behind."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django import Settings

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import AuditEntry, Organization, Session
from tests.web.console.conftest import PASSWORD, hire
from tests.web.console.door.signing import SIGN_IN, CountedHasher, acts, is_in, sign_in

pytestmark = pytest.mark.spec("SMS-13")


@pytest.fixture
def town(city: Organization) -> Organization:
    """A second organization of the installation."""
    return organizations.create("town", "伝令町")


def test_the_only_organization_is_not_asked_for(city: Organization) -> None:
    page = Client().get(SIGN_IN).content.decode()

    assert (True, False) == ("汐見原市" in page, "団体ID" in page)


def test_where_there_are_several_the_organization_is_asked_for(
    city: Organization, town: Organization
) -> None:
    page = Client().get(SIGN_IN).content.decode()

    assert (False, True) == ("汐見原市" in page, "団体ID" in page)


def test_a_link_names_the_organization(city: Organization, town: Organization) -> None:
    page = Client().get(f"{SIGN_IN}?organization=town").content.decode()

    assert (True, True) == ("伝令町" in page, 'value="town"' in page)


def test_a_device_remembers_where_it_signed_in(city: Organization, town: Organization) -> None:
    client = Client()
    hire(town, "clerk")
    sign_in(client, "clerk", organization="town")
    client.post("/console/sign-out/")

    page = client.get(SIGN_IN).content.decode()

    assert (True, True) == ("伝令町" in page, 'value="town"' in page)


def test_the_organization_is_understood_as_it_is_typed(
    city: Organization, town: Organization
) -> None:
    client = Client()
    hire(town, "clerk")

    assert 302 == sign_in(client, "clerk", organization=" ＴＯＷＮ ").status_code


def test_the_case_of_the_login_makes_no_difference(city: Organization) -> None:
    hire(city, "Taro@example.jp")

    assert 302 == sign_in(Client(), "taro@EXAMPLE.jp").status_code


def test_a_login_typed_exactly_goes_before(city: Organization) -> None:
    hire(city, "TARO")
    hire(city, "taro")
    client = Client()
    sign_in(client, "taro")

    assert "taroさん" in client.get("/console/").content.decode()


@pytest.mark.parametrize(
    ("organization", "login", "password"),
    [
        pytest.param("city", "admin", "wrong", id="password"),
        pytest.param("city", "nobody", PASSWORD, id="login"),
        pytest.param("none", "admin", PASSWORD, id="organization"),
        pytest.param("city", "gone", PASSWORD, id="an operator who may not work any more"),
        pytest.param("town", "admin", PASSWORD, id="another organization"),
    ],
)
def test_what_is_wrong_is_told_neither_by_words_nor_by_work(
    city: Organization,
    town: Organization,
    settings: Settings,
    organization: str,
    login: str,
    password: str,
) -> None:
    settings.PASSWORD_HASHERS = ["tests.web.console.door.signing.CountedHasher"]
    hire(city, "admin")
    gone = hire(city, "gone")
    with tenancy.acting_for(city.pk):
        gone.is_active = False
        gone.save()
    CountedHasher.worked = 0

    response = sign_in(Client(), login, password, organization)

    words = "団体ID、利用者ID、パスワードを確かめて、もう一度入力してください。"
    assert (422, True, 1) == (
        response.status_code,
        words in response.content.decode(),
        CountedHasher.worked,
    )


def test_what_was_typed_stays_but_for_the_password(city: Organization) -> None:
    page = sign_in(Client(), "髙﨑", "wrong secret").content.decode()

    assert ('value="髙﨑"' in page, "wrong secret" in page) == (True, False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"login": "", "password": "x"}, "利用者IDを入力してください。"),
        ({"login": "x", "password": ""}, "パスワードを入力してください。"),
        ({"login": "x" * 101, "password": "x"}, "1文字多くなっています"),
        ({"login": "x", "password": "x" * 1001}, "パスワードが長すぎます"),
        ({"login": "a\x00b", "password": "x"}, "文字"),
    ],
)
def test_what_is_missing_or_too_long_is_said(
    city: Organization, given: dict[str, str], expected: str
) -> None:
    response = Client().post(SIGN_IN, given)

    assert (422, True) == (response.status_code, expected in response.content.decode())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/console/sign-out/?a=%E9%AB%99", "/console/sign-out/?a=%E9%AB%99"),
        ("https://evil.example/console/", "/console/"),
        ("//evil.example/console/", "/console/"),
        ("/\\evil.example/console/", "/console/"),
        ("/r/token", "/console/"),
        ("javascript:alert(1)", "/console/"),
        ("http://testserver/console/x/#y", "/console/x/"),
        ("http://[", "/console/"),
        ("", "/console/"),
    ],
)
def test_one_is_led_on_to_our_own_addresses_only(
    city: Organization, asked: str, expected: str
) -> None:
    hire(city, "admin")

    assert expected == sign_in(Client(), "admin", next=asked).headers["Location"]


def test_who_is_signed_in_is_led_on_at_once(city: Organization) -> None:
    client = Client()
    hire(city, "admin")
    sign_in(client, "admin")

    response = client.get(f"{SIGN_IN}?next=/console/language/")

    assert (302, "/console/language/") == (response.status_code, response.headers["Location"])


def test_the_session_tells_who_works_from_where(city: Organization) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Firefox")
    admin = hire(city, "admin")
    sign_in(client, "admin")

    with tenancy.acting_for(city.pk):
        session = Session.objects.get()

    assert (city.pk, admin.pk, "203.0.113.9", "Firefox") == (
        session.organization_id,
        session.operator_id,
        session.address,
        session.device,
    )


@pytest.mark.spec("ALL-3")
def test_coming_and_going_are_in_the_trail(city: Organization) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Firefox")
    hire(city, "admin")
    sign_in(client, "admin")
    client.post("/console/sign-out/")

    assert [("operator.signed_in", "adminさん"), ("operator.signed_out", "adminさん")] == acts(city)
    with tenancy.acting_for(city.pk):
        entry = AuditEntry.objects.get(action="operator.signed_in")
    assert {"address": "203.0.113.9", "device": "Firefox"} == entry.after


def test_who_signed_out_is_out_and_told_so(city: Organization) -> None:
    client = Client()
    hire(city, "admin")
    sign_in(client, "admin")

    page = client.post("/console/sign-out/", follow=True).content.decode()

    assert (True, False) == ("サインアウトしました。" in page, is_in(client))


def test_a_key_planted_before_the_sign_in_is_worth_nothing_after_it(city: Organization) -> None:
    client = Client()
    hire(city, "admin")
    client.cookies["sessionid"] = "planted"
    sign_in(client, "admin")

    thief = Client()
    thief.cookies["sessionid"] = "planted"
    assert (True, False) == (is_in(client), is_in(thief))


def test_another_operator_of_another_organization_takes_over_a_browser(
    city: Organization, town: Organization
) -> None:
    client = Client()
    hire(city, "admin")
    hire(town, "clerk")
    sign_in(client, "admin")
    first = client.cookies["sessionid"].value

    sign_in(client, "clerk", organization="town")

    page = client.get("/console/").content.decode()
    thief = Client()
    thief.cookies["sessionid"] = first
    assert (True, False, False) == ("伝令町" in page, "汐見原市" in page, is_in(thief))


def test_a_new_password_ends_the_sessions_of_the_old_one(city: Organization) -> None:
    client = Client()
    admin = hire(city, "admin")
    sign_in(client, "admin")
    with tenancy.acting_for(city.pk):
        admin.set_password("another long password")
        admin.save()

    assert not is_in(client)


def test_an_old_hash_is_made_anew_at_the_sign_in(city: Organization, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [
        *settings.PASSWORD_HASHERS,
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    admin = hire(city, "admin")
    with tenancy.acting_for(city.pk):
        admin.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
        admin.save()
        sign_in(Client(), "admin")
        admin.refresh_from_db()

    assert admin.password.startswith("argon2")


def test_cookies_are_kept_from_scripts_and_from_other_sites(city: Organization) -> None:
    client = Client()
    hire(city, "admin")
    sign_in(client, "admin")

    flags = {
        name: (bool(cookie["httponly"]), cookie["samesite"])
        for name, cookie in client.cookies.items()
    }
    assert {"sessionid", "denrei_device", "csrftoken"} == set(flags)
    assert {(True, "Lax")} == set(flags.values())


@pytest.mark.parametrize(
    ("settled", "sent", "status"),
    [
        ({"CSRF_TRUSTED_ORIGINS": ["https://testserver"]}, {}, 302),
        (
            {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
            {"X-Forwarded-Proto": "https"},
            302,
        ),
        ({}, {}, 403),
    ],
)
def test_a_form_comes_back_through_a_proxy_that_ends_tls(
    city: Organization,
    settings: Settings,
    settled: dict[str, object],
    sent: dict[str, str],
    status: int,
) -> None:
    for name, value in settled.items():
        setattr(settings, name, value)
    hire(city, "clerk")
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    form = {
        "login": "clerk",
        "password": PASSWORD,
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
    }

    answer = client.post(
        SIGN_IN, form, headers={"Host": "testserver", "Origin": "https://testserver", **sent}
    )

    assert status == answer.status_code
