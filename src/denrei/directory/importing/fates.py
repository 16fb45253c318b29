"""What an import tells: the fate of each row, and the sum of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from denrei.directory.verdicts import Verdict

__all__ = ["Fate", "Summary", "Verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of one row."""

    #: Where the row begins in the file, counted from 1.
    line: int
    verdict: Verdict
    code: str = ""
    name: str = ""
    #: What changes: our titles of columns, with both values where they are text.
    changed: tuple[str, ...] = ()
    #: Why it is refused: sentences.
    reasons: tuple[str, ...] = ()
    #: What was cleaned or should be looked at: sentences.
    warnings: tuple[str, ...] = ()
    #: Of a row that is refused: its cells as the file has them, to be corrected.
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The sum of an import or of its dry run."""

    #: SHA-256 of the file, hexadecimal.
    digest: str
    encoding: str
    counts: Mapping[Verdict, int]
    #: The header as the file has it.
    header: tuple[str, ...]
    #: What the file calls a column -> how we understand it.
    columns: Mapping[str, str]
    #: Columns that were ignored, as the file calls them.
    unknown_columns: tuple[str, ...]
    #: What to know of the whole file: sentences.
    notes: tuple[str, ...]
    #: Names of units, groups, positions and households that are new, by the title of their kind.
    created: Mapping[str, tuple[str, ...]]
    #: Whether it was written: never by a dry run.
    written: bool = False

    @property
    def rows(self) -> int:
        """Return how many rows there are, without the header."""
        return sum(self.counts.values())

    @property
    def taken(self) -> int:
        """Return how many people are new or changed."""
        return self.counts[Verdict.NEW] + self.counts[Verdict.CHANGED]
