"""Signing in again: who proves himself when, and where he goes then (OPS-4)."""

from __future__ import annotations

import time

import pytest
from django.test import Client, RequestFactory

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.web.console.account import again
from tests.web.console.account.steps import acts, code_of, let_time_pass, set_up_app
from tests.web.console.conftest import PASSWORD, browser, hire

AGAIN = "/console/account/again/"


@pytest.fixture
def operator(city: Organization) -> Operator:
    return hire(city, "tanaka")


@pytest.fixture
def desk_of(city: Organization, operator: Operator) -> Client:
    return browser(city, operator)


def recent(client: Client, operator: Operator, now: float | None = None) -> bool:
    request = RequestFactory().get("/console/")
    request.session, request.user = client.session, operator
    with tenancy.acting_for(operator.organization_id):
        return again.recently_signed_in(request, now)


@pytest.mark.spec("OPS-4")
def test_who_just_signed_in_need_not_again(desk_of: Client, operator: Operator) -> None:
    assert recent(desk_of, operator)


@pytest.mark.spec("OPS-4")
def test_a_proof_is_good_for_five_minutes(desk_of: Client, operator: Operator) -> None:
    assert not recent(desk_of, operator, time.time() + 301)


def test_the_proof_of_one_operator_is_none_of_another(city: Organization, desk_of: Client) -> None:
    assert not recent(desk_of, hire(city, "suzuki"))


def test_the_password_leads_on(desk_of: Client, operator: Operator) -> None:
    let_time_pass(desk_of)
    before = recent(desk_of, operator)

    response = desk_of.post(AGAIN, {"password": PASSWORD, "next": "/console/account/password/"})

    assert (302, "/console/account/password/") == (response.status_code, response["Location"])
    assert (False, True) == (before, recent(desk_of, operator))


def test_a_wrong_password_is_told_and_leads_nowhere(desk_of: Client, operator: Operator) -> None:
    let_time_pass(desk_of)

    response = desk_of.post(AGAIN, {"password": "wrong", "next": "/console/account/password/"})

    assert 422 == response.status_code
    assert "パスワードが違います" in response.content.decode()
    assert 'value="/console/account/password/"' in response.content.decode()
    assert not recent(desk_of, operator)


def test_nobody_is_led_elsewhere(desk_of: Client) -> None:
    response = desk_of.post(AGAIN, {"password": PASSWORD, "next": "https://evil.example/"})

    assert "/console/" == response["Location"]


def test_who_guesses_passwords_at_an_open_desk_is_held_back(desk_of: Client) -> None:
    for _ in range(10):
        desk_of.post(AGAIN, {"password": "wrong"})

    response = desk_of.post(AGAIN, {"password": PASSWORD})

    assert 429 == response.status_code
    assert "待ってから" in response.content.decode()


def test_a_code_is_as_good_as_the_password(
    city: Organization, desk_of: Client, operator: Operator
) -> None:
    secret = set_up_app(desk_of)
    let_time_pass(desk_of)

    desk_of.post(f"{AGAIN}code/", {"code": code_of(secret), "next": "/console/account/"})

    assert recent(desk_of, operator)
    assert "second_factor.used" == acts(city, "second_factor")[-1]


def test_without_an_app_the_page_of_the_code_leads_to_the_password(desk_of: Client) -> None:
    response = desk_of.get(f"{AGAIN}code/?next=/console/account/")

    assert f"{AGAIN}?next=%2Fconsole%2Faccount%2F" == response["Location"]


def test_a_form_that_was_sent_too_late_is_done_after_the_proof(
    city: Organization, desk_of: Client
) -> None:
    set_up_app(desk_of)
    let_time_pass(desk_of)
    led = desk_of.post("/console/account/app/remove/")

    desk_of.post(led["Location"], {"password": PASSWORD, "next": "/console/account/app/remove/"})

    assert "second_factor.removed" == acts(city, "second_factor")[-1]


def test_the_address_names_this_page_unless_told_another() -> None:
    request = RequestFactory().get("/console/drafts/7/confirm/")

    assert f"{AGAIN}?next=%2Fconsole%2Fdrafts%2F7%2Fconfirm%2F" == again.sign_in_again_address(
        request
    )
    assert f"{AGAIN}?next=%2Fconsole%2F" == again.sign_in_again_address(request, "/console/")
