"""Files that the import gives: an example to fill in, and the rows that it did not take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.directory import template as example
from denrei.directory.intake.models import ImportFate, PeopleImport
from denrei.directory.verdicts import Verdict
from denrei.web.console import downloads
from denrei.web.console.downloads import Kind, Lines
from denrei.web.console.importing.views import find


@rights.needs(Right.PEOPLE)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Serve `/console/people/import/template.csv`."""
    del request
    return HttpResponse(
        example.file(), content_type=Kind.CSV.type, headers=_named(_("名簿のひな形"))
    )


@rights.needs(Right.PEOPLE)
@require_safe
def refused(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Serve `/console/people/import/<id>/refused.csv`: corrected, it can be imported as it is."""
    one = find(request, import_id)
    # the file's own words, in any language of the console: it can be imported again
    heading = ("行", "取り込めない理由", *one.findings.get("header", ()))
    return downloads.served(_("取り込めない行"), lambda: heading, _pieces(one))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(True, f"{name}.csv") or ""}


def _pieces(one: PeopleImport) -> Iterator[Lines]:
    fates = ImportFate.objects.filter(people_import=one, verdict=Verdict.REFUSED.value)
    return downloads.pieces_of(one.organization, fates.order_by("line"), _rows)


def _rows(fates: Sequence[ImportFate]) -> Iterator[tuple[str, ...]]:
    for fate in fates:
        yield (str(fate.line), "".join(fate.reasons), *fate.cells)
