"""What a statement reads: its plan as it ran, and the rows fetched, those of triggers too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from denrei.deliveries.statements import statement

#: Tables that grow with people or with messages.
LARGE = frozenset(
    {
        "attempt",
        "attention",
        "audience",
        "chunk",
        "contact",
        "cover",
        "delivery",
        "event",
        "halt",
        "silence",
        "suppression",
    }
)
_PARAMETER = re.compile(r"%\((\w+)\)s")
_EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
#: What this session has not reported yet to the statistics: rows that whole reads of a table, or reads of an index, returned.
_ROWS = """
SELECT table_name, sum(n)::int FROM (
  SELECT oid, relname AS table_name, pg_stat_get_xact_tuples_returned(oid) AS n
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT indrelid, indrelid::regclass::text, pg_stat_get_xact_tuples_returned(indexrelid)
    FROM pg_index JOIN pg_class ON oid = indrelid WHERE relnamespace = 'public'::regnamespace) read
 WHERE n > 0 GROUP BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one statement found its rows."""

    plan: dict[str, Any]
    #: Table → rows read.
    rows: dict[str, int]

    def nodes(self) -> Iterator[dict[str, Any]]:
        """Yield every node of the plan."""
        pending = [self.plan]
        while pending:
            node = pending.pop()
            yield node
            pending += node.get("Plans", [])

    def whole_tables(self) -> set[str]:
        """Return the large tables that are read from end to end."""
        return {
            node["Relation Name"]
            for node in self.nodes()
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
        }

    def compared(self) -> int:
        """Return how many pairs of rows were put side by side in vain."""
        return sum(
            int(node.get("Rows Removed by Join Filter", 0) * node["Actual Loops"])
            for node in self.nodes()
        )

    def blocks(self) -> int:
        """Return the pages touched, those of indexes too: many for an index that is walked."""
        return int(self.plan["Shared Hit Blocks"] + self.plan["Shared Read Blocks"])


async def read(
    connection: psycopg.AsyncConnection,
    organization: int,
    name: str,
    parameters: Mapping[str, Any],
    *,
    generic: bool,
    first: Sequence[str] = (),
) -> Reading:
    """Run a statement in a transaction that is rolled back, after the `first` ones; tell what it read.

    `generic`: by the plan that PostgreSQL makes for any parameters, as it does for a prepared
    statement after some uses; else by one for these.
    """
    given = {"organization": organization, **parameters}
    async with connection.transaction(force_rollback=True):
        await connection.execute(
            "SELECT set_config('denrei.organization', %s, true)", (str(organization),)
        )
        for one in first:
            await connection.execute(statement(one), given)
        before = await _rows(connection)
        if generic:
            plan = await _explain_generic(connection, name, given)
        else:
            cursor = await connection.execute((_EXPLAIN + statement(name)).encode(), given)
            plan = (await cursor.fetchall())[0][0]
        after = await _rows(connection)
    rows = {table: n - before.get(table, 0) for table, n in after.items()}
    return Reading(plan=plan[0]["Plan"], rows={table: n for table, n in rows.items() if n})


async def _rows(connection: psycopg.AsyncConnection) -> dict[str, int]:
    cursor = await connection.execute(_ROWS)
    return dict(await cursor.fetchall())


async def _explain_generic(
    connection: psycopg.AsyncConnection, name: str, given: Mapping[str, Any]
) -> Any:
    order = list(dict.fromkeys(_PARAMETER.findall(statement(name))))
    text = _PARAMETER.sub(lambda match: f"${order.index(match[1]) + 1}", statement(name))
    types = ", ".join(_type(given[key]) for key in order)
    await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE asked {f'({types})' if order else ''} AS {text}".encode())
    try:
        values = ", ".join(["%s"] * len(order))
        execute = f"EXECUTE asked ({values})" if order else "EXECUTE asked"
        cursor = psycopg.AsyncClientCursor(connection)
        await cursor.execute((_EXPLAIN + execute).encode(), [given[key] for key in order])
        return (await cursor.fetchall())[0][0]
    finally:
        await connection.execute("DEALLOCATE asked")


def _type(value: object) -> str:
    """Return the type that psycopg names for a value."""
    if isinstance(value, int) and not isinstance(value, bool):
        return "smallint" if abs(value) < 2**15 else "bigint"
    return {bool: "boolean", float: "double precision", bytes: "bytea"}.get(type(value), "unknown")
