"""Where the machine plays: one connection of the sending side, one that looks and moves the time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

import psycopg

from denrei.deliveries.connection import Ask, Call, LedgerConnection, Row
from denrei.deliveries.statements import statement
from tests.deliveries.machine.look import Look, look
from tests.deliveries.world import settings_conninfo

Texts = Callable[[str], LiteralString]
_T = TypeVar("_T")


class KilledError(Exception):
    """The process died between two transactions (kill -9)."""


class MortalConnection(LedgerConnection):
    """A connection of a process that may die after so many more transactions."""

    #: None: it lives.
    transactions_left: int | None = None

    async def together(
        self, calls: Sequence[Call], *, organization: int | None = None
    ) -> list[Row]:
        """Run statements in one transaction, unless the process is dead by now."""
        self._live()
        return await super().together(calls, organization=organization)

    @asynccontextmanager
    async def transaction(self, organization: int) -> AsyncIterator[Ask]:
        """Open a transaction of several statements, unless the process is dead by now."""
        self._live()
        async with super().transaction(organization) as ask:
            yield ask

    def _live(self) -> None:
        if self.transactions_left is None:
            return
        if not self.transactions_left:
            raise KilledError
        self.transactions_left -= 1


@dataclass(frozen=True, slots=True)
class Stage:
    """Both connections and the loop that the asynchronous one lives in."""

    loop: asyncio.AbstractEventLoop
    ledger: MortalConnection
    eye: psycopg.Connection

    def play(self, act: Coroutine[Any, Any, _T]) -> _T:
        """Run something asynchronous to its end."""
        return self.loop.run_until_complete(act)

    def run(
        self, name: str, parameters: Mapping[str, Any], organization: int | None = None
    ) -> list[Row]:
        """Run one statement of the ledger: one transaction."""
        return self.play(self.ledger.run(name, parameters, organization=organization))

    def begin(self, organization: int) -> None:
        """Look as this organization, and leave janitors nothing of earlier examples."""
        for table in ("run", "chunk", "fold_due", "number_in_use"):
            self.eye.execute(f"DELETE FROM {table}".encode())
        self.eye.execute(
            "SELECT set_config('denrei.organization', %s, false)", (str(organization),)
        )

    def look(self, broadcast: int) -> Look:
        """Read the whole ledger of a broadcast."""
        return look(self.eye, broadcast)

    def expire(self, chunk: int) -> None:
        """Let the lease of a chunk run out; the database's clock is the clock."""
        self.eye.execute(
            "UPDATE chunk SET lease_until = clock_timestamp() - interval '1 second'"
            " WHERE id = %s AND state = 1",
            (chunk,),
        )

    def come_due(self, broadcast: int) -> None:
        """Let all pauses of a broadcast pass."""
        self.eye.execute(
            "UPDATE delivery SET next_at = now() - interval '1 second'"
            " WHERE broadcast_id = %s AND next_at > now()",
            (broadcast,),
        )


@contextmanager
def opened(texts: Texts = statement) -> Iterator[Stage]:
    """Open a stage on this test run's database; `texts` may have a fault planted."""
    with (
        asyncio.Runner() as runner,
        psycopg.connect(settings_conninfo(), autocommit=True) as eye,
    ):
        eye.execute("SET ROLE denrei_worker")
        stack = AsyncExitStack()
        connection = MortalConnection(settings_conninfo(), texts=texts)
        try:
            yield Stage(runner.get_loop(), runner.run(stack.enter_async_context(connection)), eye)
        finally:
            runner.run(stack.aclose())
