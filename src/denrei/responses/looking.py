"""Looks at answer pages: told apart, kept, and no evidence of anything (NEW-3)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from importlib import resources
from ipaddress import ip_address, ip_network
from typing import LiteralString

from django.db import connection

from denrei.audience import freezing
from denrei.domain import text
from denrei.domain.retention import BOUNDS
from denrei.domain.states import Look
from denrei.responses.models import Kind, PageView
from denrei.responses.pages import Page

#: Whom each kind of look is taken for.
LOOKS: Mapping[str, Look] = {
    Kind.OPEN: Look.MAYBE,
    Kind.HEAD: Look.PROGRAM,
    Kind.PREFETCH: Look.PROGRAM,
    Kind.EARLY: Look.PROGRAM,
    Kind.CROWD: Look.PROGRAM,
    Kind.CANARY: Look.PROGRAM,
}
#: So many different pages from one address, by programs of one name, within so many seconds: more than
#: phones behind one address of a carrier, or the people of one office, open.
CROWD_PAGES, CROWD_SECONDS = 20, 20
#: At most so many looks of an address are read for that, however many come.
_CROWD_READ = 200
#: For how long before and after a look the link that no human sees betrays who looked.
BETRAYED_SECONDS = 60
#: Addresses that say nothing about who asks: our own proxy, one network with us, a carrier's inside.
_NEAR = tuple(
    ip_network(one)
    for one in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
_AGENT_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request for a page, as it came."""

    kind: Kind
    user_agent: str = ""
    #: An address of the network as `denrei.accounts.addresses` reads it; "" unknown.
    address: str = ""


def note(page: Page, visit: Visit) -> Look:
    """Keep a look at a page; return whom it is taken for. It confirms nothing."""
    return note_all([(page, visit)])[0]


def note_all(seen: Sequence[tuple[Page, Visit]]) -> list[Look]:
    """Keep looks at pages of one broadcast, none of them by the unseen link unless it is the only one.

    Runs in the caller's transaction, and makes it one that waits neither for the disk nor long for a
    lock: a lost look is no harm, a page that does not come is.
    """
    kinds = _kinds(seen)
    betrayed = _keep(seen, kinds)
    looks = [
        Look.PROGRAM if caught else LOOKS[kind]
        for kind, caught in zip(kinds, betrayed, strict=True)
    ]
    if kinds[0] is Kind.CANARY:
        _betray(seen[0][0])
    else:
        _raise(seen, looks)
    return looks


def _raise(seen: Sequence[tuple[Page, Visit]], looks: Sequence[Look]) -> None:
    """Let the best look of each person be known, where it is more than was known."""
    best: dict[int, Look] = {}
    for (page, _), look in zip(seen, looks, strict=True):
        for person in page.people:
            if look > best.get(person.recipient_id, person.looked):
                best[person.recipient_id] = look
    if best:
        freezing.raise_looks(seen[0][0].broadcast_id, best)


def judged(views: Sequence[PageView]) -> list[tuple[PageView, Look]]:
    """Return looks, each with whom it is taken for; `views`: all of them at one page."""
    traps = [view for view in views if view.kind == Kind.CANARY]
    return [
        (view, Look.PROGRAM if any(_by_same(view, trap) for trap in traps) else LOOKS[view.kind])
        for view in views
    ]


def _by_same(view: PageView, trap: PageView) -> bool:
    return (
        view.address == trap.address
        and view.user_agent == trap.user_agent
        and abs(view.at - trap.at) <= timedelta(seconds=BETRAYED_SECONDS)
    )


def _kinds(seen: Sequence[tuple[Page, Visit]]) -> list[Kind]:
    """Return the kind of each look: the first rule that fits gives it."""
    recent = _recent(seen)
    return [_kind(page, visit, recent) for page, visit in seen]


def _kind(page: Page, visit: Visit, recent: Mapping[tuple[str, str], set[int]]) -> Kind:
    """Return the kind of a look, and add its page to those that its address opened."""
    opened = recent.get(_whence(visit), set())
    is_many = len(opened) >= CROWD_PAGES
    opened.add(page.delivery_id)
    if visit.kind is not Kind.OPEN:
        return visit.kind
    if page.fresh:
        return Kind.EARLY
    return Kind.CROWD if is_many else Kind.OPEN


def _recent(seen: Sequence[tuple[Page, Visit]]) -> dict[tuple[str, str], set[int]]:
    """Return (address, program) → pages it opened within the last seconds; our neighbours are left out."""
    asked = {_whence(visit) for _, visit in seen if not _is_near(visit.address)}
    recent: dict[tuple[str, str], set[int]] = {whence: set() for whence in asked}
    if not asked:
        return recent
    with connection.cursor() as cursor:
        cursor.execute(
            _statement("recent"),
            {
                "organization": seen[0][0].organization_id,
                "addresses": [address for address, _ in asked],
                "agents": [agent for _, agent in asked],
                "seconds": CROWD_SECONDS,
                "read": _CROWD_READ,
            },
        )
        for address, agent, delivery in cursor.fetchall():
            recent[address, agent].add(delivery)
    return recent


def _whence(visit: Visit) -> tuple[str, str]:
    """Return address and program as they are kept."""
    return visit.address, _agent(visit.user_agent)


@lru_cache(maxsize=1024)
def _agent(name: str) -> str:
    return text.clean(name).text[:_AGENT_CHARACTERS]


def _keep(seen: Sequence[tuple[Page, Visit]], kinds: Sequence[Kind]) -> list[bool]:
    """Write them; return for each whether the unseen link has told that it was a program."""
    looks = [
        {
            "delivery_id": page.delivery_id,
            "kind": kind.value,
            "user_agent": _agent(visit.user_agent),
            "address": visit.address,
        }
        for (page, visit), kind in zip(seen, kinds, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _statement("look"),
            {
                "organization": seen[0][0].organization_id,
                "broadcast": seen[0][0].broadcast_id,
                "looks": json.dumps(looks),
                "betrayed": BETRAYED_SECONDS,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def _betray(page: Page) -> None:
    """Take back what the program that followed the unseen link was taken for before.

    Not where looks may have been deleted meanwhile (OPS-8): that of a human may be among them.
    """
    if _may_be_incomplete(page):
        return
    seen = [person.recipient_id for person in page.people if person.looked is Look.MAYBE]
    if seen:
        opened = _opened(page, seen)
        freezing.lower_look(page.broadcast_id, [one for one in seen if one not in opened])
    else:
        freezing.raise_looks(page.broadcast_id, dict.fromkeys(_ids(page), Look.PROGRAM))


def _may_be_incomplete(page: Page) -> bool:
    """Tell whether the shortest time that anybody may keep looks is over for the first of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (now,) = cursor.fetchone()
    kept = BOUNDS["looks"].least.before(now)
    return kept is not None and page.launched_at < kept


def _opened(page: Page, people: Sequence[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            _statement("opened"),
            {
                "broadcast": page.broadcast_id,
                "people": list(people),
                "betrayed": BETRAYED_SECONDS,
            },
        )
        return {row[0] for row in cursor.fetchall()}


def _ids(page: Page) -> list[int]:
    return [person.recipient_id for person in page.people]


@lru_cache(maxsize=4096)
def _is_near(address: str) -> bool:
    return not address or any(ip_address(address) in network for network in _NEAR)


@cache
def _statement(name: str) -> LiteralString:
    path = resources.files("denrei.responses") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
