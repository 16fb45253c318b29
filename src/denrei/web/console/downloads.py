"""A list as a file for spreadsheets, CSV or a workbook, written while it is read, however long."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import chain, islice
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.domain import spreadsheets, workbooks

Row = TypeVar("Row", bound=Model)
#: Return lines of cells; asked for in the language and the time zone of who asked for the file.
Lines = Callable[[], Iterable[Iterable[str]]]

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
#: Rows that go out in one piece.
_ROWS = 500


class Kind(StrEnum):
    """Kinds of files; the value is the ending of their names."""

    CSV = "csv"
    BOOK = "xlsx"

    @property
    def type(self) -> str:
        """The type of its content."""
        return _TYPES[self]


_TYPES = {
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.BOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def served(
    name: str,
    heading: Callable[[], Iterable[str]],
    pieces: Iterable[Lines],
    kind: Kind = Kind.CSV,
) -> StreamingHttpResponse:
    """Return a file of pieces in their order.

    Cells are made safe in a workbook, too, although its cells are texts: somebody may save it as CSV.
    The request, with its language, zone and transaction, is over when the pieces are asked for.
    """
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def spoken(lines: Lines) -> list[list[str]]:
        with translation.override(language), timezone.override(zone):
            return [[spreadsheets.written(cell) for cell in line] for line in lines()]

    said = map(spoken, chain([lambda: [heading()]], pieces))
    at = f"{timezone.localtime():%Y%m%d-%H%M}"
    return StreamingHttpResponse(
        workbooks.written(said) if kind is Kind.BOOK else _csv(said),
        content_type=kind.type,
        headers={"Content-Disposition": _disposition(f"{name}-{at}.{kind}")},
    )


def _disposition(name: str) -> str:
    return content_disposition_header(True, name) or ""


def _csv(pieces: Iterable[Iterable[Iterable[str]]]) -> Iterator[str]:
    yield _BYTE_ORDER_MARK
    for piece in pieces:
        text = io.StringIO()
        csv.writer(text).writerows(piece)
        yield text.getvalue()


def pieces_of(
    organization: Organization,
    found: QuerySet[Row],
    cells: Callable[[Sequence[Row]], Iterable[Iterable[str]]],
) -> Iterator[Lines]:
    """Yield rows in their order, read in a transaction of their own."""
    with tenancy.acting_for(organization.pk):
        rows = found.iterator(chunk_size=_ROWS)
        while piece := list(islice(rows, _ROWS)):
            yield partial(cells, piece)


def moment(at: datetime | None) -> str:
    """Return a moment as a cell has it; "" for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
