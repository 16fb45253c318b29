"""Pictures of the console: each stop of the tour, and those of the manual.

`python -m tests.pictures FOLDER` (that is `make screenshots`) saves each stop at 1280 and 390 px into a
folder, and renews the pictures of `docs/tutorial/manual`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.tour import WIDE, WIDTHS, tour, visitor
from tools.running_demo import running_demo

MANUAL = Path(__file__).parents[1] / "docs" / "tutorial" / "manual" / "pictures"
#: Stops that the manual shows, as a desk sees them without turning a wheel.
SHOWN = frozenset(
    {"sign-in", "home", "people", "person", "import-examined", "masters", "templates", "compose"}
    | {
        "template-confirm",
        "broadcast",
        "wall",
        "attention",
        "status",
        "sequel",
        "received",
        "settings",
    }
)


def main(folder: Path) -> None:
    """Save a picture of each stop at each width."""
    folder.mkdir(parents=True, exist_ok=True)
    MANUAL.mkdir(parents=True, exist_ok=True)
    with running_demo() as address:
        for width in WIDTHS:
            with visitor(address, width) as page:
                for name in tour(page):
                    page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
                    if width == max(WIDTHS) and name in SHOWN:
                        page.evaluate("scrollTo(0, 0)")
                        page.screenshot(path=MANUAL / f"{name}.png")
                    if name in WIDE and width == max(WIDTHS):
                        _picture_wide(page, folder, name)


def _picture_wide(page: Page, folder: Path, name: str) -> None:
    """Save a picture as a large screen shows it, and go back to the width of before."""
    before, (width, height) = page.viewport_size, WIDE[name]
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=folder / f"{name}-{width}.png")
    if before is not None:
        page.set_viewport_size(before)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
