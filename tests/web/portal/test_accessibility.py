"""axe-core finds nothing to complain of on the pages of recipients, and they fit at twice the size (ALL-6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from denrei.deliveries import cancel
from tests.responses.sent import send
from tests.web.serving import chromium, needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("ALL-6")]
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def pages() -> Iterator[tuple[str, str]]:
    """Yield a name and a path for each state that a page can be in."""
    yield "question", send().path()
    yield "english", send(language="en").path()
    yield "drill", send("寿限無" * 13, drill=True).path()
    yield "confirmation", send(choices=()).path()
    ended = send()
    cancel.stop(ended.organization.pk, ended.broadcast_id)
    yield "after the end", ended.path()
    household = send("山田 花子", "山田 太郎", "山田 次郎", "寿限無" * 13, shared=True)
    household.reply("3", comment="あ" * 100)
    yield "household", household.path()
    yield "thanks", f"{household.path()}?done={household.people[0]}"
    yield "nothing there", "/r/nothing"


def too_wide(tab: Page) -> bool:
    """Tell whether something sticks out at the side."""
    return bool(tab.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_axe_finds_nothing_and_nothing_sticks_out(address: str) -> None:
    states = dict(pages())
    complaints: dict[str, list[str]] = {}
    wide = []

    with chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 640})
        tab = context.new_page()
        for name, path in states.items():
            tab.goto(address + path)
            wide += [name] if too_wide(tab) else []
            for details in tab.locator("details").all():
                details.locator("summary").click()
            said = Axe().run(tab, options=_RULES).response["violations"]
            complaints |= {name: [one["id"] for one in said]} if said else {}
        context.close()

    assert (complaints, wide) == ({}, [])
