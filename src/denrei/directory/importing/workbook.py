"""Workbooks of Excel (.xlsx) as rows: what their writer sees in the cells, within bounds.

Nothing that a file says of itself is believed before it is bounded: a small file may unpack to
gigabytes, name a million parts, or put one cell at the far end of a sheet. `zipfile` gives no more
bytes of a part than its directory says, so the directory is what is checked.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import openpyxl

from denrei.directory.importing import sheet_cells
from denrei.directory.importing.columns import MAX_COLUMNS
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.importing.row import Row

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

#: What a survey calls the encoding of a workbook.
ENCODING = "xlsx"
OLE = b"\xd0\xcf\x11\xe0"

#: Bytes of the sheets, unpacked; 100,000 people with 20 columns have some 100 MB.
MAX_SHEET = 256 << 20
#: Bytes of any other part, unpacked; all texts of 100,000 people have some 30 MB.
MAX_PART = 64 << 20
#: Bytes of the list of parts; an honest workbook has some kilobytes.
MAX_DIRECTORY = 1 << 20
#: Excel's own bound.
MAX_ROWS = 1 << 20

_BLOCK = 1 << 16
_SHEETS = "xl/worksheets/"
#: What openpyxl raises at a file that is not what it takes it for is whatever Python raises there.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError,
    EOFError, OSError, NotImplementedError, RuntimeError, SyntaxError, AssertionError,
)  # fmt: skip
_ZIP = b"PK\x03\x04"
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook that is open at the sheet of people."""

    rows: Iterator[Row]
    #: Rows that it says it has, with the header; 0 where it says nothing.
    expected: int
    #: Sentences about the whole file.
    notes: tuple[str, ...]


def is_one(head: bytes) -> bool:
    """Tell whether a file that begins so is an archive, hence a workbook or nothing for us."""
    return head.startswith(_ZIP)


def check(file: BinaryIO) -> None:
    """Refuse what is no workbook or too large to be unpacked. Raises ImportFileError."""
    if _directory_bytes(file) > MAX_DIRECTORY:
        raise ImportFileError(FileFault.BOOK_TOO_LARGE)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
    except _BROKEN as error:
        raise ImportFileError(FileFault.BROKEN_BOOK) from error
    if "xl/workbook.xml" not in parts:
        alike = {"xl/workbook.bin", "content.xml"} & parts.keys()  # xlsb, ods
        raise ImportFileError(FileFault.SPREADSHEET if alike else FileFault.BINARY)
    sheets = sum(size for name, size in parts.items() if name.startswith(_SHEETS))
    others = max(size for name, size in parts.items() if not name.startswith(_SHEETS))
    if sheets > MAX_SHEET or others > MAX_PART:
        raise ImportFileError(FileFault.BOOK_TOO_LARGE)


def fault_of_old(file: BinaryIO) -> FileFault:
    """Tell a workbook behind a password from one of Excel 97 (both are OLE files)."""
    file.seek(0)
    name = "EncryptedPackage".encode("utf-16-le")
    tail = b""
    for block in iter(lambda: file.read(_BLOCK), b""):
        if name in tail + block:
            return FileFault.LOCKED
        tail = block[-len(name) :]
    return FileFault.SPREADSHEET


def _directory_bytes(file: BinaryIO) -> int:
    """Return the size of the list of parts, found as `zipfile` finds it, before that reads it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _BLOCK - 128))
    tail = file.read()
    end = tail.rfind(_END, 0, len(tail) - 18)
    if end < 0:
        return 0  # no archive: `zipfile` says so
    if tail[max(0, end - 20) :].startswith(_LOCATOR_64) and (
        tail[max(0, end - 76) :].startswith(_END_64)
    ):
        return int.from_bytes(tail[end - 36 : end - 28], "little")
    return int.from_bytes(tail[end + 12 : end + 16], "little")


@contextmanager
def opened(file: BinaryIO) -> Iterator[Book]:
    """Open a workbook that passed `check`. Raises ImportFileError, also from its rows."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"openpyxl\b")
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise ImportFileError(FileFault.BROKEN_BOOK) from error
        try:
            yield _book(book)
        finally:
            book.close()


def _book(book: Workbook) -> Book:
    sheets: list[Any] = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise ImportFileError(FileFault.NO_SHEET)
    expected = sheets[0].max_row or 0
    notes: tuple[str, ...] = ()
    if len(sheets) > 1:
        notes = (
            f"最初のシート「{sheets[0].title}」を読みました。ほかの{len(sheets) - 1}枚は読みません。",
        )
    return Book(rows=_rows(sheets[0]), expected=min(expected, MAX_ROWS), notes=notes)


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the rows that are not blank, the header first."""
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    try:
        header = next(_sheet_rows(sheet, 1, MAX_COLUMNS + 1), None)
        if header is not None:
            header = header.trimmed()
            yield header
            # one column more than it has, so that a shifted row is seen
            yield from _sheet_rows(sheet, header.line + 1, len(header.cells) + 1)
    except _BROKEN as error:
        raise ImportFileError(FileFault.BROKEN_BOOK) from error


def _sheet_rows(sheet: Any, first: int, width: int) -> Iterator[Row]:
    found = sheet.iter_rows(min_row=first, max_row=MAX_ROWS, max_col=width)
    for line, cells in enumerate(found, start=first):
        row = sheet_cells.row(line, cells)
        if not row.is_blank:
            yield row
