"""From bytes to rows: encoding, separator, rows over several lines, rows that cannot be read.

Text is read here, a workbook by `workbook`. Memory stays flat: no line longer than `MAX_LINE` and no row over more than `MAX_LINES_OF_ROW` lines
is ever held. A quotation mark that is never closed costs its own row, not the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from denrei.directory.importing import workbook
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.importing.row import Row

#: Characters; the fullest honest row has some 2,000.
MAX_LINE = 60_000
#: A cell with line breaks in it makes a row of several lines.
MAX_LINES_OF_ROW = 50
#: U+FFFD: stands where the bytes fit no character.
UNDECODABLE = "\ufffd"

_BLOCK = 1 << 16
#: Text with more NULs than these and one in so many bytes is none; a few are dirt, and cleaned.
_SOME_NULS, _TEXT_PER_NUL = 8, 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARIES = (
    (b"\x89PNG", FileFault.BINARY),
    (b"\xff\xd8\xff", FileFault.BINARY),  # JPEG
    (b"%PDF", FileFault.BINARY),
    (b"\x1f\x8b", FileFault.BINARY),  # gzip
    (b"GIF8", FileFault.BINARY),
    (b"RIFF", FileFault.BINARY),  # WebP
)
QUOTES_UNBALANCED = '引用符（"）の対応が正しくないため、この行を読み取れません。'
LINE_TOO_LONG = f"行が長すぎます。1行を{MAX_LINE:,}文字以内にしてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one pass over the bytes tells."""

    #: SHA-256, hexadecimal: the same file, or another?
    digest: str
    #: A codec's name, or `workbook.ENCODING`.
    encoding: str
    #: "," or a tab (Excel's "Unicode text"); "" of a workbook.
    separator: str
    #: Line ends, more or less; 0 of a workbook.
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that is open to be read row by row."""

    #: Rows that are not blank, the header first.
    rows: Iterator[Row]
    #: About how many there are, with the header; 0 where nobody knows.
    expected: int
    #: Sentences about the whole file.
    notes: tuple[str, ...] = ()


def survey(file: BinaryIO) -> Survey:
    """Read the file once: digest, encoding, separator. Raises ImportFileError."""
    file.seek(0)
    head = file.read(_BLOCK)
    _refuse_what_is_no_table(head, file)
    if workbook.is_one(head):
        return _survey_of_book(file)
    file.seek(len(head))
    digest = hashlib.sha256()
    lines = 0
    utf8 = codecs.getincrementaldecoder("utf-8")()
    fits = True
    block = head
    while block:
        digest.update(block)
        lines += block.count(b"\n") or block.count(b"\r")
        following = file.read(_BLOCK)
        fits = fits and _decodes(utf8, block, final=not following)
        block = following
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    encoding = marked or ("utf-8" if fits else _majority(file))
    separator = _separator(head, encoding)
    return Survey(digest=digest.hexdigest(), encoding=encoding, separator=separator, lines=lines)


def _survey_of_book(file: BinaryIO) -> Survey:
    workbook.check(file)
    file.seek(0)
    digest = hashlib.sha256()
    for block in iter(lambda: file.read(_BLOCK), b""):
        digest.update(block)
    return Survey(digest=digest.hexdigest(), encoding=workbook.ENCODING, separator="", lines=0)


def _refuse_what_is_no_table(head: bytes, file: BinaryIO) -> None:
    if not head.strip():
        raise ImportFileError(FileFault.EMPTY)
    if head.startswith(workbook.OLE):
        raise ImportFileError(workbook.fault_of_old(file))
    for magic, fault in _BINARIES:
        if head.startswith(magic):
            raise ImportFileError(fault)
    may_have_nul = workbook.is_one(head) or head.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    )
    if not may_have_nul and head.count(0) > max(_SOME_NULS, len(head) // _TEXT_PER_NUL):
        raise ImportFileError(FileFault.BINARY)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _majority(file: BinaryIO) -> str:
    """Choose between CP932 and a UTF-8 with wrong bytes in it, whose rows will be refused.

    UTF-8 proves itself: text of CP932 is hardly ever a valid sequence. The reverse is common, so
    that the whole file can be read as CP932 proves nothing.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    valid = broken = 0
    for block in iter(lambda: file.read(_BLOCK), b""):
        text = decoder.decode(block)
        wrong = text.count(UNDECODABLE)
        broken += wrong
        valid += len(text) - len(text.encode("ascii", "ignore")) - wrong
    return "utf-8" if valid > broken else "cp932"


def _separator(head: bytes, encoding: str) -> str:
    text = head.decode(encoding, errors="replace").lstrip()
    first_line = text.splitlines()[0] if text else ""
    return "\t" if first_line.count("\t") > first_line.count(",") else ","


@contextmanager
def opened(file: BinaryIO, surveyed: Survey) -> Iterator[Source]:
    """Open a surveyed file. Raises ImportFileError, also from the rows of a workbook."""
    if surveyed.encoding == workbook.ENCODING:
        with workbook.opened(file) as book:
            yield Source(rows=book.rows, expected=book.expected, notes=book.notes)
        return
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=surveyed.encoding, errors="replace", newline="")
    try:
        yield Source(rows=_rows(_Lines(text), surveyed.separator), expected=surveyed.lines)
    finally:
        text.detach()  # the file is the caller's to close


def _rows(lines: _Lines, separator: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _LineTooLongError:
            lines.give_back()
            yield Row(line=begins, cells=(), reason=LINE_TOO_LONG)
        except csv.Error:
            first = lines.give_back()
            yield Row(line=begins, cells=(first.rstrip("\r\n"),), reason=QUOTES_UNBALANCED)
        else:
            row = Row(line=begins, cells=tuple(cells))
            if not row.is_blank:
                yield row


class _LineTooLongError(csv.Error):
    """The next line is longer than anybody's row."""


class _Lines:
    """The lines of a file, counted; the lines of a row that failed can be read again."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        #: Lines handed out and not given back.
        self._handed = 0
        #: Of the present row; None is a line that was too long.
        self._row: list[str | None] = []
        self._again: deque[str | None] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._row) == MAX_LINES_OF_ROW:
            raise csv.Error("a row over too many lines: most likely a quotation mark is not closed")
        line = self._again.popleft() if self._again else self._read()
        self._row.append(line)
        self._handed += 1
        if line is None:
            raise _LineTooLongError
        return line

    def begin_row(self) -> int:
        """Forget the last row and return the number of the line where the next one begins."""
        self._row.clear()
        return self._handed + 1

    def give_back(self) -> str:
        """Let all lines of the present row but its first be read again; return the first."""
        first, *rest = self._row
        self._again.extendleft(reversed(rest))
        self._handed -= len(rest)
        return first or ""

    def _read(self) -> str | None:
        line = self._text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
            return line
        while (more := self._text.readline(MAX_LINE)) and not more.endswith(("\n", "\r")):
            pass
        return None
