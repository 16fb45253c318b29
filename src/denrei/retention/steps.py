"""How rows whose time is over are chosen and deleted: conditions as data, statements made from them.

Every statement names the organization: a worker's role sees some tables of all. It takes at most so
many rows, and is repeated until it finds none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db import connection

#: Rows of a transaction at most, where each is by itself.
MOST = 5_000


class Removed(NamedTuple):
    """What a batch deleted."""

    #: What an office counts.
    things: int
    #: Rows of the database.
    rows: int
    #: There may be more, although no row went.
    goes_on: bool = False

    def __bool__(self) -> bool:
        """Tell whether to come again."""
        return self.goes_on or bool(self.rows)


NOTHING = Removed(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose rows, and until when; the transaction acts for the organization."""

    #: None: rows of no organization.
    organization: int | None
    until: datetime
    #: `Period.code` from which `until` follows.
    kept: str = ""

    @property
    def named(self) -> dict[str, Any]:
        """Return the parameters of statements."""
        return {"organization": self.organization, "until": self.until}


class Step(Protocol):
    """One thing that is done for a kind, in batches."""

    def batch(self, scope: Scope, most: int) -> Removed:
        """Delete at most so many; NOTHING: there is nothing more."""

    def count(self, scope: Scope) -> int:
        """Return how many things it would delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Delete rows, with those of other tables that hang on them.

    `where` names columns of the table, and may use `%(until)s`.
    """

    table: str
    where: str
    #: Table → its column that names the row: deleted along with it.
    along: Mapping[str, str] = field(default_factory=dict)
    #: Table → its column that names the row: set to NULL.
    loosened: Mapping[str, str] = field(default_factory=dict)
    #: Rows that no organization has.
    unowned: bool = False
    #: Somebody may be at work on a row: it waits for another night. Append-only rows can't be locked.
    locked: bool = True
    #: They are things of their own; else rows that belong to what a later step deletes.
    is_counted: bool = True

    def batch(self, scope: Scope, most: int) -> Removed:
        """Delete at most so many."""
        columns = "ctid AS place, id" if self.along or self.loosened else "ctid AS place"
        lock = " FOR UPDATE SKIP LOCKED" if self.locked else ""
        chosen = f"SELECT {columns} FROM {self.table} WHERE {self._chosen} LIMIT %(most)s{lock}"
        steps = [f"old AS MATERIALIZED ({chosen})"]
        for number, (table, column) in enumerate(self.along.items()):
            steps.append(
                f"a{number} AS (DELETE FROM {table} t USING old WHERE t.{column} = old.id RETURNING 1)"
            )
        for number, (table, column) in enumerate(self.loosened.items()):
            steps.append(
                f"l{number} AS (UPDATE {table} t SET {column} = NULL FROM old WHERE t.{column} = old.id)"
            )
        steps.append(
            f"gone AS (DELETE FROM {self.table} t USING old WHERE t.ctid = old.place RETURNING 1)"
        )
        hung = "".join(f" + (SELECT count(*) FROM a{n})" for n in range(len(self.along)))
        row = _row(
            f"WITH {', '.join(steps)} SELECT {'n' if self.is_counted else 0}, n{hung} FROM (SELECT count(*) AS n FROM gone) x",
            {**scope.named, "most": most},
        )
        return Removed(*row)

    def count(self, scope: Scope) -> int:
        """Return how many things it would delete."""
        if not self.is_counted:
            return 0
        return int(_row(f"SELECT count(*) FROM {self.table} WHERE {self._chosen}", scope.named)[0])

    @property
    def _chosen(self) -> str:
        whose = "organization_id IS NULL" if self.unowned else "organization_id = %(organization)s"
        return f"{whose} AND ({self.where})"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteEach:
    """Delete rows that are found table by table through another one, by its keys.

    `found`: a lateral sub-select that gives `place` (a ctid) for each row of `through`.
    """

    table: str
    through: str
    found: str

    def batch(self, scope: Scope, most: int) -> Removed:
        """Delete at most so many."""
        (n,) = _row(
            f"WITH gone AS (DELETE FROM {self.table} WHERE ctid = ANY(ARRAY({self._places})) RETURNING 1)"
            " SELECT count(*) FROM gone",
            {**scope.named, "most": most},
        )
        return Removed(n, n)

    def count(self, scope: Scope) -> int:
        """Return how many rows it would delete."""
        asked = {**scope.named, "most": None}
        return int(_row(f"SELECT count(*) FROM ({self._places}) x", asked)[0])

    @property
    def _places(self) -> str:
        return (
            f"SELECT f.place FROM {self.through} CROSS JOIN LATERAL ({self.found} LIMIT %(most)s) f"
            " LIMIT %(most)s"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Take something out of rows that stay."""

    table: str
    change: str
    where: str

    def batch(self, scope: Scope, most: int) -> Removed:
        """Change at most so many."""
        (n,) = _row(
            f"WITH gone AS (UPDATE {self.table} SET {self.change} WHERE ctid = ANY(ARRAY("
            f"SELECT ctid FROM {self.table} WHERE {self._chosen} LIMIT %(most)s FOR UPDATE SKIP LOCKED))"
            " RETURNING 1) SELECT count(*) FROM gone",
            {**scope.named, "most": most},
        )
        return Removed(n, n)

    def count(self, scope: Scope) -> int:
        """Return how many rows it would change."""
        return int(_row(f"SELECT count(*) FROM {self.table} WHERE {self._chosen}", scope.named)[0])

    @property
    def _chosen(self) -> str:
        return f"organization_id = %(organization)s AND ({self.where})"


def _row(sql: str, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
