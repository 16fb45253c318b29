"""Files that the import gives: an example to fill in, and the rows that it did not take."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denrei.accounts import rights, tenancy
from denrei.accounts.rights import Right
from denrei.directory import template as example
from denrei.directory.intake.models import ImportFate, PeopleImport
from denrei.directory.verdicts import Verdict
from denrei.domain import spreadsheets
from denrei.web.console.importing.views import find

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
_CSV = "text/csv; charset=utf-8"


@rights.needs(Right.PEOPLE)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Serve `/console/people/import/template.csv`."""
    del request
    return HttpResponse(example.file(), content_type=_CSV, headers=_named(_("名簿のひな形")))


@rights.needs(Right.PEOPLE)
@require_safe
def refused(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Serve `/console/people/import/<id>/refused.csv`: corrected, it can be imported as it is."""
    one = find(request, import_id)
    headers = _named(_("取り込めない行"))
    return StreamingHttpResponse(_lines(one), content_type=_CSV, headers=headers)


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(True, f"{name}.csv") or ""}


class _Echo:
    """A file that hands back each line that is written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(one: PeopleImport) -> Iterator[str]:
    """Yield the lines; the request's transaction is over when they are asked for."""
    writer: Any = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK + writer.writerow(
        map(spreadsheets.written, ("行", "取り込めない理由", *one.findings.get("header", ())))
    )
    with tenancy.acting_for(one.organization_id):
        fates = ImportFate.objects.filter(people_import=one, verdict=Verdict.REFUSED.value)
        for fate in fates.order_by("line").iterator():
            reasons = "".join(fate.reasons)
            yield writer.writerow(map(spreadsheets.written, (str(fate.line), reasons, *fate.cells)))
