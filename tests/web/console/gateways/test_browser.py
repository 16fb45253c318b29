"""A mail server in a real browser, from its first test to its first use: POP before SMTP, with real servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts.models import Organization
from denrei.web.console.gateways import forms
from tests.peers import dovecot, postfix
from tests.peers.doorkeeper import Doorkeeper, doorkeeper
from tests.peers.receiving import receiving
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = [
    needs_chromium,
    pytest.mark.spec("MSG-6"),
    pytest.mark.peers,
    pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not()),
    pytest.mark.skipif(bool(dovecot.why_not()), reason=dovecot.why_not()),
]


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doorkeeper]:
    """Run dovecot and postfix; the form offers their ports."""
    with ExitStack() as stack:
        port = stack.enter_context(receiving(tmp_path / "mail.jsonl"))
        pop = stack.enter_context(dovecot.dovecot())
        keeper = stack.enter_context(doorkeeper(pop.log, 600))
        relay = stack.enter_context(postfix.relay(port, *keeper.lines))
        monkeypatch.setattr(forms, "_WAYS", {f"{relay}/none": "社内"})
        monkeypatch.setattr(forms, "_POP_WAYS", {f"{pop.pop3}/none": "社内のPOP"})
        yield keeper


@pytest.mark.parametrize("width", [1280, 390])
def test_a_server_with_pop_before_smtp_is_tested_and_registered(
    desk: Page, city: Organization, keeper: Doorkeeper, width: int
) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    enter(desk, city, hire(city, "chief"))
    desk.goto("/console/gateways/")
    desk.get_by_role("link", name="メールサーバーを追加").click()
    desk.get_by_label("名称").fill("庁内メール")
    desk.get_by_label("ホスト", exact=False).first.fill("127.0.0.1")
    desk.get_by_label("ポートと暗号化").first.select_option(label="社内")
    desk.get_by_label("差出人のアドレス").fill("bousai@city.example")
    desk.get_by_text("POP before SMTP", exact=True).click()
    desk.get_by_label("POPサーバーのホスト").fill("127.0.0.1")
    desk.get_by_label("POPサーバーのポートと暗号化").select_option(label="社内のPOP")
    desk.get_by_label("POPサーバーのユーザー名").fill(dovecot.USER)
    desk.get_by_label("POPサーバーのパスワード").fill("wrong")
    desk.get_by_role("button", name="保存せずに接続を確かめる").click()
    told = desk.get_by_role("alert")
    expect(told.get_by_text("POPサーバーが、サインインを断りました。")).to_be_visible(
        timeout=30_000
    )
    expect(desk.get_by_label("POPサーバーのホスト")).to_have_value("127.0.0.1")
    expect(desk.get_by_label("POPサーバーのパスワード")).to_have_value("")
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    desk.get_by_label("POPサーバーのパスワード").fill(dovecot.PASSWORD)
    desk.get_by_role("button", name="接続を確かめて保存").click()
    expect(desk.get_by_text("送信経路「庁内メール」を登録しました。")).to_be_visible(timeout=30_000)
    desk.get_by_role("link", name="庁内メール").click()
    desk.get_by_role("button", name="保存した内容で接続を確かめる").click()
    expect(told.get_by_text("接続できました")).to_be_visible(timeout=30_000)
    expect(told.get_by_text("差出人（MAIL FROM）")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert keeper.logins == 2

    desk.get_by_role("button", name="使用を止める").click()
    expect(desk.get_by_text("止めています")).to_be_visible()
    desk.get_by_text("この送信経路を削除").click()
    desk.get_by_role("button", name="「庁内メール」を削除する").click()
    expect(desk.get_by_text("送信経路「庁内メール」を削除しました。")).to_be_visible()
