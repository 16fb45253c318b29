"""From the cells of a sheet to text: what their writer sees, not how the spreadsheet keeps it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from denrei.directory.importing.row import Row

#: A format that writes zeros before a number: 000000, or 000-0000-0000.
_ZEROS = re.compile(r"[0\-() ]{2,30}\Z")
#: How a workbook writes characters that XML has none for (ECMA-376, ST_Xstring).
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def row(line: int, cells: Sequence[Any]) -> Row:
    """Return a row of openpyxl's cells."""
    return Row(
        line=line,
        cells=tuple(text_of(cell) for cell in cells),
        numbers=frozenset(index for index, cell in enumerate(cells) if _lost_zeros(cell)),
        dates=frozenset(
            index for index, cell in enumerate(cells) if isinstance(cell.value, date | time)
        ),
    )


def text_of(cell: Any) -> str:
    """Return what a cell shows; "" for a blank one."""
    value: object = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _number(value: int | float, written_as: str) -> str:
    """15 digits are all that a spreadsheet keeps (IEEE 754)."""
    digits = f"{value:.15g}" if isinstance(value, float) else str(value)
    if digits.isdecimal() and _ZEROS.match(written_as):
        return _filled(digits, written_as)
    return digits


def _filled(digits: str, pattern: str) -> str:
    """Put digits into a format from its end, as a spreadsheet does: 9012345678 in 000-0000-0000."""
    left = list(digits.zfill(pattern.count("0")))
    written = [left.pop() if mark == "0" else mark for mark in reversed(pattern)]
    return "".join((*left, *reversed(written)))


def _lost_zeros(cell: Any) -> bool:
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return is_number and not _ZEROS.match(str(cell.number_format))
