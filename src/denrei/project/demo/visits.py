"""One visit to an answer page: by a person who reads, answers or changes the answer, or a scanner."""

from __future__ import annotations

import dataclasses
import random
import threading
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin

from denrei.project.demo import answerpage, tempers
from denrei.project.demo.answerpage import AnswerForm
from denrei.project.demo.browser import Browser, Page, VisitError

#: How a person's phone names itself.
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1"
)
_SCANNER = "Mozilla/5.0 (compatible; MailLinkScanner/2.1)"


class Purpose(StrEnum):
    """Why a page is visited."""

    #: A mail scanner or link preview fetches it, with HEAD and then GET.
    SCAN = "scan"
    #: A person reads it and leaves.
    PEEK = "peek"
    #: A person reads it and answers.
    ANSWER = "answer"
    #: A person comes back and answers otherwise.
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is to be done, and the generator's seed for what is chosen."""

    url: str
    purpose: Purpose
    seed: str
    #: Value of the hidden input `person`; "" takes the first form.
    person: str = ""
    #: What was chosen before.
    before: str | None = None
    #: Of simulated time from hand-over, when this answer is changed; None: never.
    changes: float | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a visit found and did."""

    #: Whom the page asks, in its order: more than one where a household shares the address.
    persons: tuple[str, ...] = ()
    #: Who answered what; "" and None where nobody did.
    person: str = ""
    choice: str | None = None


class Visitors:
    """Pays visits, from any thread: each has its own browsers."""

    def __init__(self, *, via: tuple[str, int] | None = None, timeout: float = 10) -> None:
        self._via = via
        self._timeout = timeout
        self._mine = threading.local()
        self._browsers: list[Browser] = []

    def close(self) -> None:
        """Close all connections; no visit may be under way."""
        for browser in self._browsers:
            browser.close()

    def pay(self, visit: Visit) -> Seen:
        """Do it. VisitError: no page came, or it asks nothing."""
        if visit.purpose is Purpose.SCAN:
            browser = self._browser(_SCANNER)
            browser.visit("HEAD", visit.url)
            browser.visit("GET", visit.url)
            return Seen()
        browser = self._browser(PHONE)
        page = browser.visit("GET", visit.url)
        forms = answerpage.read(page.html)
        if not forms:
            raise VisitError("the page asks nothing")
        seen = Seen(persons=tuple(form.person for form in forms))
        if visit.purpose is Purpose.PEEK:
            return seen
        form = next((form for form in forms if form.person == visit.person), forms[0])
        choice = _answer(browser, page, form, visit)
        return dataclasses.replace(seen, person=form.person, choice=choice)

    def _browser(self, agent: str) -> Browser:
        found: dict[str, Browser] = self._mine.__dict__
        if agent not in found:
            found[agent] = Browser(agent=agent, via=self._via, timeout=self._timeout)
            self._browsers.append(found[agent])
        return found[agent]


def _answer(browser: Browser, page: Page, form: AnswerForm, visit: Visit) -> str:
    choice = tempers.choose(random.Random(visit.seed), form.values, besides=visit.before)
    browser.visit("POST", urljoin(page.url, form.action), form.filled(choice))
    return choice
