"""The door in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Organization, Session
from tests.web.console.conftest import PASSWORD, enter, hire
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("SMS-13")]


def test_one_signs_in_by_the_keyboard_alone(desk: Page, city: Organization) -> None:
    hire(city, "admin")
    desk.goto("/console/")
    desk.keyboard.type("admin")
    desk.keyboard.press("Tab")
    desk.keyboard.type("wrong")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text("いずれかが違います")
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Enter")

    expect(desk.get_by_role("heading", name="ホーム")).to_be_visible()


def test_the_organization_is_asked_for_first_where_there_are_several(
    desk: Page, city: Organization
) -> None:
    organizations.create("town", "伝令町")
    desk.goto("/console/sign-in/")

    expect(desk.get_by_label("団体ID")).to_be_focused()


#: Lets the only form of a page carry a text to another address, as any area's form would.
_SEND = """() => {
  const form = document.querySelector("form[action$='sign-out/']");
  form.insertAdjacentHTML("beforeend", "<textarea name='text'>髙﨑\\n𠮷</textarea>");
  form.action = "/console/";
  form.submit();
}"""


def test_what_was_sent_too_late_is_offered_again(desk: Page, city: Organization) -> None:
    admin = hire(city, "admin")
    enter(desk, city, admin)
    with tenancy.acting_for(city.pk):
        Session.objects.all().delete()

    desk.evaluate(_SEND)
    expect(desk.get_by_role("status")).to_contain_text("入力した内容に戻れます")
    desk.get_by_label("利用者ID").fill("admin")
    desk.get_by_label("パスワード").fill(PASSWORD)
    desk.get_by_role("button", name="サインインする").click()

    expect(desk.get_by_role("heading", name="入力した内容は残っています")).to_be_visible()
    assert "髙﨑\n𠮷" == desk.locator("textarea[name=text]").input_value()


def test_on_a_phone_nothing_is_wider_than_the_page(desk: Page, city: Organization) -> None:
    desk.set_viewport_size({"width": 390, "height": 800})
    desk.goto("/console/sign-in/")
    desk.get_by_text("サインインできないとき").click()

    assert 390 == desk.evaluate("document.documentElement.scrollWidth")
