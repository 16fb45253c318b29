"""From the compose page to the broadcast in a real browser, on a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role
from denrei.broadcasts.models import Broadcast
from tests.deliveries.world import workers
from tests.web.console import town
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = needs_chromium

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def operator(city: Organization) -> Operator:
    town.lane(city)
    town.people(city, 3)
    return hire(city, "sender", Role.SENDER)


def launched(city: Organization) -> int:
    """Return how many broadcasts there are."""
    with tenancy.acting_for(city.pk):
        return Broadcast.objects.count()


def overflow(page: Page) -> int:
    """Return how many pixels a page is wider than its window."""
    found: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found


@pytest.mark.spec("MSG-2", "NEW-6", "ALL-4")
def test_composed_confirmed_sent_and_watched(
    desk: Page, city: Organization, operator: Operator
) -> None:
    enter(desk, city, operator)
    desk.get_by_role("link", name="緊急連絡を作成").click()
    desk.get_by_label("発生区分").select_option(label="地震発生")
    desk.locator("#everybody").check()
    desk.get_by_role("button", name="内容と届く見込みを確認").click()
    expect(desk.get_by_role("heading", name="送信前の確認")).to_be_visible()
    assert desk.locator("#people").inner_text().startswith("3")
    desk.get_by_role("button", name="3人に送信する").dblclick()
    desk.wait_for_url("**/console/broadcasts/*/")

    assert 1 == launched(city)
    with workers():
        # by htmx alone: nobody reloads
        expect(desk.locator("main")).to_contain_text("連絡終了", timeout=30_000)


@pytest.mark.spec("OPS-2")
def test_a_ready_message_goes_out_in_three_taps_on_a_phone(
    desk: Page, city: Organization, operator: Operator
) -> None:
    town.ready(city, operator, "参集")
    desk.set_viewport_size(PHONE)
    enter(desk, city, operator)
    wide = [overflow(desk)]

    desk.get_by_role("button", name="参集").first.click()
    desk.wait_for_url("**/confirm/")
    wide.append(overflow(desk))
    desk.get_by_role("button", name="3人に送信する").click()
    desk.wait_for_url("**/console/broadcasts/*/")
    wide.append(overflow(desk))

    assert 1 == launched(city)
    assert [0, 0, 0] == wide


@pytest.mark.spec("ALL-6")
def test_it_is_sent_by_keyboard_and_without_script(
    desk: Page, city: Organization, operator: Operator, address: str
) -> None:
    draft = town.draft(city, operator, drill=True)
    browser = desk.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    enter(page, city, operator)
    page.goto(f"/console/drafts/{draft.pk}/confirm/")
    page.get_by_role("button", name="訓練として").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/broadcasts/*/")
    page.go_back()

    assert 1 == launched(city)
    assert page.get_by_text("訓練").first.is_visible()
    context.close()
