"""Every page of the console on the demo's data: from the request to the last octet, on the same machine.

The pages are those that links lead to, one for each address (numbers in it apart), as an administrator
sees them once the demo's broadcasts are over.
"""

from __future__ import annotations

import http.cookiejar
import re
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Iterator

from bench.rows import Bench, Goal, Reading, Row, Scale
from denrei.project.demo.play import SLUG
from denrei.project.demo.staff import CLERKS, PASSWORD
from tools.running_demo import running_demo

_SLOWEST, _MIDDLE = "the slowest page", "half of the pages"
_TIMES = 7
#: Seconds until what the demo sends and hears is over.
_QUIET = 90.0
_LINK = re.compile(r'href="(/console/[^"#]*)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
#: Files, and what goes on for ever.
_NO_PAGES = re.compile(r"\.(csv|xlsx)|/file/|/events/|/csv/|/proof/$")


class _Browser:
    """Keeps cookies, follows redirects, and tells how long an answer took."""

    def __init__(self, address: str) -> None:
        self._address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def sign_in(self) -> None:
        page, _ = self.get("/console/sign-in/")
        found = _TOKEN.search(page)
        assert found
        said = {
            "csrfmiddlewaretoken": found[1],
            "organization": SLUG,
            "login": CLERKS[0].login,
            "password": PASSWORD,
        }
        body = urllib.parse.urlencode(said).encode()
        self._opener.open(f"{self._address}/console/sign-in/", body, timeout=30).read()

    def get(self, path: str) -> tuple[str, float]:
        """Return a page and the milliseconds that it took."""
        began = time.perf_counter()
        with self._opener.open(self._address + path, timeout=30) as answer:
            text = answer.read().decode("utf-8", "replace")
        return text, (time.perf_counter() - began) * 1000


def _pages(browser: _Browser) -> list[str]:
    """Return one path of each address that links lead to."""
    known: dict[str, str] = {}
    waiting = deque(["/console/"])
    while waiting:
        path = waiting.popleft()
        shape = re.sub(r"\d+", "0", path.partition("?")[0])
        if shape in known or _NO_PAGES.search(path):
            continue
        known[shape] = path
        try:
            text, _ = browser.get(path)
        except urllib.error.HTTPError:  # a button, not a page
            del known[shape]
            continue
        waiting += [link.replace("&amp;", "&") for link in _LINK.findall(text)]
    return list(known.values())


def _measure(scale: Scale) -> Iterator[Reading]:
    """Each page seven times, one after the other; of a page its median counts."""
    people = scale.of(2_000, 200)
    with running_demo(people) as address:
        time.sleep(scale.of(int(_QUIET), 5))
        browser = _Browser(address)
        browser.sign_in()
        paths = _pages(browser)
        for _ in range(scale.rounds):
            took = {path: _median(browser, path) for path in paths}
            for path in sorted(took, key=took.__getitem__, reverse=True)[:5]:
                print(f"{took[path]:7.1f} ms  {path}", file=sys.stderr)
            more = {"pages": float(len(paths))}
            yield Reading(row=_SLOWEST, value=max(took.values()), people=people, more=more)
            yield Reading(row=_MIDDLE, value=statistics.median(took.values()), people=people)


def _median(browser: _Browser, path: str) -> float:
    return statistics.median(browser.get(path)[1] for _ in range(_TIMES))


BENCH = Bench(
    name="pages",
    rows=(
        Row(name=_SLOWEST, unit="ms", goal=Goal(most=100)),
        Row(name=_MIDDLE, unit="ms", goal=Goal(most=100)),
    ),
    measure=_measure,
)
