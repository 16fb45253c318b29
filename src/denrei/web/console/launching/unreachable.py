"""Who can't be reached by a draft: the whole list, page by page and as a file (NEW-6)."""

from __future__ import annotations

import csv as files
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Draft, DraftKind
from denrei.domain import spreadsheets
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.launching.plan import Named, Plan
from denrei.web.console.launching.words import WHY

#: People on a page.
_PAGE = 100
#: People in a file: more than an organization has.
_ALL = 2_000_000


@rights.needs(Right.SEND)
@require_safe
def show(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/drafts/ID/unreachable/`; `?kana=…&after=ID` goes on behind a person."""
    plan = _plan(request, draft_id)
    people = plan.unreachable(_PAGE + 1, _after(request))
    context = {
        "plan": plan,
        "people": [Named(person=person, why=WHY[person.why]) for person in people[:_PAGE]],
        "last": people[_PAGE - 1] if len(people) > _PAGE else None,
        "is_first": "after" not in request.GET,
    }
    return render(request, "console/launching/unreachable.html", context)


@rights.needs(Right.SEND)
@require_safe
def csv(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/drafts/ID/unreachable.csv`, UTF-8 with the mark that spreadsheets ask for."""
    plan = _plan(request, draft_id)
    written = io.StringIO()
    lines = files.writer(written)
    lines.writerow([_("番号"), _("氏名"), _("よみ"), _("所属"), _("届かない理由")])
    for person in plan.unreachable(_ALL):
        cells = (person.code, person.name, person.kana, person.unit, str(WHY[person.why].words))
        lines.writerow([spreadsheets.written(cell) for cell in cells])
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="unreachable.csv"'
    return response


def _plan(request: HttpRequest, draft_id: int) -> Plan:
    operator = operator_of(request)
    rows = Draft.objects.visible_to(operator).filter(kind=DraftKind.DRAFT)
    draft = get_object_or_404(rows, pk=draft_id)
    return Plan(organization_of(request), operator, draft, timezone.now())


def _after(request: HttpRequest) -> tuple[str, int]:
    after = request.GET.get("after", "")
    if not after.isdecimal() or len(after) > 18:
        return "", 0
    return request.GET.get("kana", "").replace("\x00", ""), int(after)
