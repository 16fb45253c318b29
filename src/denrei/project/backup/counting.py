"""How many rows a database has, by the words of an office: for the manifest, and beside it after a rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

#: Name in the manifest → (words, table).
COUNTED: Mapping[str, tuple[str, str]] = {
    "organizations": ("団体", "organization"),
    "operators": ("操作者", "operator"),
    "people": ("名簿の人", "recipient"),
    "contacts": ("連絡先", "contact"),
    "broadcasts": ("連絡", "broadcast"),
    "deliveries": ("配信", "delivery"),
    "attempts": ("試行", "attempt"),
    "answers": ("回答", "response"),
    "seals": ("封印", "seal"),
    "trail": ("操作の記録", "audit_entry"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a database had at one moment, which `pg_dump` can be told to dump."""

    counts: Mapping[str, int]
    #: For `pg_dump --snapshot`, while the transaction is open.
    snapshot: str


@contextmanager
def moment(conninfo: str) -> Iterator[Moment]:
    """Count at one moment, and hold it. psycopg.Error."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield Moment(counts=_counts(connection), snapshot=row[0])


def counts(conninfo: str) -> Mapping[str, int]:
    """Count what there is. psycopg.Error."""
    with psycopg.connect(conninfo) as connection:
        return _counts(connection)


def _counts(connection: psycopg.Connection) -> Mapping[str, int]:
    found = {}
    for name, (_words, table) in COUNTED.items():
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()  # noqa: S608 - a table of ours
        assert row is not None
        found[name] = int(row[0])
    return found
