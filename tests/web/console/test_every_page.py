"""Every page, with nothing in it and with too much: axe has no complaint, nothing is cut off, none is heavy.

At the width of a desk axe looks at the pages of a demo (tests/acceptance/test_usual_pages.py).

`DENREI_PICTURES=FOLDER` saves each at 1280 and 390 px.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page

from denrei.accounts.models import Organization
from tests.web import looking
from tests.web.console.belongings import Belongings
from tests.web.console.conftest import browser, enter, hire
from tests.web.console.overfull import overfull
from tests.web.console.test_isolation import every_address
from tests.web.serving import needs_chromium

pytestmark = [needs_chromium, pytest.mark.spec("ALL-6")]
#: Pixels; 640 is a desk at 200 % (WCAG 1.4.4), 320 a small phone or a desk at 400 % (1.4.10).
DESK, ZOOMED, PHONE, SMALL = 1280, 640, 390, 320
#: Octets of a page that offers five hundred groups or shows names of forty characters; usual ones weigh less
#: (tests/acceptance/test_usual_pages.py).
HEAVY = 300_000
#: Sends away whoever has signed in, or ends his session.
_NOT_VISITED = frozenset({"account_login", "console:sign-in", "console:sign-out"})
_PICTURES = os.environ.get("DENREI_PICTURES", "")


@dataclass
class Found:
    """What was found of the pages, by "page at width"."""

    visited: set[str] = field(default_factory=set)
    complaints: dict[str, list[str]] = field(default_factory=dict)
    beyond: dict[str, str] = field(default_factory=dict)
    heavy: dict[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """Fail with everything that is not as it must be."""
        told = [
            f"{place}: {what}"
            for faults in (self.complaints, self.beyond, self.heavy)
            for place, what in faults.items()
        ]
        if told:
            pytest.fail("\n".join(told), pytrace=False)


def pages(client: Client, things: Belongings | None) -> Iterator[tuple[str, str]]:
    """Yield name and path of each page that an administrator can open; without things, of those about none."""
    for address in every_address():
        if address.name in _NOT_VISITED or (address.keys and things is None):
            continue
        path = address.path(things) if things else address.path(Belongings(mark="", ids={}))
        response = client.get(path)
        is_whole = response.status_code == HTTPStatus.OK and not response.streaming
        if is_whole and b"<html" in response.content[:200]:
            yield address.name, path


def walk(desk: Page, paths: list[tuple[str, str]], world: str) -> Found:
    """Look at each page at each width."""
    found = Found()
    for name, path in paths:
        desk.set_viewport_size({"width": DESK, "height": 900})
        desk.goto(path)
        desk.wait_for_load_state()
        found.visited.add(name)
        if (weight := looking.weight(desk)) > HEAVY:
            found.heavy[f"{name} weighs"] = weight
        for width in (DESK, ZOOMED, PHONE, SMALL):
            _look(desk, found, f"{name} at {width}", width)
            if _PICTURES and width in (DESK, PHONE):
                where = Path(_PICTURES) / f"{world}-{name.replace(':', '-')}-{width}.png"
                desk.screenshot(path=where, full_page=True)
    return found


def _look(desk: Page, found: Found, place: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    if beyond := looking.overflow(desk):
        found.beyond[place] = beyond
    if width == PHONE and (said := looking.complaints(desk)):
        found.complaints[f"{place}: axe"] = said


def test_with_nothing_in_them(desk: Page, city: Organization) -> None:
    clerk = hire(city, "admin")
    paths = list(pages(browser(city, clerk), None))
    enter(desk, city, clerk)

    found = walk(desk, paths, "empty")

    found.check()
    assert len(found.visited) > 20


def test_with_too_much_in_them(desk: Page) -> None:
    city, things = overfull()
    clerk = hire(city, "admin")
    paths = list(pages(browser(city, clerk), things))
    enter(desk, city, clerk)

    found = walk(desk, paths, "overfull")

    found.check()
    assert len(found.visited) > 60
