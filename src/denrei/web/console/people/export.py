"""The people of the present filter as a CSV file or a workbook (MSG-5)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denrei.accounts import rights, tenancy
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.directory import exporting, searching
from denrei.directory.looking import Look
from denrei.domain import workbooks
from denrei.web.console import downloads
from denrei.web.console.asking import operator_of
from denrei.web.console.downloads import Kind, Lines
from denrei.web.console.people import choosing
from denrei.web.console.people.choosing import Choice

#: Rows that go out in one piece.
_ROWS = 500


@rights.needs(Right.PEOPLE)
@require_GET
def download(request: HttpRequest, kind: Kind) -> HttpResponseBase:
    """Serve `/console/people/export.csv` and `.xlsx`: a file as it is read, however long."""
    operator = operator_of(request)
    choice = choosing.read(request.GET, operator)
    look = Look(operator=operator, search=choice.search)
    count = look.count()
    if kind is Kind.BOOK and count.capped and look.people.count() >= workbooks.MOST_ROWS:
        messages.warning(
            request,
            _(
                "Excelのシートに入るのは%(most)s人までです。CSVで書き出すか、条件で絞り込んでください。"
            )
            % {"most": f"{workbooks.MOST_ROWS - 1:,}"},
        )
        return redirect(f"{request.path.removesuffix('export.xlsx')}?{choice.query}")
    exporting.record(operator, choice.query, f"{count.number}{'+' if count.capped else ''}")
    return downloads.served("meibo", exporting.heading, _pieces(operator, choice), kind)


def _pieces(operator: Operator, choice: Choice) -> Iterator[Lines]:
    """Yield the file in pieces; the request's transaction is over when they are asked for."""
    with tenancy.acting_for(operator.organization_id):
        rows = exporting.rows(searching.people(operator, choice.search), operator)
        while piece := list(islice(rows, _ROWS)):
            yield lambda piece=piece: piece  # type: ignore[misc] # of this turn
