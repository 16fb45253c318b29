"""The board of a broadcast: its counts, pages of its people, twenty who watch it while answers come in."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Callable, Iterator

import psycopg

from bench import serving
from bench.rows import Bench, Goal, Reading, Row, Scale
from denrei.project.demo.actors import free_port
from tools import ground

_UNITS, _GROUPS = 200, 120
_VIEWERS, _SECONDS = 20, 30
_COUNTS = Row(name="counts", unit="ms", goal=Goal(most=5))
_PAGES = tuple(
    Row(name=name, unit="ms", goal=Goal(most=100))
    for name in (
        "everybody, the first page",
        "a page in the middle",
        "those who answered",
        "those whom nothing reached",
        "those who need help",
        "one answer of few",
        "one unit of 200",
        "a group of 60",
    )
)
_SCREENS = Row(name=f"{_VIEWERS} viewers", unit="% of a core", goal=Goal(most=2))
#: A second way to each person, how people stand, and what they answered; then no worker has anything left to do.
_STANDING = (
    (
        "INSERT INTO delivery (organization_id, broadcast_id, recipient_id, contact_id, lane, wave, medium,"
        " turn, state, evidence, fold_rank, language, address)"
        " SELECT organization_id, broadcast_id, recipient_id, -contact_id, lane, wave, medium, 2, 1, 1, 10,"
        " language, address FROM delivery WHERE broadcast_id = %(b)s"
    ),
    "UPDATE delivery SET state = 1, evidence = 1, fold_rank = 10 WHERE broadcast_id = %(b)s AND state = 0",
    (
        "UPDATE audience SET looked = CASE WHEN recipient_id %% 3 = 0 THEN 2 ELSE 0 END,"
        " grade = CASE WHEN recipient_id %% 10000 = 1 THEN -1 WHEN recipient_id %% 1000 = 2 THEN 0"
        " WHEN recipient_id %% 10 < 6 THEN 4 ELSE 1 END,"
        " choice = CASE WHEN recipient_id %% 10 < 6 AND recipient_id %% 1000 <> 2 THEN"
        " CASE WHEN recipient_id %% 500 = 5 THEN '2' WHEN recipient_id %% 5000 = 4 THEN '3' ELSE '1' END"
        " ELSE '' END, needs_help = recipient_id %% 5000 = 4 WHERE broadcast_id = %(b)s"
    ),
)


def _measure(scale: Scale) -> Iterator[Reading]:
    """Two deliveries for each person; each figure is the best of five."""
    people = scale.of(500_000, 5_000)
    with ground.ground("worker") as where:
        where.people(people)
        where.gateway(free_port())
        where.grouped(_UNITS, _GROUPS)
        broadcast = _stood(where)
        for _ in range(scale.rounds):
            for name, act in _asked(where, broadcast):
                yield Reading(row=name, value=_best(act), people=people)
        with serving.denrei(where) as (port, actor):
            share = _watched(where, broadcast, port, actor.process.pid)
        yield Reading(row=_SCREENS.name, value=100 * share, people=people)


def _stood(where: ground.Ground) -> int:
    broadcast = where.press()
    where.slice_all(broadcast)
    where.do(*_STANDING, b=broadcast)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE audience, delivery")  # as autovacuum does meanwhile
        owner.execute("ANALYZE")
    return broadcast


def _asked(where: ground.Ground, broadcast: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what is asked, and how."""
    from denrei.accounts import tenancy
    from denrei.accounts.models import Unit
    from denrei.directory.models import ContactGroup
    from denrei.domain.states import Grade
    from denrei.reports.board import board
    from denrei.reports.people import People, Place, Wish

    organization = where.organization.pk
    with tenancy.acting_for(organization):
        unit, group = Unit.objects.order_by("pk")[7].pk, ContactGroup.objects.order_by("pk")[7].pk
        middle = where.some(1)[0] // 2
    yield "counts", lambda: board(organization, broadcast)
    wishes = {
        "everybody, the first page": (Wish(), None),
        "a page in the middle": (Wish(), Place(grade=Grade(1), recipient_id=middle)),
        "those who answered": (Wish(grades=frozenset({Grade.ANSWERED})), None),
        "those whom nothing reached": (Wish(grades=frozenset({Grade.UNREACHED})), None),
        "those who need help": (Wish(needs_help=True), None),
        "one answer of few": (Wish(choice="2"), None),
        "one unit of 200": (Wish(units=(unit,)), None),
        "a group of 60": (Wish(group=group), None),
    }

    def page(wish: Wish, after: Place | None) -> Callable[[], object]:
        def asked() -> object:
            with tenancy.acting_for(organization):
                return People(broadcast, wish).page(after, 51)

        return asked

    for name, (wish, after) in wishes.items():
        yield name, page(wish, after)


def _best(act: Callable[[], object]) -> float:
    """Return the milliseconds of the best of five."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


def _watched(where: ground.Ground, broadcast: int, port: int, server: int) -> float:
    """Let screens watch while answers come; return the share of a core that the server used."""
    cookie = serving.cookies(serving.browser(where, "screen", role="viewer"))
    over = threading.Event()
    screens = [
        threading.Thread(target=_screen, args=(port, broadcast, cookie, over))
        for _ in range(_VIEWERS)
    ]
    for screen in screens:
        screen.start()
    time.sleep(5)
    before, until = ground.spent(server), time.monotonic() + _SECONDS
    for person in where.some(5 * _SECONDS):
        _answer(where, broadcast, person)
        time.sleep(0.2)
        if time.monotonic() > until:
            break
    spent = ground.spent(server) - before
    over.set()
    for screen in screens:
        screen.join()
    return spent / _SECONDS


def _screen(port: int, broadcast: int, cookie: str, over: threading.Event) -> None:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie, "Accept": "text/event-stream"}
    asking.request("GET", f"/console/broadcasts/{broadcast}/events/", headers=headers)
    told = asking.getresponse()
    assert told.status == 200, told.status
    while not over.is_set() and told.read1():
        pass
    asking.close()


def _answer(where: ground.Ground, broadcast: int, person: int) -> None:
    from denrei.accounts import tenancy
    from denrei.domain.states import Evidence
    from denrei.responses import keeping

    with tenancy.acting_for(where.organization.pk):
        keeping.keep(
            keeping.Heard(
                organization_id=where.organization.pk,
                broadcast_id=broadcast,
                recipient_id=person,
                choice=None,
                source="self",
                comment="",
                late=False,
                evidence=Evidence.READ,
            )
        )


BENCH = Bench(name="board", rows=(_COUNTS, *_PAGES, _SCREENS), measure=_measure, patience=900.0)
