"""At which addresses passkeys work, and passkeys that are none."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from denrei.accounts.models import Organization
from denrei.web.console.account.passkeys import place_of
from tests.web.console.account.steps import acts
from tests.web.console.conftest import browser, hire


@pytest.mark.parametrize(
    ("host", "public", "works", "instead"),
    [
        ("localhost:8000", "", True, ""),
        ("denrei.localhost", "", True, ""),
        ("127.0.0.1:8000", "", False, "http://localhost:8000/console/?a=1"),
        ("[::1]:8000", "", False, "http://localhost:8000/console/?a=1"),
        ("192.0.2.7", "https://192.0.2.7", False, ""),
        ("denrei.example", "", False, ""),
        ("denrei.example", "https://denrei.example", True, ""),
        ("other.example", "https://denrei.example", False, ""),
    ],
)
def test_passkeys_work_under_names_with_https_and_on_the_machine_itself(
    settings: Settings, host: str, public: str, works: bool, instead: str
) -> None:
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["*"], public

    place = place_of(RequestFactory().get("/console/?a=1", headers={"host": host}))

    assert (works, instead) == (place.works, place.instead)


def test_https_is_seen_without_a_proxy(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["denrei.example"]
    request = RequestFactory().get("/", secure=True, headers={"host": "denrei.example"})

    assert ("https://denrei.example", True) == (place_of(request).address, place_of(request).works)


def test_a_page_where_they_do_not_work_says_so_and_where_they_do(city: Organization) -> None:
    page = browser(city, hire(city, "tanaka")).get(
        "/console/account/passkeys/add/", headers={"host": "127.0.0.1:8000"}
    )

    words = page.content.decode()
    assert "このアドレスではパスキーを使えません" in words
    assert "http://localhost:8000/console/account/passkeys/add/" in words


@pytest.mark.parametrize(
    "credential", ["", "{", "{}", "[]", '"text"', '{"id": 1, "response": null}']
)
def test_what_is_no_passkey_is_refused_and_the_name_kept(
    city: Organization, credential: str
) -> None:
    here: Client = browser(city, hire(city, "tanaka"))
    here.get("/console/account/passkeys/add/")

    response = here.post(
        "/console/account/passkeys/add/", {"name": "髙﨑の鍵", "credential": credential}
    )

    assert 422 == response.status_code
    assert 'value="髙﨑の鍵"' in response.content.decode()
    assert "パスキーを確認できませんでした" in response.content.decode()
    assert [] == acts(city, "second_factor")
