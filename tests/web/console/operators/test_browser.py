"""Operators in a real browser: by keyboard, on a phone, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("MSG-1")]
OFFICE = ("operators/", "operators/new/", "units/", "units/new/", "settings/", "trail/")


def another(desk: Page, address: str, script: bool = True) -> Page:
    """Open a tab of somebody else's, in a context of its own."""
    browser = desk.context.browser
    assert browser
    context = browser.new_context(base_url=address, locale="ja-JP", java_script_enabled=script)
    return context.new_page()


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/console/sign-in/")
    if page.get_by_label("団体ID").count():
        page.get_by_label("団体ID").fill("city")
    page.get_by_label("利用者ID").fill(login)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="サインインする").click()


def test_who_is_added_by_keyboard_chooses_an_own_password_first(
    desk: Page, address: str, city: Organization
) -> None:
    enter(desk, city, hire(city, "chief"))
    desk.goto("/console/operators/new/")
    desk.get_by_label("利用者ID").focus()
    for typed in ("takasaki", "髙﨑 𠮷子"):
        desk.keyboard.type(typed)
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="初期パスワード")).to_be_visible()
    password = desk.locator(".handover__key").inner_text()

    theirs = another(desk, address)
    sign_in(theirs, "takasaki", password)

    theirs.wait_for_url("**/console/account/password/**")


def test_an_operator_is_stopped_without_script(
    desk: Page, address: str, city: Organization
) -> None:
    sato = hire(city, "sato", Role.SENDER)
    plain = another(desk, address, script=False)
    enter(plain, city, hire(city, "chief"))
    plain.goto(f"/console/operators/{sato.pk}/")

    plain.get_by_text("使用を停止", exact=True).click()
    plain.get_by_role("button", name="使用を停止する").click()

    expect(plain.get_by_text("の使用を停止し、サインアウトさせました。")).to_be_visible()
    with tenancy.acting_for(city.pk):
        assert not Operator.objects.get(pk=sato.pk).is_active


@pytest.mark.spec("ALL-6")
def test_no_page_of_the_office_is_wider_than_a_phone(
    desk: Page, city: Organization, first_school: Unit
) -> None:
    hire(city, "a" * 60 + "@example.jp", Role.SENDER, first_school)
    enter(desk, city, hire(city, "chief"))
    desk.set_viewport_size({"width": 390, "height": 844})
    wide = []
    for page in OFFICE:
        desk.goto(f"/console/{page}")
        if desk.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(page)

    assert [] == wide
