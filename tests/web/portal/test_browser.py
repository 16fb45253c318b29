"""A phone's browser without script: opens the page, answers, sees the thanks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.responses.sent import send
from tests.web.serving import chromium, needs_chromium

pytestmark = needs_chromium


@pytest.fixture
def phone() -> Iterator[Page]:
    """Return a tab of a narrow browser that runs no script and keeps no cookie."""
    with chromium() as browser:
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": 390, "height": 800}, has_touch=True
        )
        yield context.new_page()
        context.close()


@pytest.mark.spec("NEW-3", "MSG-8", "ALL-6")
def test_a_person_answers_on_a_phone_without_script(
    address: str, request: pytest.FixtureRequest
) -> None:
    sent = send()
    phone: Page = request.getfixturevalue("phone")  # Django refuses queries once it runs

    phone.goto(address + sent.path())
    phone.get_by_text("ひとこと添える").tap()
    phone.get_by_role("radio", name="家族").check()
    phone.get_by_label("ひとこと").fill("家にいます")
    phone.get_by_role("button", name="無事です").tap()
    phone.get_by_role("heading", name="回答を受け付けました").wait_for()

    assert phone.locator("dd").all_inner_texts()[::2] == ["無事です", "家族"]
    assert phone.context.cookies() == []


@pytest.mark.spec("NEW-3", "MSG-8")
def test_one_tap_answers(address: str, request: pytest.FixtureRequest) -> None:
    sent = send()
    phone: Page = request.getfixturevalue("phone")

    phone.goto(address + sent.path())
    phone.get_by_role("button", name="支援が必要です").tap()

    phone.get_by_role("heading", name="回答を受け付けました").wait_for()
    assert phone.locator("dd").first.inner_text() == "支援が必要です"


@pytest.mark.spec("NEW-3")
def test_nobody_sees_or_reaches_the_unseen_link(
    address: str, request: pytest.FixtureRequest
) -> None:
    sent = send()
    phone: Page = request.getfixturevalue("phone")
    phone.goto(address + sent.path())
    trap, focused = phone.locator("a[href$='/unseen']"), []

    for _ in range(12):  # once around, and more
        phone.keyboard.press("Tab")
        focused += phone.locator(":focus").evaluate_all("all => all.map(one => one.outerHTML)")

    assert (trap.count(), trap.is_visible()) == (1, False)
    assert ("English" in focused[0], [one for one in focused if "unseen" in one]) == (True, [])
    assert "unseen" not in phone.locator("body").aria_snapshot()


@pytest.mark.spec("ALL-6")
@pytest.mark.parametrize("width", [320, 390])
def test_what_is_tapped_is_large_and_nothing_is_cut_off(
    address: str, request: pytest.FixtureRequest, width: int
) -> None:
    sent = send("山田 花子", "寿限無" * 13, shared=True)
    phone: Page = request.getfixturevalue("phone")
    phone.set_viewport_size({"width": width, "height": 640})

    phone.goto(address + sent.path())
    targets = phone.locator(".pick, summary, .who label, button, a")
    heights = [box["height"] for each in targets.all() if (box := each.bounding_box())]
    needed = phone.locator("html").evaluate("page => page.scrollWidth")

    assert min(heights) >= 44
    assert needed == width
