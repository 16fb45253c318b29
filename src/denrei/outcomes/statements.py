"""The statements of this package by name: one file each in `sql/`, with a sentence on top."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, LiteralString

from django.db import connection


@cache
def statement(name: str) -> LiteralString:
    """Return the text of `sql/<name>.sql`; parameters are written `%(name)s`."""
    path = resources.files("denrei.outcomes") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")


def names() -> list[str]:
    """Return the names of all statements, for tests that look at each."""
    folder = resources.files("denrei.outcomes") / "sql"
    return sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir())


def ask(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement in the caller's transaction; return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), parameters)
        return cursor.fetchall() if cursor.description else []
