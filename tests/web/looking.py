"""What can be measured of a page that a browser shows: axe's complaints, what is cut off, its weight."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(e => !/woff2?$/.test(e.name) && !['xmlhttprequest', 'fetch', 'other'].includes(e.initiatorType))
  .reduce((sum, e) => sum + e.decodedBodySize, 0)"""
_OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const beyond = document.documentElement.scrollWidth - width;
  if (beyond <= 0) return "";
  const wide = [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > width && !e.closest(".scroller"));
  return `${beyond} px: ${wide.slice(-3).map(e => e.outerHTML.slice(0, 120)).join(" | ")}`;
}"""


def complaints(page: Page) -> list[str]:
    """Return what axe-core says against a page (WCAG 2.2 AA and best practice), with three places each."""
    found = Axe().run(page, options=_RULES).response["violations"]
    return [_words(violation) for violation in found]


def _words(violation: dict[str, Any]) -> str:
    nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']} ({nodes})"


def overflow(page: Page) -> str:
    """Return how far a page reaches beyond its window and what does so; "" where nothing does."""
    return str(page.evaluate(_OVERFLOW))


def weight(page: Page) -> int:
    """Return the octets of a page with all that belongs to it, uncompressed, without fonts and what moves later."""
    return int(page.evaluate(_WEIGHT))
