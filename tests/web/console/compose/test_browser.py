"""The compose page in a real browser: counters, dependent choices, the leaving question, a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from denrei.accounts.models import Operator, Organization, Role
from denrei.domain import text
from tests.web.console.compose.conftest import Desktop
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = needs_chromium
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def operator(city: Organization) -> Operator:
    """A sender of the whole city."""
    return hire(city, "sender", Role.SENDER)


@pytest.fixture
def form(desk: Page, desktop: Desktop, operator: Operator) -> Iterator[Page]:
    """The compose page as an operator opened it; at the end, nothing of it was refused or failed."""
    wrong: list[str] = []
    enter(desk, desktop.city, operator)
    desk.on("pageerror", lambda error: wrong.append(str(error)))
    desk.on("console", lambda told: wrong.append(told.text) if _is_wrong(told) else None)
    desk.goto("/console/compose/")
    yield desk
    assert [] == wrong


def _is_wrong(told: ConsoleMessage) -> bool:
    """Tell errors of ours; that a form was refused (422) is none."""
    return told.type == "error" and "status of 422" not in told.text


@pytest.mark.spec("MSG-2")
def test_the_counter_counts_as_the_server_does(form: Page) -> None:
    words = [
        "", "あいう", "𠮷野家", "髙﨑", "か\u3099", "ｶﾞｷﾞ", "👨‍👩‍👧が", "🇯🇵🇺🇸", "👍🏽", "葛\U000e0100", "a\u0301bc",
        "e\u200d", "☎️", "한글",
    ]  # fmt: skip
    found = []
    for typed in words:
        form.get_by_label("発生場所").fill(typed)
        found.append(form.locator("[data-count-of=place]").inner_text())

    assert [f"{text.length(typed)}／20" for typed in words] == found


@pytest.mark.spec("MSG-2")
def test_what_depends_on_the_incident_type_follows_without_a_reload(form: Page) -> None:
    form.get_by_label("状況の補足").fill("入力の途中です")

    form.get_by_label("発生区分").select_option(label="不審者情報")

    expect(form.get_by_label("状況区分")).to_contain_text("不審者の目撃情報あり")
    expect(form.get_by_label("指示区分")).to_contain_text("お迎えをお願いします")
    assert "入力の途中です" == form.get_by_label("状況の補足").input_value()


@pytest.mark.spec("MSG-3", "ALL-8")
def test_preview_and_counts_follow_what_is_typed(form: Page) -> None:
    form.get_by_label("発生区分").select_option(label="地震発生")
    form.get_by_label("発生場所").fill("汐見原市全域")
    expect(form.locator("#mail-ja")).to_contain_text("発生場所：汐見原市全域")

    form.get_by_label("消防団").check()
    expect(form.locator("#reach")).to_contain_text("送信する人数 2 人")
    form.get_by_label("課長").check()
    expect(form.get_by_label("両方に当てはまる人")).to_be_visible()
    expect(form.locator("#reach")).to_contain_text("いずれか 3人")
    expect(form.locator("#reach")).to_contain_text("両方に当てはまる人 1人")

    form.get_by_label("訓練として送信").check()
    expect(form.locator(".band--drill")).to_be_visible()
    expect(form.locator(".band--live")).to_be_hidden()
    form.get_by_label("発生場所").fill("駅")
    expect(form.locator("#mail-ja .pv__subj")).to_have_text("【訓練】地震発生")


def test_the_keyboard_steps_the_time_and_stays_where_it_was(form: Page) -> None:
    form.locator("#occurred-hour").fill("23")
    form.locator("#hour-on").focus()
    form.keyboard.press("Enter")

    expect(form.locator("#occurred-hour")).to_have_value("0")
    expect(form.locator("#hour-on")).to_be_focused()


def test_people_are_found_by_enter_and_chosen(form: Page) -> None:
    form.get_by_label("名簿から探す").fill("高崎")
    form.get_by_label("名簿から探す").press("Enter")
    form.get_by_role("button", name="髙﨑 𠮷を加える").click()

    expect(form.get_by_role("button", name="髙﨑 𠮷を外す")).to_be_visible()
    expect(form.locator("#summary")).to_contain_text("1人／1件")


def test_a_list_narrows_as_one_types(form: Page) -> None:
    form.get_by_label("連絡グループを絞り込む").fill("ショウボウ")
    expect(form.get_by_label("本庁")).to_be_hidden()

    form.get_by_label("連絡グループを絞り込む").fill("消防")
    expect(form.get_by_label("消防団")).to_be_visible()


@pytest.mark.spec("MSG-4")
def test_leaving_an_edited_form_asks_yes_or_no(form: Page) -> None:
    form.get_by_label("発生場所").fill("駅")

    form.get_by_role("link", name="ホーム", exact=True).click()
    form.get_by_role("button", name="いいえ").click()
    assert form.url.endswith("/console/compose/")
    assert "駅" == form.get_by_label("発生場所").input_value()

    form.get_by_role("link", name="ホーム", exact=True).click()
    form.get_by_role("button", name="はい").click()
    form.wait_for_url("**/console/")


@pytest.mark.spec("MSG-4")
def test_what_is_not_edited_or_is_saved_is_left_without_a_question(form: Page) -> None:
    form.get_by_label("発生場所").fill("駅")
    form.get_by_role("button", name="下書きに保存").click()
    expect(form.get_by_text("まだ送信していません")).to_be_visible()

    form.get_by_role("link", name="ホーム", exact=True).click()

    form.wait_for_url("**/console/")


@pytest.mark.spec("MSG-4")
def test_what_came_back_with_faults_is_still_asked_for(form: Page) -> None:
    form.get_by_label("発生場所").fill("駅")
    form.get_by_role("button", name="内容と届く見込みを確認").click()
    expect(form.get_by_role("alert")).to_contain_text("発生区分を選んでください。")

    form.get_by_role("link", name="ホーム", exact=True).click()

    expect(form.get_by_role("button", name="いいえ")).to_be_visible()


def test_it_all_works_without_script(
    desktop: Desktop, operator: Operator, desk: Page, address: str
) -> None:
    browser: Browser | None = desk.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=address, viewport=PHONE)
    page = context.new_page()
    enter(page, desktop.city, operator)
    page.goto("/console/compose/")
    page.get_by_label("発生区分").select_option(label="地震発生")
    page.get_by_role("button", name="選択肢を切り替える").click()
    page.get_by_label("状況区分").select_option(label="津波のおそれあり")
    page.get_by_label("消防団").check()
    page.get_by_label("発生場所").fill("港")
    page.get_by_label("発生場所").press("Enter")  # only shows the page anew
    assert page.url.endswith("/console/compose/")
    page.get_by_role("button", name="内容と届く見込みを確認").click()

    page.wait_for_url("**/confirm/")
    context.close()


@pytest.mark.spec("OPS-2")
def test_a_ready_message_is_sent_from_a_phone_in_three_taps(form: Page, desktop: Desktop) -> None:
    form.goto("/console/templates/new/")
    form.get_by_label("定型連絡の名前").fill("地震・消防団")
    form.get_by_label("発生区分").select_option(label="地震発生")
    form.get_by_label("消防団").check()
    form.get_by_role("button", name="定型連絡を保存").click()
    form.set_viewport_size(PHONE)
    form.goto("/console/")

    form.get_by_role("link", name="すべて見る").first.click()
    form.get_by_role("button", name="地震・消防団を本番として確認へ").click()
    form.locator("main form button[type=submit]").filter(has_text="送信する").click()

    form.wait_for_url("**/console/broadcasts/**")
    assert "/console/broadcasts/" in form.url


@pytest.mark.parametrize("page", ["compose/", "drafts/", "templates/", "templates/new/"])
def test_nothing_is_wider_than_a_phone(form: Page, page: str) -> None:
    form.set_viewport_size(PHONE)
    form.goto(f"/console/{page}")

    assert 390 == form.evaluate("document.documentElement.scrollWidth")


@pytest.mark.spec("ALL-6")
def test_the_focus_stays_where_a_pressed_button_has_gone(form: Page) -> None:
    form.locator("button[value='remove:mail']").press("Enter")

    expect(form.locator("#use-mail")).to_be_focused()
