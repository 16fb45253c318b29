"""The dry run of the next night, and the report of those that were (OPS-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.domain.retention import ARMED
from denrei.retention import preview as previews
from denrei.retention.kinds import BY_CODE
from denrei.retention.models import RetentionRun
from denrei.retention.words import PERIODS, STAYING
from denrei.web.console.asking import organization_of

#: Nights on a page.
NIGHTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind in one night."""

    name: str | Promise
    run: RetentionRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What one night did: the kinds of which anything went, or failed, or is not done."""

    night: date
    rows: Sequence[Row]
    #: It did all that it had to do.
    is_done: bool
    #: What it did not do is the next one's.
    is_handed_on: bool
    #: It deleted nothing, and made ready what the next one deletes.
    is_armed: bool


@rights.needs(Right.ORGANIZATION)
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Serve `/console/settings/retention/preview/`: counts, and changes nothing."""
    found = previews.preview(organization_of(request).pk)
    context = {
        "found": found,
        "rows": [(one, PERIODS[one.period]) for one in found.expected],
        "staying": [(STAYING[why], n) for why, n in found.staying.items()],
    }
    return render(request, "console/keeping/preview.html", context)


@rights.needs(Right.ORGANIZATION)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Serve `/console/settings/retention/report/`; `?before=` a night shows earlier ones."""
    runs = RetentionRun.objects.newest_first().filter(organization=organization_of(request))
    before = _date(request.GET.get("before", ""))
    if before:
        runs = runs.filter(night__lt=before)
    newest = list(runs.order_by("-night").values_list("night", flat=True).distinct()[: NIGHTS + 1])
    shown = list(runs.filter(night__in=newest[:NIGHTS]))
    context = {
        "nights": [_night(night, list(of)) for night, of in groupby(shown, lambda run: run.night)],
        "before": newest[NIGHTS - 1] if len(newest) > NIGHTS else None,
    }
    return render(request, "console/keeping/report.html", context)


def _night(night: date, runs: Sequence[RetentionRun]) -> Night:
    kinds = [run for run in runs if run.kind != ARMED]
    told = [
        run for run in kinds if run.rows or run.trouble or run.handed_on or run.ended_at is None
    ]
    return Night(
        night=night,
        rows=[Row(name=_name(run.kind), run=run) for run in told],
        is_done=all(run.ended_at and not run.handed_on for run in kinds),
        is_handed_on=any(run.handed_on for run in kinds),
        is_armed=not kinds,
    )


def _name(kind: str) -> str | Promise:
    return BY_CODE[kind].name if kind in BY_CODE else kind


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
