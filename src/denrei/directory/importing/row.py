"""One row of a file of people, as it stands there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one row, by their index; what a workbook knows of them beside their text."""

    #: Where it begins, counted from 1 as an editor or a spreadsheet does.
    line: int
    cells: tuple[str, ...]
    #: Why it cannot be read; then `cells` hold what is there, for people only.
    reason: str = ""
    #: Cells that were numbers: zeros before them are lost.
    numbers: frozenset[int] = _NONE
    #: Cells that were dates: perhaps a class 1-2 that a spreadsheet took for one.
    dates: frozenset[int] = _NONE

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote anything into it."""
        return not self.reason and all(not cell or cell.isspace() for cell in self.cells)

    def trimmed(self) -> Self:
        """Return it without the blank cells at its end."""
        cells = list(self.cells)
        while cells and not cells[-1].strip():
            cells.pop()
        return replace(self, cells=tuple(cells))
