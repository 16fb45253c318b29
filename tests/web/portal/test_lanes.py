"""Lanes: who goes first, how many at once, and the connection that each has."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections

from denrei.domain import tokens
from denrei.project import asgi
from denrei.responses.looking import Visit
from denrei.responses.models import Kind
from denrei.web.portal import herd
from denrei.web.portal.asked import Asked, Served
from denrei.web.portal.desk import Limits
from denrei.web.portal.door import Door
from denrei.web.portal.herd import Lane
from denrei.web.portal.line import Line
from tests.deliveries.world import settings_conninfo, wait_for
from tests.responses.sent import send
from tests.web.portal.asking import ask
from tests.web.portal.test_door import elsewhere

ONE = Asked(
    path="/r/a",
    named=tokens.Opened(organization_id=1, subject_id=1),
    visit=Visit(kind=Kind.OPEN),
)
LIMITS = Limits(lock=1000, statement=1000, shard=1)


class Desk:
    """Serves groups, each for as long as `held` holds it; notes which began."""

    def __init__(self, name: str, began: list[tuple[str, int]]) -> None:
        self.name, self.began = name, began
        self.held = threading.Semaphore(0)

    def serve(self, asked: Sequence[Asked], _limits: Limits | None) -> list[Served | None]:
        """Serve a group."""
        self.began.append((self.name, len(asked)))
        self.held.acquire(timeout=5)
        return [Served(status=HTTPStatus.OK)] * len(asked)


@pytest.fixture
def began() -> list[tuple[str, int]]:
    """Return which groups began, and of how many."""
    return []


@pytest.fixture
def desks(began: list[tuple[str, int]]) -> Iterator[tuple[Desk, Lane, Desk, Lane]]:
    """Open a lane of answers and one of pages beside it."""
    answers, pages = Desk("answers", began), Desk("pages", began)
    first = Lane("answers", answers.serve, LIMITS, 1000)
    second = Lane("pages", pages.serve, LIMITS, 1000, first=first)
    pages.held.release(100)
    yield answers, first, pages, second
    for lane in (first, second):
        lane.end()


def served(lane: Lane, count: int = 1) -> list[asyncio.Task[Served]]:
    """Ask a lane so often."""
    return [asyncio.create_task(lane.serve(ONE)) for _ in range(count)]


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    await asyncio.to_thread(wait_for, is_so, 5.0)


def test_an_answer_that_waits_begins_before_pages_that_wait(
    desks: tuple[Desk, Lane, Desk, Lane],
    began: list[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, first, _, second = desks
    monkeypatch.setattr(herd, "_COURTESY", 5.0)

    async def asked() -> None:
        asking = served(first)
        await until(lambda: len(began) == 1)
        asking += served(first, 3)
        await asyncio.sleep(0)
        asking += served(second, 100)
        await asyncio.sleep(0.05)
        assert began == [("answers", 1)]
        answers.held.release()
        await until(lambda: len(began) >= 3)
        answers.held.release()
        await asyncio.gather(*asking)

    async_to_sync(asked)()

    # which of two threads notes first what began at the same time is nobody's promise
    groups = {name: [n for who, n in began if who == name] for name in ("answers", "pages")}
    assert groups["answers"] == [1, 3]
    assert (groups["pages"][0], sum(groups["pages"])) == (herd.FEW_AT_ONCE, 100)


def test_answers_that_are_held_up_do_not_hold_up_pages(
    desks: tuple[Desk, Lane, Desk, Lane], began: list[tuple[str, int]]
) -> None:
    answers, first, _, second = desks

    async def asked() -> None:
        asking = served(first)
        await until(lambda: len(began) == 1)
        asking += served(first)
        await asyncio.sleep(0)
        await asyncio.gather(*served(second, 100))
        answers.held.release(2)
        await asyncio.gather(*asking)

    async_to_sync(asked)()

    assert began[:2] == [("answers", 1), ("pages", 100)]


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    """Give one thread, whose connection is closed at the end."""
    with ThreadPoolExecutor(1) as one:
        yield one
        one.submit(connections.close_all).result()


@pytest.mark.usefixtures("committed")
def test_a_statement_is_planned_once_and_anew_after_a_while(
    thread: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[Line] = []
    wanted = "SELECT count(*) FROM organization WHERE id = %s"

    def work() -> list[tuple[object, ...]]:
        lines[0].ready()
        with connection.cursor() as cursor:
            for number in range(5):
                cursor.execute(wanted, [number])
            cursor.execute(
                "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
                " WHERE statement LIKE 'SELECT count%'"
            )
            return list(cursor.fetchall())

    thread.submit(lambda: lines.append(Line())).result()
    assert thread.submit(work).result() == [(4, 0)]
    monkeypatch.setattr("denrei.web.portal.line._FRESH", 0.0)
    assert thread.submit(work).result() == [(9, 0)]


@pytest.mark.usefixtures("committed")
def test_a_connection_that_was_cut_is_replaced() -> None:
    sent = send()
    door = Door(elsewhere, asgi.strict(), 10)
    try:
        said = [async_to_sync(ask)(door, "GET", sent.path()).status]
        with psycopg.connect(settings_conninfo(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        time.sleep(1.1)  # nobody asked for a while
        said.append(async_to_sync(ask)(door, "GET", sent.path()).status)
    finally:
        door.end()

    assert said == [200, 200]
