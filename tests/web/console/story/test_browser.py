"""The story of one person in a real browser: by keyboard, on a phone, while things happen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from denrei.domain.failures import Reason
from denrei.domain.states import Phase, State
from tests.web.console.conftest import enter
from tests.web.console.story.conftest import Sent
from tests.web.serving import needs_chromium

pytestmark = needs_chromium


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def told(desk: Page, send: Callable[..., Sent]) -> Sent:
    """A story with an attempt that was taken, open in the browser."""
    sent = send()
    sent.attempt(sent.deliver(State.ACCEPTED), Phase.ANSWERED)
    enter(desk, sent.city, sent.operator)
    desk.goto(sent.path)
    return sent


@pytest.mark.spec("NEW-4", "ALL-6")
def test_an_answer_is_noted_by_keyboard_alone_on_a_phone(desk: Page, told: Sent) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.get_by_text("代わりに回答を記録する").focus()
    desk.keyboard.press("Enter")
    for name in ("回答", "確認した方法"):
        desk.keyboard.press("Tab")
        expect(desk.get_by_role("combobox", name=name)).to_be_focused()
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Tab")
    desk.keyboard.type("自宅にいます")
    assert overflow(desk) <= 0
    desk.keyboard.press("Enter")

    expect(desk.get_by_text("回答を記録しました。")).to_be_visible()
    expect(desk.locator("#timeline").get_by_text("「自宅にいます」")).to_be_visible()
    assert overflow(desk) <= 0


@pytest.mark.spec("ALL-3", "ALL-4")
def test_what_happens_appears_and_takes_nothing_from_who_reads_and_types(
    desk: Page, told: Sent
) -> None:
    raw = desk.get_by_text("250 2.0.0 OK")
    desk.get_by_text("応答の原文").click()
    expect(raw).to_be_visible()
    desk.get_by_text("代わりに回答を記録する").click()
    desk.get_by_label("ひとこと").fill("書きかけ")
    delivery = told.write("SELECT id FROM delivery WHERE broadcast_id = %(broadcast)s")
    told.attempt(
        delivery,
        Phase.IN_DOUBT,
        state=State.WAITING,
        reason=Reason.IN_DOUBT,
        kind=1,
        generation=2,
        reply="",
    )

    expect(desk.get_by_text("二重送信の可能性")).to_be_visible()
    expect(raw).to_be_visible()
    expect(desk.get_by_label("ひとこと")).to_have_value("書きかけ")
    expect(desk.get_by_label("ひとこと")).to_be_focused()
