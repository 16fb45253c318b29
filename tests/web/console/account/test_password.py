"""Changing one's own password (SMS-13)."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.accounts.resuming import RESUMED
from tests.web.console.account.steps import acts
from tests.web.console.conftest import PASSWORD, browser, hire

PAGE = "/console/account/password/"
NEXT = "another horse, another battery"


@pytest.fixture
def operator(city: Organization) -> Operator:
    return hire(city, "tanaka-ichiro")


@pytest.fixture
def here(city: Organization, operator: Operator) -> Client:
    return browser(city, operator)


def typed(now: str = PASSWORD, wanted: str = NEXT, again: str | None = None) -> dict[str, str]:
    return {
        "present_password": now,
        "new_password": wanted,
        "new_password_again": wanted if again is None else again,
    }


@pytest.mark.spec("SMS-13")
def test_the_new_password_opens_and_the_old_one_does_not(
    city: Organization, operator: Operator, here: Client
) -> None:
    response = here.post(PAGE, typed())

    with tenancy.acting_for(city.pk):
        operator.refresh_from_db()
    assert (302, "/console/account/") == (response.status_code, response["Location"])
    assert (True, False) == (operator.check_password(NEXT), operator.check_password(PASSWORD))
    assert ["operator.password_changed"] == acts(city, "operator.password")


def test_all_other_browsers_are_signed_out(
    city: Organization, operator: Operator, here: Client
) -> None:
    other = browser(city, operator)

    here.post(PAGE, typed())

    assert (200, 302) == (here.get(PAGE).status_code, other.get(PAGE).status_code)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (typed(now="wrong"), "パスワードが違います"),
        (typed(now=""), "いまのパスワードを入力してください"),
        (typed(wanted="short"), "10文字以上"),
        (typed(wanted="tanaka-ichiro"), "似ています"),
        (typed(wanted="password1234"), "よく使われるパスワード"),
        (typed(wanted=PASSWORD), "いまのパスワードと違うもの"),
        (typed(again="something else"), "新しいパスワードと同じもの"),
    ],
)
def test_what_cannot_be_taken_is_told(
    city: Organization, here: Client, given: dict[str, str], words: str
) -> None:
    response = here.post(PAGE, given)

    assert 422 == response.status_code
    assert words in response.content.decode()
    assert [] == acts(city, "operator.password")


def test_who_guesses_the_present_password_is_held_back(here: Client) -> None:
    for _ in range(10):
        here.post(PAGE, typed(now="wrong"))

    response = here.post(PAGE, typed())

    assert 422 == response.status_code
    assert "5分ほど待ってから" in response.content.decode()


@pytest.mark.parametrize("now", [PASSWORD, "wrong"])
def test_a_guess_that_would_not_be_counted_is_not_judged(here: Client, now: str) -> None:
    answer = here.post(PAGE, {**typed(now=now, again="else"), RESUMED: PAGE})

    assert (302, PAGE) == (answer.status_code, answer["Location"])


@pytest.mark.spec("SMS-13")
def test_who_was_given_a_password_chooses_his_own_first(
    city: Organization, operator: Operator
) -> None:
    with tenancy.acting_for(city.pk):
        operator.password_is_initial = True
        operator.save(update_fields=["password_is_initial"])
    here = browser(city, operator)
    led = here.get("/console/")
    page = here.get(PAGE).content.decode()

    changed = here.post(PAGE, typed())

    assert (302, PAGE) == (led.status_code, led["Location"])
    assert "最初に、パスワードを変更してください" in page
    assert "/console/" == changed["Location"]
    assert 200 == here.get("/console/").status_code
