"""The address book in a real browser, as wide as a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts.models import Organization
from tests.web.console.conftest import enter, hire
from tests.web.console.people.conftest import Register, mail
from tests.web.serving import needs_chromium

pytestmark = needs_chromium


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.spec("MSG-5", "ALL-6")
def test_a_person_is_added_and_found_on_a_phone(desk: Page, city: Organization) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    enter(desk, city, hire(city, "admin"))

    desk.goto("/console/people/")
    desk.get_by_role("link", name="1人目を登録する").click()
    desk.get_by_label("氏名").fill("髙﨑 𠮷子")
    desk.get_by_label("ふりがな").fill("たかさき よしこ")
    desk.get_by_label("アドレス・番号").nth(1).fill("０９０－１２３４－５６７８")
    assert overflow(desk) <= 0
    desk.get_by_role("button", name="登録する").click()
    expect(desk.get_by_role("heading", name="髙﨑 𠮷子")).to_be_visible()
    assert overflow(desk) <= 0

    desk.goto("/console/people/")
    desk.get_by_role("searchbox").fill("ﾀｶｻｷ")
    desk.get_by_role("searchbox").press("Enter")

    expect(desk.get_by_role("link", name="髙﨑 𠮷子")).to_be_visible()
    expect(desk.get_by_text("090-1234-5678")).to_be_visible()
    assert overflow(desk) <= 0


@pytest.mark.spec("MSG-5")
def test_a_row_is_added_to_the_form_and_enter_saves(
    desk: Page, city: Organization, register: Register
) -> None:
    person = register("山田 花子", contacts=(mail("a@example.jp"),))
    enter(desk, city, hire(city, "admin"))

    desk.goto(f"/console/people/{person.pk}/change/")
    desk.get_by_label("氏名").fill("山田 華子")
    desk.get_by_role("button", name="連絡先を追加").click()
    expect(desk.get_by_label("氏名")).to_have_value("山田 華子")
    added = desk.get_by_label("アドレス・番号").nth(1)
    added.fill("b@example.jp")
    added.press("Enter")

    desk.wait_for_url(re.compile(r"/console/people/\d+/$"))
    expect(desk.get_by_role("heading", name="山田 華子")).to_be_visible()
    expect(desk.get_by_text("b@example.jp").first).to_be_visible()


@pytest.mark.spec("MSG-5")
def test_the_list_counts_whom_one_chose(desk: Page, city: Organization, register: Register) -> None:
    for name in "甲乙丙":
        register(f"{name} さん")
    enter(desk, city, hire(city, "admin"))

    desk.goto("/console/people/")
    desk.get_by_label("甲 さんを選ぶ").check()
    expect(desk.get_by_text("1人を選択中")).to_be_visible()
    desk.get_by_label("このページの全員を選ぶ").check()
    expect(desk.get_by_text("3人を選択中")).to_be_visible()
    desk.get_by_role("button", name="退会にする").click()

    expect(desk.get_by_role("button", name="3人を退会にする")).to_be_visible()
