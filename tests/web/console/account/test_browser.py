"""Second factors in a real browser: an app's code, and a passkey with a virtual authenticator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts.models import Operator, Organization
from tests.web.console.account.steps import acts, code_of
from tests.web.console.conftest import PASSWORD, enter, hire
from tests.web.serving import needs_chromium

pytestmark = needs_chromium


def give_password(page: Page, operator: Operator, address: str = "") -> None:
    page.goto(f"{address}/console/sign-in/")
    page.get_by_label("利用者ID").fill(operator.login)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="サインアウト", exact=True).click()
    page.wait_for_url("**/console/sign-in/**")


def plug_in_authenticator(page: Page) -> None:
    """Give the browser an authenticator that always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_passkey(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/console/account/passkeys/add/")
    page.get_by_label("名前").fill(name)
    page.get_by_role("button", name="パスキーを登録する").click()


@pytest.mark.spec("SMS-13")
def test_an_operator_sets_an_app_up_and_signs_in_with_its_code(
    desk: Page, city: Organization
) -> None:
    operator = hire(city, "tanaka")
    enter(desk, city, operator)
    desk.get_by_role("link", name="自分の設定").first.click()
    desk.get_by_role("link", name="二要素認証を設定する").click()
    desk.get_by_role("link", name="認証アプリを登録する").click()
    desk.get_by_text("キーを手で入力する").click()
    secret = desk.locator(".key").inner_text().replace(" ", "")
    desk.get_by_label("確認コード").fill(code_of(secret))
    desk.get_by_role("button", name="認証アプリを登録する").click()
    with desk.expect_download() as saving:
        desk.get_by_role("link", name="ファイルに保存する").click()
    saved = Path(saving.value.path()).read_text(encoding="utf-8")
    shown = desk.locator(".codes li").all_inner_texts()
    sign_out(desk)

    give_password(desk, operator)
    desk.get_by_label("確認コード").fill(code_of(secret))
    desk.get_by_role("button", name="サインインする").click()

    desk.wait_for_url("**/console/")
    assert shown == re.findall(r"\d{4} \d{4}", saved)
    assert 10 == len(shown)


@pytest.mark.spec("OPS-4")
def test_an_operator_adds_a_passkey_and_signs_in_with_it(
    desk: Page, city: Organization, address: str
) -> None:
    operator, local = hire(city, "tanaka"), address.replace("127.0.0.1", "localhost")
    plug_in_authenticator(desk)
    give_password(desk, operator, local)
    add_passkey(desk, local, "職場のパソコン")
    desk.get_by_role("link", name="保管しました").click()
    expect(desk.get_by_text("職場のパソコン").first).to_be_visible()
    sign_out(desk)

    give_password(desk, operator, local)
    desk.get_by_role("button", name="パスキーで確かめる").click()

    desk.wait_for_url("**/console/")
    assert ["second_factor.added", "second_factor.added", "second_factor.used"] == acts(
        city, "second_factor"
    )


def test_a_machine_whose_passkey_is_there_already_says_so(
    desk: Page, city: Organization, address: str
) -> None:
    local = address.replace("127.0.0.1", "localhost")
    plug_in_authenticator(desk)
    give_password(desk, hire(city, "tanaka"), local)
    add_passkey(desk, local, "1つ目")
    desk.wait_for_url("**/codes/")

    add_passkey(desk, local, "2つ目")

    expect(desk.get_by_text("すでに登録されています")).to_be_visible()
