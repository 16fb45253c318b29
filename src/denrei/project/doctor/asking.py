"""How the doctor asks the database: as the login, or for a moment as one of the roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]

#: Seconds to reach the server, and for each statement: a doctor must not hang.
_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 10


def connect(address: str) -> Connection:
    """Open a connection as the login. psycopg.OperationalError: out of reach."""
    connection = psycopg.connect(
        address,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        application_name="denrei doctor",
    )
    connection.execute(
        "SELECT set_config('statement_timeout', %s, false)", (f"{_STATEMENT_SECONDS}s",)
    )
    return connection


def rows(connection: Connection, question: LiteralString, *given: object) -> list[tuple[Any, ...]]:
    """Return all rows of an answer."""
    return connection.execute(question, given).fetchall()


def value(connection: Connection, question: LiteralString, *given: object) -> Any:
    """Return the only value of an answer; None where there is no row."""
    row = connection.execute(question, given).fetchone()
    return row and row[0]


@contextmanager
def acting(connection: Connection, role: str, organization: int | None = None) -> Iterator[None]:
    """Be a role for one transaction, which names an organization or none; not within another one.

    psycopg.errors.InsufficientPrivilege: the login may not become it.
    """
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        if organization is not None:
            connection.execute(
                "SELECT set_config('denrei.organization', %s, true)", (str(organization),)
            )
        yield
