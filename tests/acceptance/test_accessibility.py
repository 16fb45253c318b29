"""axe-core finds nothing to complain of on the pages of the console (ALL-6, WCAG 2.2 AA)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.tour import WIDTHS, running_demo, tour, visitor
from tests.web.serving import needs_chromium

pytestmark = needs_chromium
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def complaints() -> dict[str, list[str]]:
    """What axe says of each page that it does not like, at both widths."""
    found: dict[str, list[str]] = {}
    with running_demo(people=60) as address:
        for width in WIDTHS:
            with visitor(address, width) as page:
                for name in tour(page):
                    said = Axe().run(page, options=_RULES).response["violations"]
                    if said:
                        found[f"{name}-{width}"] = [_words(violation) for violation in said]
    return found


def _words(violation: dict) -> str:
    nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']} ({nodes})"


@pytest.mark.spec("ALL-6")
def test_axe_finds_nothing(complaints: dict[str, list[str]]) -> None:
    assert {} == complaints
