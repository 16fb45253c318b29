"""Settings in a real browser: what would shut out who saves is refused, with what was typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from denrei.accounts.models import Organization
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("SMS-13")]


def test_a_save_that_shuts_oneself_out_is_refused_then_mended(
    desk: Page, city: Organization
) -> None:
    enter(desk, city, hire(city, "chief"))
    desk.goto("/console/settings/")
    desk.get_by_role("link", name="変更 （接続元の制限）").click()
    allowed = desk.get_by_label("サインインできる接続元")
    allowed.fill("192.0.2.0/24")
    desk.get_by_role("button", name="保存する").click()
    expect(desk.get_by_text("今の接続元「127.0.0.1」が含まれていません")).to_be_visible()
    expect(allowed).to_have_value("192.0.2.0/24")

    allowed.fill("192.0.2.0/24\n127.0.0.1")
    desk.get_by_role("button", name="保存する").click()

    expect(desk.get_by_text("「接続元の制限」を保存しました。")).to_be_visible()
    expect(desk.get_by_text("127.0.0.1/32")).to_be_visible()
