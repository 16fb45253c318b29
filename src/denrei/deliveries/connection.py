"""A connection of the sending side: keyed statements, one organization at a time, never gives up.

Every statement, with what must follow from it, is one transaction and may be sent again after a
cut: claims that nobody knows of are reaped, records are fenced and change nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from denrei.deliveries import keepalive
from denrei.deliveries.statements import statement

_log = logging.getLogger(__name__)

#: The planner must not walk tables while the statistics are young: each statement goes by keys.
#: Without the two costs a table analysed while small made RECORD read a whole index (ADR 0004).
_KEYED = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "cpu_tuple_cost": "1",
    "cpu_index_tuple_cost": "1",
    # by those costs even short statements would be compiled first, each time (PostgreSQL, When to JIT?)
    "jit": "off",
}
#: Seconds between tries to reach the database again.
_PAUSES = (0.1, 0.3, 1.0, 2.0, 5.0)
_TRANSIENT = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)
#: The connection is of no use any more: cut, ended while we slept, or of a server that stands by.
_LOST = (
    psycopg.OperationalError,
    errors.IdleInTransactionSessionTimeout,
    errors.ReadOnlySqlTransaction,
)
#: Monotonic, and goes on while the machine sleeps: what a lease is measured by.
_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

Row = tuple[Any, ...]
#: A named statement with its parameters.
Call = tuple[str, Mapping[str, Any]]
#: Runs a named statement within a transaction that is open.
Ask = Callable[[str, Mapping[str, Any]], Awaitable[list[Row]]]


def clock() -> float:
    """Return seconds since boot."""
    return time.clock_gettime(_BOOTTIME)


class LedgerConnection:
    """One connection as `denrei_worker`; `run` calls wait for each other.

    `texts` tells a statement's text by its name.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        shard: int = 0,
        texts: Callable[[str], LiteralString] = statement,
    ) -> None:
        self._conninfo = conninfo
        self._shard = shard
        self._texts = texts
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        async with self._turn:
            await self._connected()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def run(
        self, name: str, parameters: Mapping[str, Any], *, organization: int | None = None
    ) -> list[Row]:
        """Run one statement in a transaction of its own; with an organization, as that one.

        Waits for the database for as long as it is away. Other errors are the caller's.
        """
        return await self.together([(name, parameters)], organization=organization)

    async def together(
        self, calls: Sequence[Call], *, organization: int | None = None
    ) -> list[Row]:
        """Run a statement and what must follow from it in one transaction, as `run` does.

        Each has a snapshot of its own. Returns the rows of the first.
        """
        async with self._turn:
            while True:
                connection = await self._connected()
                try:
                    return await self._once(connection, calls, organization)
                except _TRANSIENT as error:
                    _log.info(
                        "statement again", extra={"statement": calls[0][0], "why": str(error)}
                    )
                except _LOST as error:
                    _log.warning(
                        "database lost", extra={"statement": calls[0][0], "why": str(error)}
                    )
                    await connection.close()
                    await asyncio.sleep(_PAUSES[0])

    @asynccontextmanager
    async def transaction(self, organization: int) -> AsyncIterator[Ask]:
        """Run several statements in one transaction; psycopg.OperationalError where it was cut."""
        async with self._turn:
            connection = await self._connected()
            try:
                async with connection.transaction():
                    yield await self._asking(connection, organization)
            except _LOST as error:
                if isinstance(error, _TRANSIENT):
                    raise
                await connection.close()
                if isinstance(error, psycopg.OperationalError):
                    raise
                raise psycopg.OperationalError(str(error)) from error

    async def _asking(self, connection: psycopg.AsyncConnection, organization: int) -> Ask:
        await connection.execute(
            "SELECT set_config('denrei.organization', %s, true)", (str(organization),)
        )

        async def ask(name: str, parameters: Mapping[str, Any]) -> list[Row]:
            cursor = await connection.execute(
                self._texts(name), {"organization": organization, **parameters}
            )
            return await cursor.fetchall() if cursor.description else []

        return ask

    async def _once(
        self,
        connection: psycopg.AsyncConnection,
        calls: Sequence[Call],
        organization: int | None,
    ) -> list[Row]:
        """One round trip. What is sent until the pipeline's sync is one transaction of the server's:
        BEGIN and COMMIT would be two more statements for each (PostgreSQL, Pipelining)."""
        try:
            async with connection.pipeline():
                if organization is not None:
                    await connection.execute(
                        "SELECT set_config('denrei.organization', %s, true)", (str(organization),)
                    )
                cursors = [
                    await connection.execute(
                        self._texts(name), {"organization": organization, **parameters}
                    )
                    for name, parameters in calls
                ]
            return await cursors[0].fetchall() if cursors[0].description else []
        except psycopg.Error:
            if not connection.closed:
                await connection.rollback()
            raise

    async def _connected(self) -> psycopg.AsyncConnection:
        tries = 0
        while self._connection is None or self._connection.closed:
            try:
                self._connection = await open_as_worker(self._conninfo, self._shard)
            except psycopg.OperationalError as error:
                pause = _PAUSES[min(tries, len(_PAUSES) - 1)]
                _log.warning("database away", extra={"again_in": pause, "why": str(error)})
                tries += 1
                await asyncio.sleep(pause)
        return self._connection


async def open_as_worker(conninfo: str, shard: int = 0) -> psycopg.AsyncConnection:
    """Open a connection that acts as `denrei_worker` and counts in its own shard."""
    connection = await psycopg.AsyncConnection.connect(
        _watched(conninfo), autocommit=True, prepare_threshold=2
    )
    settings = {
        "role": "denrei_worker",
        "denrei.shard": str(shard),
        "idle_in_transaction_session_timeout": keepalive.WORKER_IDLE,
        **keepalive.SERVER,
        **_KEYED,
    }
    try:
        await connection.execute(
            "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS s (name, value)",
            (list(settings), list(settings.values())),
        )
    except BaseException:
        await connection.close()
        raise
    return connection


def _watched(given: str) -> str:
    """Return an address whose connections end when the server fell silent; what it says itself stays."""
    said = conninfo_to_dict(given)
    return make_conninfo(
        given, **{name: value for name, value in keepalive.CLIENT.items() if name not in said}
    )
