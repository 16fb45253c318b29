"""Sorting a list in a real browser: by mouse, by finger, by keyboard, with and without script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from denrei.accounts.labels import Label
from denrei.accounts.models import Organization
from tests.web.console.conftest import enter, hire
from tests.web.console.masters.conftest import List, the_list
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("MSG-1")]


@pytest.fixture
def groups(city: Organization) -> List:
    """Four groups of the city."""
    there = the_list(Label.GROUPS, city)
    for place, code in enumerate("abcd", 1):
        there.create(code, f"第{code}班", place)
    return there


def another(desk: Page, address: str, **how: Any) -> Page:
    """Open a tab in a context of its own of the same browser."""
    browser = desk.context.browser
    assert browser
    return browser.new_context(base_url=address, locale="ja-JP", **how).new_page()


@pytest.fixture
def phone(desk: Page, address: str) -> Page:
    """A tab that is touched, 390 px wide."""
    return another(desk, address, has_touch=True, viewport={"width": 390, "height": 900})


@pytest.fixture
def plain(desk: Page, address: str) -> Page:
    """A tab that runs no script."""
    return another(desk, address, java_script_enabled=False)


def open_list(page: Page, groups: List) -> None:
    enter(page, groups.organization, hire(groups.organization, "admin"))
    page.goto(groups.address())


def shown(page: Page) -> Locator:
    return page.locator("tbody tr th a")


def middle(page: Page, name: str) -> tuple[float, float]:
    """Return where the grip of an entry is."""
    box = page.locator("tr", has_text=name).locator(".grip").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def stored(groups: List) -> str:
    return "".join(entry.code for entry in groups.entries())


def test_a_row_is_dragged_by_its_grip(desk: Page, groups: List) -> None:
    open_list(desk, groups)
    desk.mouse.move(*middle(desk, "第d班"))
    desk.mouse.down()
    x, y = middle(desk, "第b班")
    desk.mouse.move(x, y - 10, steps=5)
    desk.mouse.up()

    expect(desk.get_by_role("status")).to_have_text("「第d班」は2番目です（全4件）。")
    expect(shown(desk)).to_have_text(["第a班", "第d班", "第b班", "第c班"])
    assert "adbc" == stored(groups)


def test_escape_puts_a_row_back(desk: Page, groups: List) -> None:
    open_list(desk, groups)
    desk.mouse.move(*middle(desk, "第a班"))
    desk.mouse.down()
    desk.mouse.move(*middle(desk, "第d班"), steps=5)
    desk.keyboard.press("Escape")
    desk.mouse.up()

    expect(shown(desk)).to_have_text(["第a班", "第b班", "第c班", "第d班"])
    assert "abcd" == stored(groups)


def test_a_row_is_dragged_by_a_finger(phone: Page, groups: List) -> None:
    open_list(phone, groups)
    finger = phone.context.new_cdp_session(phone)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    x, y = middle(phone, "第a班")
    card = phone.locator("tr", has_text="第b班").bounding_box()
    assert card
    end = card["y"] + card["height"] / 2 + 10
    touch("touchStart", (x, y))
    for part in range(1, 6):
        touch("touchMove", (x, y + (end - y) * part / 5))
    touch("touchEnd")

    expect(phone.get_by_role("status")).to_have_text("「第a班」は2番目です（全4件）。")
    assert "bacd" == stored(groups)


def test_buttons_move_a_row_and_keep_the_focus(desk: Page, groups: List) -> None:
    open_list(desk, groups)
    down = desk.get_by_role("button", name="「第a班」を下へ")
    down.focus()
    for place in (2, 3, 4, 4):
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("status")).to_have_text(f"「第a班」は{place}番目です（全4件）。")
        expect(down).to_be_focused()

    expect(shown(desk)).to_have_text(["第b班", "第c班", "第d班", "第a班"])
    assert "bcda" == stored(groups)


def test_without_script_buttons_do_the_same(plain: Page, groups: List) -> None:
    open_list(plain, groups)
    expect(plain.locator(".grip").first).to_be_hidden()

    plain.get_by_role("button", name="「第c班」を上へ").press("Enter")

    expect(plain.get_by_text("「第c班」は2番目です（全4件）。")).to_be_visible()
    assert "acbd" == stored(groups)


def test_an_order_that_could_not_be_sent_is_taken_back_and_said(desk: Page, groups: List) -> None:
    open_list(desk, groups)
    desk.context.set_offline(True)
    desk.mouse.move(*middle(desk, "第a班"))
    desk.mouse.down()
    desk.mouse.move(*middle(desk, "第d班"), steps=5)
    desk.mouse.up()

    expect(desk.get_by_role("status")).to_contain_text("順番を保存できませんでした。")
    expect(shown(desk)).to_have_text(["第a班", "第b班", "第c班", "第d班"])
