"""A connection of the sending side: what its session promises, and what becomes of one that was ended."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from django.db import connection as pages

from denrei.deliveries import keepalive
from denrei.deliveries.connection import LedgerConnection, open_as_worker
from tests.deliveries.world import settings_conninfo

SETTINGS = "SELECT name, setting || coalesce(unit, '') FROM pg_settings WHERE name = ANY(%s)"
#: What the server says of them on a unix socket, where those of TCP do not count.
TOLD = {"client_connection_check_interval": "5000ms"}


@pytest.mark.django_db
@pytest.mark.spec("ALL-9")
@pytest.mark.parametrize(
    ("acts", "idle"), [("worker", keepalive.WORKER_IDLE), ("page", keepalive.PAGE_IDLE)]
)
async def test_a_dead_machine_holds_neither_locks_nor_a_snapshot(acts: str, idle: str) -> None:
    names = [*TOLD, "idle_in_transaction_session_timeout"]
    if acts == "worker":
        async with await open_as_worker(settings_conninfo()) as session:
            found = dict(await (await session.execute(SETTINGS, (names,))).fetchall())
    else:
        found = dict(await asyncio.to_thread(_of_a_page, names))

    seconds = {"30s": "30000ms", "5min": "300000ms"}[idle]
    assert {**TOLD, "idle_in_transaction_session_timeout": seconds} == found


def _of_a_page(names: list[str]) -> list[tuple[str, str]]:
    try:
        with pages.cursor() as cursor:
            cursor.execute(SETTINGS, (names,))
            return list(cursor.fetchall())
    finally:
        pages.close()


@pytest.mark.django_db
async def test_a_transaction_that_the_server_ended_while_we_slept_is_a_cut_and_the_next_one_works() -> (
    None
):
    async with LedgerConnection(settings_conninfo()) as ledger:
        with pytest.raises(psycopg.OperationalError):
            await _sleep_too_long(ledger)

        rows = await ledger.run("open_runs", {})

    assert [] == rows


async def _sleep_too_long(ledger: LedgerConnection) -> None:
    async with ledger.transaction(1) as ask:
        assert ledger._connection is not None
        await ledger._connection.execute("SET idle_in_transaction_session_timeout = '20ms'")
        await asyncio.sleep(0.3)
        await ask("open_runs", {})


@pytest.mark.spec("ALL-9")
async def test_a_server_that_only_stands_by_is_no_database(django_db_setup: None) -> None:
    standby = psycopg.conninfo.make_conninfo(
        settings_conninfo(), options="-c default_transaction_read_only=on"
    )

    with pytest.raises(psycopg.OperationalError, match="read-only"):
        await open_as_worker(standby)
