"""Mailboxes in a real browser: a failed trial says where it failed, and the waiver saves all the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts.models import Organization
from denrei.outcomes.mailboxes import registering
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("MSG-7")]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_mailbox_is_registered_though_its_server_is_away(
    desk: Page, city: Organization, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    for key in registering.PORTS:
        monkeypatch.setitem(registering.PORTS, key, 1)
    desk.set_viewport_size({"width": width, "height": 900})
    enter(desk, city, hire(city, "chief"))
    desk.goto("/console/mailboxes/new/")
    desk.get_by_label("名称").fill("代表アドレス")
    desk.get_by_label("ホスト").fill("127.0.0.1")
    desk.get_by_label("利用者名").fill("bousai")
    desk.get_by_label("パスワード").fill("pass")
    desk.get_by_role("button", name="接続を確かめて保存").click()
    expect(desk.get_by_role("alert").get_by_text("接続を確かめられませんでした")).to_be_visible()
    expect(desk.get_by_label("ホスト")).to_have_value("127.0.0.1")
    expect(desk.get_by_label("パスワード")).to_have_value("")

    desk.get_by_label("パスワード").fill("pass")
    desk.get_by_label("接続を確かめずに保存する").check()
    desk.get_by_role("button", name="接続を確かめて保存").click()

    expect(desk.get_by_text("メールボックス「代表アドレス」を登録しました。")).to_be_visible()
    desk.get_by_role("link", name="代表アドレス").click()
    desk.get_by_role("button", name="保存した内容で接続を確かめる").click()
    expect(desk.get_by_role("alert").get_by_text("失敗")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
