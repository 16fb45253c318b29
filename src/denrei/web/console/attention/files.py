"""A list of contacts as a CSV file, written while it is read, however long."""

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

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
#: Rows that go out in one piece.
_ROWS = 500


def served(
    name: str,
    organization: Organization,
    found: QuerySet[Row],
    *,
    heading: Callable[[], Iterable[str]],
    cells: Callable[[Sequence[Row]], Iterable[Iterable[str]]],
) -> StreamingHttpResponse:
    """Return a file of rows in their order, in the language and the time zone of who asks.

    The request is over when its pieces are asked for: they are read in a transaction of their own.
    """
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def written(lines: Callable[[], Iterable[Iterable[str]]]) -> str:
        text = io.StringIO()
        with translation.override(language), timezone.override(zone):
            safe = ([spreadsheets.written(cell) for cell in line] for line in lines())
            csv.writer(text).writerows(safe)
        return text.getvalue()

    def pieces() -> Iterator[str]:
        yield _BYTE_ORDER_MARK + written(lambda: [heading()])
        with tenancy.acting_for(organization.pk):
            rows = found.iterator(chunk_size=_ROWS)
            while piece := list(islice(rows, _ROWS)):
                yield written(partial(cells, piece))

    file = f"{name}-{timezone.localtime():%Y%m%d-%H%M}.csv"
    return StreamingHttpResponse(
        pieces(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def moment(at: datetime | None) -> str:
    """Return a moment as a cell has it; "" for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
