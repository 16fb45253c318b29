"""Looks at answer pages: told apart, kept, and no evidence of anything (NEW-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from ipaddress import ip_address, ip_network
from typing import LiteralString

from django.db import connection

from denrei.audience import freezing
from denrei.domain import text
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
    """Keep a look at a page; return whom it is taken for. It confirms nothing.

    Runs in the caller's transaction, and makes it one that waits neither for the disk nor long for a
    lock: a lost look is no harm, a page that does not come is.
    """
    kind, betrayed = _keep(page, visit)
    look = Look.PROGRAM if betrayed else LOOKS[kind]
    if kind is Kind.CANARY:
        _betray(page)
    elif any(person.looked < look for person in page.people):
        freezing.raise_look(page.broadcast_id, _ids(page), look)
    return look


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


def _keep(page: Page, visit: Visit) -> tuple[Kind, bool]:
    """Write it; return its kind, and whether the unseen link has told that it was a program."""
    early = visit.kind is Kind.OPEN and page.fresh
    with connection.cursor() as cursor:
        cursor.execute(
            _statement("look"),
            {
                "organization": page.organization_id,
                "broadcast": page.broadcast_id,
                "delivery": page.delivery_id,
                "kind": Kind.EARLY if early else visit.kind,
                "agent": text.clean(visit.user_agent).text[:_AGENT_CHARACTERS],
                "address": visit.address,
                "crowded": "" if _is_near(visit.address) else visit.address,
                "seconds": CROWD_SECONDS,
                "read": _CROWD_READ,
                "pages": CROWD_PAGES,
                "betrayed": BETRAYED_SECONDS,
            },
        )
        kind, betrayed = cursor.fetchone()
    return Kind(kind), betrayed


def _betray(page: Page) -> None:
    """Take back what the program that followed the unseen link was taken for before."""
    seen = [person.recipient_id for person in page.people if person.looked is Look.MAYBE]
    if seen:
        opened = _opened(page, seen)
        freezing.lower_look(page.broadcast_id, [one for one in seen if one not in opened])
    else:
        freezing.raise_look(page.broadcast_id, _ids(page), Look.PROGRAM)


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


def _is_near(address: str) -> bool:
    return not address or any(ip_address(address) in network for network in _NEAR)


@cache
def _statement(name: str) -> LiteralString:
    path = resources.files("denrei.responses") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
