"""Empty a database again after a test that committed.

TRUNCATE makes new files for some hundred tables and indexes, which takes up to half a second, so rows
are deleted, where there are any. What has grown by that, or has statistics of another test, is truncated
after all.
"""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql

#: Bytes of a table from which on all are truncated.
_GROWN = 1 << 20
_TABLES = (
    "SELECT oid::regclass::text, pg_relation_size(oid), reltuples >= 0 FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    " AND relname NOT IN ('django_migrations', 'django_content_type', 'procrastinate_version')"
)


def empty(conninfo: str, *, anew: bool = False) -> None:
    """Leave no row but those that a migrated database has; `anew`: nor the room that rows have taken."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        tables: list[tuple[LiteralString, int, bool]] = connection.execute(_TABLES).fetchall()
        is_used = any(size >= _GROWN or is_analyzed for _, size, is_analyzed in tables)
        if anew or is_used or not _may_ignore_references(connection):
            connection.execute(sql.SQL("TRUNCATE {}").format(_list([name for name, *_ in tables])))
            return
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            for table in _filled(connection, [name for name, size, _ in tables if size]):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.SQL(table)))


def _may_ignore_references(connection: psycopg.Connection) -> bool:
    """Tell whether the login is a superuser: foreign keys and triggers don't ask him."""
    return connection.info.parameter_status("is_superuser") == "on"


def _filled(connection: psycopg.Connection, tables: list[LiteralString]) -> list[LiteralString]:
    each = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.SQL(name))
        for name in tables
    ]
    if not each:
        return []
    return [name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(each))]


def _list(names: list[LiteralString]) -> sql.Composed:
    return sql.SQL(",").join(map(sql.SQL, names))
