"""The list of cases: by what they stand at and by status, searched, sorted, page by page (EMC-7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.deliveries.attention.models import AttentionQuerySet
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.attention import cards, choosing, figures
from denrei.web.console.attention.choosing import PAGE, STATUSES, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One status to narrow the list to; without words: all."""

    words: str
    count: int
    query: str
    current: bool


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/attention/`."""
    operator = operator_of(request)
    choice = choosing.read(request.GET)
    found = choosing.cases(operator, choice)
    page = choosing.page(choosing.narrowed(found, choice), choice, operator)
    context = {
        "choice": choice,
        "cards": cards.of(page[:PAGE], organization_of(request), operator, timezone.now()),
        "figures": figures.figures(operator),
        "silent": figures.silent(operator),
        "statuses": _tabs(found, choice),
        "whiches": choosing.WHICH.items(),
        "sorts": choosing.SORTS.items(),
        "next": _next(choice, page[PAGE - 1].pk) if len(page) > PAGE else "",
        "most": PAGE,
    }
    return render(request, "console/attention/list.html", context)


def _tabs(found: AttentionQuerySet, choice: Choice) -> list[Tab]:
    counts = figures.by_status(found)
    names = {"": "", **{name: status.value for name, status in STATUSES.items()}}
    return [
        Tab(
            words=words,
            count=counts[name],
            query=choice.of_status(name).query,
            current=name == choice.status,
        )
        for name, words in names.items()
        if counts[name] or name in ("", choice.status)
    ]


def _next(choice: Choice, last: int) -> str:
    return "&".join(filter(None, (choice.query, urlencode({"after": last}))))
