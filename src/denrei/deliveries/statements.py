"""The statements of the protocol by name: one file each in `sql/`, with a sentence on top."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import LiteralString


@cache
def statement(name: str) -> LiteralString:
    """Return the text of `sql/<name>.sql`; parameters are written `%(name)s`."""
    path = resources.files("denrei.deliveries") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")


def names() -> list[str]:
    """Return the names of all statements, for tests that look at each."""
    folder = resources.files("denrei.deliveries") / "sql"
    found = (entry.name.removesuffix(".sql") for entry in folder.iterdir())
    return sorted(name for name in found if name != "schema")


def read_all() -> None:
    """Read every statement now: a worker that has no file descriptor left must still record."""
    for name in names():
        statement(name)
