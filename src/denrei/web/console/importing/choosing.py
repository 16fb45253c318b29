"""Which of an import's rows are shown: one kind, one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.directory.intake.models import ImportFate, ImportFateQuerySet, PeopleImport
from denrei.directory.verdicts import Verdict

#: Rows of a page.
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A kind of rows, and how many there are."""

    key: str
    words: str | Promise
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One page of the rows of one kind."""

    tabs: tuple[Tab, ...]
    tab: Tab
    fates: tuple[ImportFate, ...]
    page: int
    pages: int

    @property
    def first(self) -> int:
        """Return the place of the page's first row among its kind, from 1."""
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """Return the place of its last row."""
        return self.first + len(self.fates) - 1

    @property
    def previous(self) -> int:
        """Return the page before; 0 where there is none."""
        return self.page - 1

    @property
    def next(self) -> int:
        """Return the page after; 0 where there is none."""
        return self.page + 1 if self.page < self.pages else 0


def shown(one: PeopleImport, asked: QueryDict) -> Shown:
    """Return the page that an address asks for; what it names wrongly is the nearest there is."""
    tabs = tuple(tab for tab in _tabs(one) if tab.count)
    tab = next((tab for tab in tabs if tab.key == asked.get("rows")), tabs[0])
    pages = max(1, ceil(tab.count / PAGE))
    typed = asked.get("page", "")
    page = min(max(1, int(typed)), pages) if typed.isdecimal() and len(typed) < PAGE else 1
    first = (page - 1) * PAGE
    fates = tuple(_of_kind(one, tab.key).order_by("line")[first : first + PAGE])
    return Shown(tabs=tabs, tab=tab, fates=fates, page=page, pages=pages)


def _tabs(one: PeopleImport) -> Iterator[Tab]:
    refused = one.count(Verdict.REFUSED)
    yield Tab(key="differing", words=_("結果が変わった行"), count=one.differing)
    if refused and one.warned:
        yield Tab(key="trouble", words=_("取り込めない行と注意"), count=refused + one.warned)
    yield Tab(key="refused", words=Verdict.REFUSED.words, count=refused)
    yield Tab(key="warned", words=_("注意"), count=one.warned)
    for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED):
        yield Tab(key=verdict.value, words=verdict.words, count=one.count(verdict))
    yield Tab(key="all", words=_("すべて"), count=one.rows)


def _of_kind(one: PeopleImport, key: str) -> ImportFateQuerySet:
    fates = ImportFate.objects.filter(people_import=one)
    match key:
        case "differing":
            return fates.differing()
        case "trouble":
            return fates.troubled()
        case "warned":
            return fates.warned()
        case "all":
            return fates
        case _:
            return fates.filter(verdict=key)
