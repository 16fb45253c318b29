"""A list as a CSV file for spreadsheets, written while it is read, however long."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone, translation

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.domain import spreadsheets

Row = TypeVar("Row", bound=Model)
#: Return lines of cells; asked for in the language and the time zone of who asked for the file.
Lines = Callable[[], Iterable[Iterable[str]]]

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
#: Rows that go out in one piece.
_ROWS = 500


def served(
    name: str, heading: Callable[[], Iterable[str]], pieces: Iterable[Lines]
) -> StreamingHttpResponse:
    """Return a file of pieces in their order.

    The request, with its language, zone and transaction, is over when the pieces are asked for.
    """
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def written(lines: Lines) -> str:
        text = io.StringIO()
        with translation.override(language), timezone.override(zone):
            safe = ([spreadsheets.written(cell) for cell in line] for line in lines())
            csv.writer(text).writerows(safe)
        return text.getvalue()

    def file() -> Iterator[str]:
        yield _BYTE_ORDER_MARK + written(lambda: [heading()])
        yield from map(written, pieces)

    at = f"{timezone.localtime():%Y%m%d-%H%M}"
    return StreamingHttpResponse(
        file(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{at}.csv"'},
    )


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
