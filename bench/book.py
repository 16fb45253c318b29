"""The address book at 1,000,000 people and 2,000,000 contacts: each page as an operator's browser asks for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench import crowd, serving
from bench.rows import Bench, Goal, Reading, Row, Scale
from tools import ground

if TYPE_CHECKING:
    from django.test import Client

#: What is asked of the list, by its name in the table; `{…}` are ids that `_named` gives.
_ASKED: Mapping[str, str] = {
    "everybody, by reading": "",
    "everybody, by reading, backwards": "sort=-kana",
    "everybody, by code": "sort=code",
    "everybody, by code, backwards": "sort=-code",
    "everybody, newest change first": "sort=-updated_at",
    "everybody, oldest change first": "sort=updated_at",
    "a page in the middle": "after={middle}&skip=500000",
    "the last page": "sort=-kana&after={first}&skip=999950",
    "田, which a sixth has": "q=田",
    "田, by code backwards": "q=田&sort=-code",
    "田, newest change first": "q=田&sort=-updated_at",
    "鷺, which a thousandth has": "q=鷺",
    "龍, which a fortieth has": "q=龍",
    "a": "q=a",
    "a, by code backwards": "q=a&sort=-code",
    "わ": "q=わ",
    "ゑ, which nobody has": "q=ゑ",
    "山田": "q=山田",
    "鷺沼": "q=鷺沼",
    "わたなべ, last in the order": "q=わたなべ",
    "渡辺, last in the order": "q=渡辺",
    "龍造寺 花子": "q=龍造寺 花子",
    "a code": "q=A0777777",
    "the end of a code": "q=777",
    "the end of codes, by code backwards": "q=000&sort=-code",
    "a part of a number": "q=090-12",
    "a part of an address": "q=@softbank",
    "what all addresses have in them": "q=.jp&sort=-kana",
    "nobody's address": "q=exan",
    "a group, by its name": "q=消防",
    "a position, by its name": "q=班長",
    "a unit": "unit={unit}",
    "a branch": "unit={branch}",
    "a group": "group={group}",
    "a position": "position={position}",
    "a unit and 田": "unit={unit}&q=田",
    "a group and 田": "group={group}&q=田",
    "a group and 鷺": "group={group}&q=鷺",
    "a position and 山, by code": "position={position}&q=山&sort=code",
    "those who left": "state=left",
    "those who left and 田": "state=left&q=田",
    "with an unconfirmed address": "state=unconfirmed",
    "with an unconfirmed address and 鷺": "state=unconfirmed&q=鷺",
    "without a contact": "state=unreachable",
    "with a bad address": "state=suppressed",
    "nobody": "q=zzzzzz",
}
#: The same as the operator of a branch asks it: a tenth of all.
_OF_A_BRANCH = (
    "everybody, by reading",
    "everybody, newest change first",
    "田",
    "鷺",
    "わたなべ",
    "nobody",
)
_LIMIT = Goal(most=150)
_ROWS = tuple(Row(name=name, unit="ms", goal=_LIMIT) for name in _ASKED)
_BRANCH_ROWS = tuple(
    Row(name=f"operator of a branch: {name}", unit="ms", goal=_LIMIT) for name in _OF_A_BRANCH
)
_TIMES = 5


def _measure(scale: Scale) -> Iterator[Reading]:
    """The whole answer, drawn; the first time of each is left out, as a page was read before."""
    people = scale.of(1_000_000, 5_000)
    with ground.ground("app") as where:
        crowd.gathered(where, people)
        yield from measured(where, people)


def measured(where: ground.Ground, people: int) -> Iterator[Reading]:
    """Ask for each page five times."""
    named = _named(where)
    whole = serving.browser(where, "whole")
    for row, query in _ASKED.items():
        yield from _five(whole, row, query.format(**named), people)
    branch = serving.browser(where, "branch", unit=named["branch"])
    for row, name in zip(_BRANCH_ROWS, _OF_A_BRANCH, strict=True):
        query = _ASKED.get(name, f"q={name}" if name != "nobody" else "q=zzzzzz")
        yield from _five(branch, row.name, query, people)


def _named(where: ground.Ground) -> dict[str, int]:
    from denrei.accounts import tenancy
    from denrei.accounts.models import Unit
    from denrei.directory.models import ContactGroup, Position, Recipient

    with tenancy.acting_for(where.organization.pk):
        by_reading = Recipient.objects.active().in_order()
        middle = by_reading.filter(kana__gte="なかむら")[0]
        return {
            "middle": middle.pk,
            "first": by_reading[40].pk,
            "unit": Unit.objects.get(code="U7").pk,
            "branch": Unit.objects.get(code="B3").pk,
            "group": ContactGroup.objects.get(code="G1").pk,
            "position": Position.objects.get(code="P1").pk,
        }


def _five(browser: Client, row: str, query: str, people: int) -> Iterator[Reading]:
    address = "/console/people/?" + quote(query, safe="=&@")
    browser.get(address)
    for _ in range(_TIMES):
        began = time.perf_counter()
        page = browser.get(address)
        took = (time.perf_counter() - began) * 1000
        assert page.status_code == 200, page.content.decode()
        shown = len(re.findall(rb'name="person"', page.content))
        yield Reading(row=row, value=took, people=people, more={"shown": shown})


BENCH = Bench(name="book", rows=_ROWS + _BRANCH_ROWS, measure=_measure, patience=1_800.0)
