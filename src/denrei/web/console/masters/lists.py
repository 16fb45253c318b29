"""The page of one list, its order, and its file (MSG-1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from denrei.accounts import masters, rights
from denrei.accounts.rights import Right
from denrei.broadcasts.models import IncidentType
from denrei.broadcasts.typed import ids
from denrei.domain import spreadsheets
from denrei.web.console.asking import operator_of
from denrei.web.console.masters import where
from denrei.web.console.masters.cells import headings
from denrei.web.console.masters.rows import rows
from denrei.web.console.masters.where import Where

#: Entries on one page.
PAGE = 100
#: By how many places each button moves an entry.
STEPS = {"up": -1, "down": 1}
#: More incident types than these are chosen from a list, not from tabs.
TABS = 8


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, kind: str) -> HttpResponse:
    """Serve `/console/masters/KIND/`: one page of the list, of one incident type where it has them.

    `moved` names the entry whose new place is told, `by` the button that stays in focus.
    """
    here = where.of_request(request, kind)
    incidents = _incidents(here)
    context: dict[str, object] = {
        "here": here,
        "incidents": incidents,
        "has_many_incidents": len(incidents) > TABS,
    }
    if not here.has_no_incident:
        context.update(_page(request, here))
    return render(request, "console/masters/list.html", context)


@rights.needs(Right.ORGANIZATION)
@require_POST
def order(request: HttpRequest, kind: str) -> HttpResponse:
    """Move one entry by a step (`up`, `down`), or sort those named by `ids`; then show the list."""
    here = where.of_request(request, kind)
    if here.has_no_incident:
        return redirect(here.address())
    actor = operator_of(request)
    button = next((name for name in STEPS if name in request.POST), "")
    moved = _first(request.POST.getlist(button or "moved"))
    if button:
        masters.step(here.listing, moved, STEPS[button], actor)
    else:
        masters.reorder(here.listing, ids(request.POST.getlist("ids")), actor)
    place = here.listing.place_of(moved) or 1
    page = (place - 1) // PAGE + 1
    return redirect(here.address(page=page, moved=moved, by=button))


@rights.needs(Right.READ)
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Serve the whole list as CSV, UTF-8 with the mark that spreadsheets ask for."""
    here = where.of_request(request, kind)
    written = io.StringIO()
    csv.writer(written).writerows(_lines(request, here))
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{here.kind.slug}.csv"'
    return response


def _page(request: HttpRequest, here: Where) -> dict[str, object]:
    entries = here.listing.entries.order_by("order", "code", "id")
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    shown = rows(
        here.kind, list(page.object_list), page.start_index(), operator_of(request), here.words
    )
    moved = _first(request.GET.getlist("moved"))
    return {
        "page": page,
        "rows": shown,
        "headings": headings(here.kind, here.words),
        "moved": moved,
        "by": request.GET.get("by", ""),
        "said": _said(here, moved) if moved else "",
    }


def _said(here: Where, moved: int) -> str:
    name = here.listing.entries.filter(pk=moved).values_list("name", flat=True).first()
    place = here.listing.place_of(moved)
    if name is None or place is None:
        return gettext("移そうとした項目は、削除されています。一覧を最新にしました。")
    words = gettext("「%(name)s」は%(place)d番目です（全%(count)d件）。")
    return words % {"name": name, "place": place, "count": here.listing.entries.count()}


def _incidents(here: Where) -> list[tuple[IncidentType, str]]:
    if not here.kind.under_incident:
        return []
    return [(one, here.address(incident=one.pk)) for one in IncidentType.objects.all()]


def _lines(request: HttpRequest, here: Where) -> Iterator[Sequence[str]]:
    heads = [head for head, _ in headings(here.kind, here.words)]
    yield [gettext("コード"), gettext("名称"), gettext("英語の名称"), *heads]
    if here.has_no_incident:
        return
    entries = list(here.listing.entries.order_by("order", "code", "id"))
    for row in rows(here.kind, entries, 1, operator_of(request), here.words):
        told = [row.entry.code, row.entry.name, row.name_en, *(cell.text for cell in row.cells)]
        yield [spreadsheets.written(one) for one in told]


def _first(typed: Sequence[str]) -> int:
    return next(iter(ids(typed)), 0)
