"""The fates of an import's rows, as they are told: kept aside, compared with the last look, stored.

Fates wait in a temporary table, which COPY may fill (it may not fill a table behind the wall).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from denrei.directory.importing.fates import Fate, Verdict
from denrei.directory.intake.models import PeopleImport

_BATCH = 1_000
#: A surrounding transaction may look again.
_MAKE = """
DROP TABLE IF EXISTS pg_temp.told_fate;
CREATE TEMPORARY TABLE told_fate (
  line integer PRIMARY KEY, verdict text NOT NULL, code text NOT NULL, name text NOT NULL,
  changed text[] NOT NULL, reasons text[] NOT NULL, warnings text[] NOT NULL, cells text[] NOT NULL,
  has_warning boolean NOT NULL, differs boolean NOT NULL DEFAULT false) ON COMMIT DROP
"""
_FILL = """
COPY told_fate (line, verdict, code, name, changed, reasons, warnings, cells, has_warning) FROM STDIN
"""
_COMPARE = """
UPDATE told_fate t SET differs = true
 WHERE EXISTS (SELECT FROM people_import_fate WHERE people_import_id = %(id)s)
   AND NOT EXISTS (SELECT FROM people_import_fate f
        WHERE f.people_import_id = %(id)s AND f.line = t.line AND f.verdict = t.verdict
          AND (f.changed, f.reasons, f.warnings) = (t.changed, t.reasons, t.warnings))
"""
_COUNT = """
SELECT count(*) FILTER (WHERE has_warning), count(*) FILTER (WHERE differs) FROM told_fate
"""
_STORE = """
INSERT INTO people_import_fate (organization_id, people_import_id, line, verdict, code, name,
                                changed, reasons, warnings, cells, has_warning, differs)
SELECT %(organization)s, %(id)s, line, verdict, code, name,
       changed, reasons, warnings, cells, has_warning, differs FROM told_fate ORDER BY line
"""


class Record:
    """The fates that one piece of work tells. To be made in its transaction."""

    def __init__(self, one: PeopleImport) -> None:
        self._keys = {"id": one.pk, "organization": one.organization_id}
        self._waiting: list[Fate] = []
        self._run(_MAKE)

    def tell(self, fate: Fate) -> None:
        """Take the fate of one row."""
        self._waiting.append(fate)
        if len(self._waiting) >= _BATCH:
            self._flush()

    def compare(self) -> tuple[int, int]:
        """Mark what differs from the last look; return (rows with a warning, rows that differ)."""
        self._flush()
        self._run("ANALYZE told_fate")
        self._run(_COMPARE)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT)
            warned, differing = cursor.fetchone()
        return int(warned), int(differing)

    def store(self) -> None:
        """Put these fates in the place of those of the last look."""
        self._run("DELETE FROM people_import_fate WHERE people_import_id = %(id)s")
        self._run(_STORE)

    def _flush(self) -> None:
        with connection.cursor() as cursor, cursor.copy(_FILL) as copy:
            for fate in self._waiting:
                copy.write_row(_columns(fate))
        self._waiting.clear()

    def _run(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._keys)


def _columns(fate: Fate) -> tuple[object, ...]:
    return (
        fate.line,
        fate.verdict.value,
        fate.code,
        fate.name,
        list(fate.changed),
        list(fate.reasons),
        list(fate.warnings),
        list(_storable(fate.cells)),
        bool(fate.warnings) and fate.verdict is not Verdict.REFUSED,
    )


def _storable(cells: Iterable[str]) -> Iterable[str]:
    """Yield cells as the file has them but for what no text of PostgreSQL can hold."""
    for cell in cells:
        yield cell.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
