"""What each statement reads while the statistics are young: what it is asked about, and no more."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from denrei.deliveries.connection import open_as_worker
from denrei.deliveries.statements import names
from tests.deliveries.plans import cases, reading, town
from tests.deliveries.plans.cases import CASES, Asked, Case
from tests.deliveries.plans.reading import Reading
from tests.deliveries.plans.town import Town

#: Pages for each row: its own, the way down an index or two, and what a change of it writes.
_PAGES = 8
#: Rows due and the chunks made of them, which are few but for calls.
_SIDE_BY_SIDE = {"cut"}
#: Pairs of rows compared in vain for each row.
_PAIRS = 10
#: As of a table that was analysed when it had a row.
_JUST_GROWN = "UPDATE pg_class SET reltuples = 1, relpages = 1 WHERE relname = ANY (%s)"


def test_every_statement_has_a_case_or_a_reason() -> None:
    assert sorted([*CASES, *cases.BY_DESIGN]) == names()


@pytest.fixture
def place(django_db_setup: None, worker_id: str) -> Iterator[Town]:
    """Build the town in a database of its own."""
    with town.built(f"denrei_plans_{worker_id}") as built:
        yield built


async def test_statements_read_what_they_are_asked_about(place: Town) -> None:
    """By a plan for these parameters and by one for any; pages also without a worker's settings."""
    complaints = []
    async with await open_as_worker(place.conninfo) as worker, await _page(place) as page:
        asked = await cases.asked(worker, place)
        for name, case in CASES.items():
            complaints += await _complaints(worker, asked, name, case)
            if case.by_pages:
                complaints += await _complaints(page, asked, name, case)

    assert complaints == []


@pytest.mark.parametrize("generic", [False, True])
async def test_a_slice_reads_its_own_people_where_nothing_was_ever_analysed(
    place: Town, generic: bool
) -> None:
    """In the order of the index: with a million people the rest of them is no small thing."""
    async with await psycopg.AsyncConnection.connect(place.conninfo) as owner:
        for table in ("audience", "contact", "delivery"):
            await owner.execute(f"SELECT pg_clear_relation_stats('public', '{table}')".encode())
        await owner.execute("DELETE FROM pg_statistic")
    few = town.SLICE // 10
    async with await open_as_worker(place.conninfo) as worker:
        asked = await cases.asked(worker, place)
        given = {**CASES["slice"].given(asked), "people": few}
        read = await reading.read(
            worker, place.organization, "slice", given, generic=generic, first=["in_order"]
        )

    assert read.rows["audience"] <= 3 * few


async def test_no_statement_compares_all_with_all_where_a_table_has_just_grown(
    place: Town,
) -> None:
    """A nested loop over two lists: the planner takes the one in the table for a short one."""
    async with (
        await psycopg.AsyncConnection.connect(place.conninfo, autocommit=True) as owner,
        await open_as_worker(place.conninfo) as worker,
    ):
        asked = await cases.asked(worker, place)
        await owner.execute(_JUST_GROWN, [sorted(reading.LARGE)])
        compared = {}
        for name, case in CASES.items():
            if name in _SIDE_BY_SIDE:
                continue
            read = await reading.read(
                worker, place.organization, name, case.given(asked), generic=False
            )
            if read.compared() > _PAIRS * case.most:
                compared[name] = read.compared()

    assert compared == {}


async def _page(place: Town) -> psycopg.AsyncConnection:
    connection = await psycopg.AsyncConnection.connect(place.conninfo, autocommit=True)
    await connection.execute("SET ROLE denrei_app")
    return connection


async def _complaints(
    connection: psycopg.AsyncConnection, asked: Asked, name: str, case: Case
) -> list[str]:
    found = []
    for generic in (False, True):
        read = await reading.read(
            connection, asked.town.organization, name, case.given(asked), generic=generic
        )
        found += [f"{name} ({generic=}): {words}" for words in _judged(read, case.most)]
    return found


def _judged(read: Reading, most: int) -> list[str]:
    rows = sum(count for table, count in read.rows.items() if table in reading.LARGE)
    found = [f"reads {table} whole" for table in read.whole_tables()]
    if rows > most:
        found.append(f"{rows} rows, at most {most}: {read.rows}")
    if read.blocks() > _PAGES * most + 100:
        found.append(f"{read.blocks()} pages for at most {most} rows")
    return found
