"""The people of the present filter as a CSV file (MSG-5)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from denrei.accounts import rights, tenancy
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.directory import exporting, searching
from denrei.directory.looking import Look
from denrei.web.console.asking import operator_of
from denrei.web.console.people import choosing
from denrei.web.console.people.choosing import Choice

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
#: Rows that go out in one piece.
_ROWS = 500


@rights.needs(Right.PEOPLE)
@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """Serve `/console/people/export.csv`: a file as it is read, however long."""
    operator = operator_of(request)
    choice = choosing.read(request.GET, operator)
    count = Look(operator=operator, search=choice.search).count()
    exporting.record(operator, choice.query, f"{count.number}{'+' if count.capped else ''}")
    name = f"meibo-{timezone.localtime():%Y%m%d-%H%M}.csv"
    return StreamingHttpResponse(
        _pieces(operator, choice),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _pieces(operator: Operator, choice: Choice) -> Iterator[str]:
    """Yield the file in pieces; the request's transaction is over when they are asked for."""
    yield _BYTE_ORDER_MARK + _written([exporting.heading()])
    with tenancy.acting_for(operator.organization_id):
        rows = exporting.rows(searching.people(operator, choice.search), operator)
        while piece := list(islice(rows, _ROWS)):
            yield _written(piece)


def _written(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
