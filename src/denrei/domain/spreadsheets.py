"""Cells that a spreadsheet opens: none of them is run, and each comes back as it was.

A cell that a spreadsheet could take for a formula gets an apostrophe before it (OWASP, CSV
Injection), which is taken away again where such a file is read.
"""

from __future__ import annotations

from denrei.domain import text

_SHIELD = "'"


def written(cell: str) -> str:
    """Return a cell as a file for spreadsheets has it."""
    return f"{_SHIELD}{cell}" if text.is_formula(cell.lstrip(_SHIELD)) else cell


def read(cell: str) -> str:
    """Return the cell that `written` made safe; any other as it is."""
    is_shielded = cell.startswith(_SHIELD) and text.is_formula(cell.lstrip(_SHIELD))
    return cell[1:] if is_shielded else cell
