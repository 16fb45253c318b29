"""The banner in a real browser: on a page that stays open, for a screen reader, on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries.watch.models import Alarm, AlarmKind
from tests.tour import WIDTHS
from tests.web.console.alarms.test_banner import gateway_down, raised
from tests.web.console.conftest import enter, hire
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("OPS-5")]


def test_it_comes_and_goes_on_a_page_that_stays_open(desk: Page, city: Organization) -> None:
    enter(desk, city, hire(city, "boss"))
    alarm = desk.locator(".alarms .say")
    expect(alarm).to_have_count(0)

    gateway_down(city)
    expect(alarm).to_have_attribute("role", "alert", timeout=20_000)
    with tenancy.acting_for(city.pk):
        Alarm.objects.all().delete()
    expect(alarm).to_have_count(0, timeout=20_000)


@pytest.mark.spec("ALL-6")
def test_axe_finds_nothing_and_it_fits_a_phone(desk: Page, city: Organization) -> None:
    boss = hire(city, "boss")
    gateway_down(city)
    raised(city, AlarmKind.OPERATOR_MAIL, operator_id=boss.pk, words={"reply": "550 " + "x" * 90})
    enter(desk, city, boss)
    found = {}
    for width, height in WIDTHS.items():
        desk.set_viewport_size({"width": width, "height": height})
        desk.goto("/console/people/")
        desk.locator(".alarms summary").click()
        found[width] = [one["id"] for one in Axe().run(desk).response["violations"]]
        wide = desk.evaluate("document.documentElement.scrollWidth")
        assert wide <= width

    assert {key: [] for key in WIDTHS} == found
