"""「自分の設定」: who one is, and ending the sessions of other browsers (SMS-13)."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Operator, Organization, Preset, Role, Session, Unit
from tests.web.console.account.steps import acts
from tests.web.console.conftest import PASSWORD, browser, hire

PAGE, END = "/console/account/", "/console/account/sessions/end/"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@pytest.fixture
def operator(city: Organization, first_school: Unit) -> Operator:
    return hire(city, "髙﨑𠮷", Role.SENDER, first_school)


@pytest.fixture
def here(city: Organization, operator: Operator) -> Client:
    return browser(city, operator)


@pytest.fixture
def phone(city: Organization, operator: Operator) -> Client:
    client = Client(headers={"user-agent": IPHONE})
    given = {"organization": city.slug, "login": operator.login, "password": PASSWORD}
    client.post("/console/sign-in/", given)
    return client


def names(client: Client) -> list[str]:
    return [session.name for session, _ in client.get(PAGE).context["sessions"]]


def test_the_page_says_who_one_is(here: Client) -> None:
    page = here.get(PAGE).content.decode()

    assert all(words in page for words in ("髙﨑𠮷さん", "発信者", "第一小学校", "登録なし"))


@pytest.mark.spec("SMS-13")
def test_another_browser_is_listed_in_words_and_signed_out(
    city: Organization, here: Client, phone: Client
) -> None:
    page = here.get(PAGE).content.decode()
    mine, other = names(here)

    here.post(END, {"session": other})

    assert "iPhone の Safari" in page
    assert 302 == phone.get(PAGE).status_code
    assert [mine] == names(here)
    assert ["operator.session_ended"] == acts(city, "operator.session")


def test_all_others_are_signed_out_at_once(city: Organization, here: Client, phone: Client) -> None:
    here.post("/console/account/sessions/end-others/")

    assert (200, 302) == (here.get(PAGE).status_code, phone.get(PAGE).status_code)
    assert ["operator.other_sessions_ended"] == acts(city, "operator.other")


@pytest.mark.parametrize("which", ["", "0" * 16, "髙", "x" * 100_000])
def test_a_session_that_ended_meanwhile_is_no_mistake(here: Client, which: str) -> None:
    response = here.post(END, {"session": which}, follow=True)

    assert "すでにサインアウトしています" in response.content.decode()


def test_the_own_browser_is_not_signed_out_by_the_list(here: Client) -> None:
    here.post(END, {"session": names(here)[0]})

    assert 200 == here.get(PAGE).status_code


@pytest.mark.spec("ALL-5")
def test_nobody_ends_the_session_of_another(city: Organization, here: Client) -> None:
    town = organizations.create("town", "町", Preset.CITY)
    others = [browser(city, hire(city, "suzuki")), browser(town, hire(town, "sato"))]

    for other in others:
        here.post(END, {"session": names(other)[0]})
    here.post("/console/account/sessions/end-others/")

    assert [200, 200] == [other.get(PAGE).status_code for other in others]


def test_the_page_holds_no_key_of_a_session(
    city: Organization, here: Client, phone: Client
) -> None:
    page = here.get(PAGE).content.decode()

    with tenancy.acting_for(city.pk):
        keys = list(Session.objects.values_list("session_key", flat=True))
    assert 2 == len(keys)
    assert not any(key in page for key in keys)


def test_a_link_ends_no_session(here: Client, phone: Client) -> None:
    assert 405 == here.get("/console/account/sessions/end-others/").status_code
