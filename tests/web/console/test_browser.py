"""The console in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page

from denrei.accounts.models import Organization
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = needs_chromium


def test_an_operator_signs_in(desk: Page, city: Organization) -> None:
    enter(desk, city, hire(city, "admin"))

    assert desk.get_by_role("heading", name="ホーム").is_visible()
