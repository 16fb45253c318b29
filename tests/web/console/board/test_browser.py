"""The board in a real browser: it changes by itself, and says how fresh it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts.models import Operator, Organization
from denrei.web.console.board import stream, watching
from tests.web.console.board.conftest import Town
from tests.web.console.conftest import enter
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.usefixtures("address")]
LIVE, POLLED = "自動更新中", "5秒ごとに更新"


@pytest.fixture(autouse=True)
def _streams_end_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notice soon that a browser is gone: the server of the tests waits for its threads."""
    monkeypatch.setattr(stream, "BEAT", 0.5)


@pytest.fixture
def board(desk: Page, asked: Town, city: Organization, operator: Operator) -> Page:
    enter(desk, city, operator)
    desk.goto(asked.address)
    return desk


@pytest.mark.spec("ALL-4")
def test_an_answer_shows_without_a_reload(board: Page, asked: Town) -> None:
    expect(board.locator("[data-mark-words]")).to_contain_text(LIVE)
    board.evaluate("window.notReloaded = true")
    tab = board.locator("#tab-help")
    tab.focus()

    asked.answers(asked.people()[0], asked.help)

    expect(board.get_by_role("alert")).to_contain_text("担当のいない方が1人います")
    expect(board.locator("#n-help")).to_have_text("1")
    expect(tab).to_be_focused()
    assert board.evaluate("window.notReloaded")


@pytest.mark.spec("NEW-4")
def test_a_button_that_came_by_the_stream_works(board: Page, asked: Town) -> None:
    expect(board.locator("[data-mark-words]")).to_contain_text(LIVE)
    asked.answers(asked.people()[0], asked.help)

    board.get_by_role("button", name="担当になる").click()

    expect(board.get_by_text("担当になりました。")).to_be_visible()


@pytest.mark.spec("ALL-4")
def test_where_no_stream_is_to_be_had_the_page_asks_by_itself(
    desk: Page,
    asked: Town,
    city: Organization,
    operator: Operator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "HUB", watching.Hub(0))
    enter(desk, city, operator)
    desk.goto(asked.address)
    expect(desk.locator("[data-mark-words]")).to_contain_text(POLLED)

    asked.answers(asked.people()[0], asked.help)

    expect(desk.locator("#n-help")).to_have_text("1", timeout=15_000)


def test_a_page_that_nobody_sees_holds_no_stream(board: Page) -> None:
    expect(board.locator("[data-mark-words]")).to_contain_text(LIVE)

    board.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )

    expect(board.locator("[data-mark]")).not_to_have_attribute("data-mark", "live")


def test_without_script_the_list_is_narrowed_by_links(
    desk: Page, asked: Town, city: Organization, operator: Operator
) -> None:
    asked.answers(asked.people()[0], asked.help)
    enter(desk, city, operator)
    state = desk.context.storage_state()
    assert desk.context.browser is not None
    plain = desk.context.browser.new_context(
        java_script_enabled=False,
        storage_state=state,
        base_url=desk.url.split("/console")[0],
    )
    page = plain.new_page()

    page.goto(asked.address)
    page.locator("#tab-help").click()

    assert 1 == page.locator("#list tbody tr").count()
    assert "現在" in page.locator("#live").inner_text()
    plain.close()


@pytest.mark.spec("ALL-4")
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (3840, 2160)])
def test_a_wall_needs_no_scrolling(
    desk: Page, asked: Town, city: Organization, operator: Operator, width: int, height: int
) -> None:
    enter(desk, city, operator)
    desk.set_viewport_size({"width": width, "height": height})

    desk.goto(f"{asked.address}wall/")

    assert desk.evaluate(
        "[document.documentElement.scrollWidth <= innerWidth, document.documentElement.scrollHeight <= innerHeight,"
        " [...document.querySelectorAll('.w-card')].every((one) => one.scrollHeight <= one.clientHeight + 2)]"
    ) == [True, True, True]
    expect(desk.locator("[data-mark-words]")).to_contain_text(LIVE)


@pytest.mark.spec("ALL-6")
def test_nothing_is_wider_than_a_phone(board: Page) -> None:
    board.set_viewport_size({"width": 320, "height": 700})

    assert board.evaluate("document.documentElement.scrollWidth") <= 320
