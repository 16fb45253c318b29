"""The people of the present filter as a CSV file (MSG-5)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from denrei.accounts import rights, tenancy
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.directory import exporting, paging, searching
from denrei.web.console.asking import operator_of
from denrei.web.console.people import choosing
from denrei.web.console.people.choosing import Choice

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"


class _Echo:
    """A file that hands back each line that is written to it."""

    def write(self, line: str) -> str:
        return line


@rights.needs(Right.PEOPLE)
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """Serve `/console/people/export.csv`: a file as it is read, however long."""
    operator = operator_of(request)
    choice = choosing.read(request.GET, operator)
    count = paging.count(searching.people(operator, choice.search))
    exporting.record(operator, choice.query, f"{count.number}{'+' if count.capped else ''}")
    name = f"meibo-{timezone.localtime():%Y%m%d-%H%M}.csv"
    return StreamingHttpResponse(
        _lines(operator, choice),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(operator: Operator, choice: Choice) -> Iterator[str]:
    """Yield the lines; the request's transaction is over when they are asked for."""
    writer: Any = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK + writer.writerow(exporting.heading())
    with tenancy.acting_for(operator.organization_id):
        people = searching.people(operator, choice.search)
        for row in exporting.rows(people, operator):
            yield writer.writerow(row)
