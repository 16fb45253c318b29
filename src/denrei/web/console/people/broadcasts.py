"""連絡の履歴: the broadcasts that were for one person, newest first, page by page (MSG-7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.directory.models import Recipient
from denrei.reports.received import Received, received
from denrei.web.console.asking import operator_of
from denrei.web.console.broadcasts.picture import KINDS, Kind
from denrei.web.console.people import finding

#: Broadcasts on the person's own page, and on a page of them.
FEW, PAGE = 5, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One broadcast of the list."""

    received: Received
    #: How sure it is that the person was reached.
    kind: Kind


def newest(person: Recipient, operator: Operator) -> list[Row]:
    """Return the newest few, one more than `FEW` where there are more."""
    return _rows(person, operator, FEW + 1)


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/people/<id>/broadcasts/`; `?before=ID` goes on behind a broadcast."""
    person, operator = finding.person(request, pk), operator_of(request)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    found = _rows(person, operator, PAGE + 1, before)
    context = {
        "person": person,
        "rows": found[:PAGE],
        "last": found[PAGE - 1].received.broadcast if len(found) > PAGE else None,
        "is_first": before is None,
        "most": PAGE,
    }
    return render(request, "console/people/broadcasts.html", context)


def _rows(person: Recipient, operator: Operator, most: int, before: int | None = None) -> list[Row]:
    return [
        Row(received=one, kind=next(kind for kind in KINDS if one.grade in kind.grades))
        for one in received(person.pk, operator, most, before)
    ]
