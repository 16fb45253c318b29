"""The list of broadcasts, newest first, page by page (ALL-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast, BroadcastQuerySet
from denrei.reports.standings import Standing, standings
from denrei.web.console.asking import operator_of

#: Broadcasts on a page.
PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One broadcast of a list."""

    broadcast: Broadcast
    content: Content
    #: None: it was not launched by the ledger.
    standing: Standing | None


def rows(broadcasts: Sequence[Broadcast]) -> list[Row]:
    """Return the rows of a page, asked for at once."""
    found = standings([broadcast.pk for broadcast in broadcasts])
    return [
        Row(
            broadcast=broadcast,
            content=Content.from_json(broadcast.content),
            standing=found.get(broadcast.pk),
        )
        for broadcast in broadcasts
    ]


def visible(request: HttpRequest) -> BroadcastQuerySet:
    """Return the broadcasts that the operator sees, with who launched them."""
    return Broadcast.objects.visible_to(operator_of(request)).select_related("launched_by__unit")


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/broadcasts/`; `?before=ID` goes on behind a broadcast."""
    before = request.GET.get("before", "")
    known = visible(request).newest_first()
    if before.isdecimal() and len(before) < 19:
        known = known.filter(pk__lt=int(before))
    page = list(known[: PAGE + 1])
    context = {
        "rows": rows(page[:PAGE]),
        "last": page[PAGE - 1] if len(page) > PAGE else None,
        "is_first": not before,
        "most": PAGE,
    }
    return render(request, "console/broadcasts/list.html", context)
