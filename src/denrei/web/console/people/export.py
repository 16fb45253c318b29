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
from denrei.directory.models import Recipient
from denrei.domain import workbooks
from denrei.web.console import downloads
from denrei.web.console.asking import operator_of
from denrei.web.console.downloads import Kind, Lines
from denrei.web.console.people import choosing
from denrei.web.console.people.choosing import Choice

#: Rows that go out in one piece.
_ROWS = 500
#: People by whose rows it is told how large a workbook becomes.
_SAMPLE = 1_000


@rights.needs(Right.PEOPLE)
@require_GET
def download(request: HttpRequest, kind: Kind) -> HttpResponseBase:
    """Serve `/console/people/export.csv` and `.xlsx`: a file as it is read, however long."""
    operator = operator_of(request)
    choice = choosing.read(request.GET, operator)
    look = Look(operator=operator, search=choice.search)
    count = look.count()
    if kind is Kind.BOOK and count.capped and (fault := _fault(look)):
        messages.warning(request, fault)
        return redirect(f"{request.path.removesuffix('export.xlsx')}?{choice.query}")
    exporting.record(operator, choice.query, f"{count.number}{'+' if count.capped else ''}")
    return downloads.served("meibo", exporting.heading, _pieces(operator, choice), kind)


def _fault(look: Look) -> str:
    """Return why those meant have no room in a workbook; "": they have."""
    number = look.people.count()
    if number >= workbooks.MOST_ROWS:
        words = _(
            "Excelのシートに入るのは%(most)s人までです。CSVで書き出すか、条件で絞り込んでください。"
        )
        return words % {"most": f"{workbooks.MOST_ROWS - 1:,}"}
    if number <= workbooks.SAFE_ROWS:
        return ""
    by_chance = look.people.order_by("?").values_list("pk", flat=True)[:_SAMPLE]
    some = Recipient.objects.filter(pk__in=list(by_chance))
    if workbooks.has_room(number, list(exporting.rows(some, look.operator))):
        return ""
    return _(
        "登録内容が多く、Excelのファイルに入りきりません。CSVで書き出すか、条件で絞り込んでください。"
    )


def _pieces(operator: Operator, choice: Choice) -> Iterator[Lines]:
    """Yield the file in pieces; the request's transaction is over when they are asked for."""
    with tenancy.acting_for(operator.organization_id):
        rows = exporting.rows(searching.people(operator, choice.search), operator)
        while piece := list(islice(rows, _ROWS)):
            yield lambda piece=piece: piece  # type: ignore[misc] # of this turn
