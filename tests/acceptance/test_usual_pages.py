"""The pages of a demo under way: axe has no complaint, nothing is cut off, none is heavy (ALL-6, WCAG 2.2 AA)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.tour import WIDTHS, tour, visitor
from tests.web import looking
from tests.web.serving import needs_chromium
from tools.running_demo import running_demo

pytestmark = [needs_chromium, pytest.mark.spec("ALL-6")]
#: Octets of a page with all that it loads, uncompressed, without fonts.
HEAVY = 150_000
#: As narrow as a page must be readable: a desk of 1280 px at 400 % (WCAG 1.4.10).
NARROW = 320
#: What may weigh more: the board has everything of a broadcast on one page and keeps itself up to date; in the
#: style guide there is more than on any page.
_LIMITS = {"broadcast": 175_000, "styleguide": 400_000}


@dataclass
class Seen:
    """What is not as it must be, by "page-width"."""

    complaints: dict[str, list[str]] = field(default_factory=dict)
    beyond: dict[str, str] = field(default_factory=dict)
    heavy: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Walk through the pages at both widths, and make each as narrow as can be."""
    found = Seen()
    with running_demo(people=60) as address:
        for width in WIDTHS:
            with visitor(address, width) as page:
                for name in tour(page):
                    if said := looking.complaints(page):
                        found.complaints[f"{name}-{width}"] = said
                    if (weight := looking.weight(page)) > _LIMITS.get(name, HEAVY):
                        found.heavy[f"{name}-{width}"] = weight
                    for narrow in (width, NARROW if width < 1000 else width // 2):
                        page.set_viewport_size({"width": narrow, "height": WIDTHS[width]})
                        if beyond := looking.overflow(page):
                            found.beyond[f"{name}-{narrow}"] = beyond
                    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    return found


def test_axe_finds_nothing(seen: Seen) -> None:
    assert {} == seen.complaints


def test_nothing_is_cut_off_at_any_width(seen: Seen) -> None:
    assert {} == seen.beyond


def test_no_page_is_heavy(seen: Seen) -> None:
    assert {} == seen.heavy
