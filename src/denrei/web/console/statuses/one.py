"""The page of one status: cause, what to do, which reasons lead there, what it is not (EMC-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.domain import status as statuses
from denrei.domain.failures import CONSEQUENCES, Suppress
from denrei.domain.states import Medium
from denrei.domain.status import Status
from denrei.web.console.statuses.looks import anchor
from denrei.web.console.statuses.neighbours import NEIGHBOURS
from denrei.web.console.statuses.page import Entry, entries

_BY_ANCHOR: Mapping[str, Status] = {anchor(status): status for status in Status}
#: What becomes of the next broadcast to the address, by mail (EMC-6).
_NEXT: Mapping[Suppress, str | Promise] = {
    Suppress.AT_ONCE: _("次の連絡からは送りません（エラーアドレス）"),
    Suppress.AFTER_THREE: _("3回続くと、次の連絡からは送りません"),
    Suppress.NEVER: _("次の連絡も送ります"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason that leads to a status."""

    medium: str
    words: str
    #: What becomes of the next broadcast; "" where nothing is decided by it.
    after: str | Promise


def _causes(status: Status) -> list[Cause]:
    return [
        Cause(
            medium=medium.label,
            words=gettext(CONSEQUENCES[reason].words),
            after=_NEXT[CONSEQUENCES[reason].suppress] if medium is Medium.MAIL else "",
        )
        for medium, reason in statuses.reasons(status)
    ]


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    """Serve `/console/statuses/address-error/`. 404: there is no such status."""
    status = _BY_ANCHOR.get(name)
    if status is None:
        raise Http404
    (entry,) = entries([status])
    neighbour, difference = NEIGHBOURS.get(status, (None, ""))
    causes = _causes(status)
    context = {
        "entry": entry,
        "causes": causes,
        "decides": any(one.after for one in causes),
        "neighbour": _drawn(neighbour),
        "difference": difference,
        **_beside(status),
    }
    return render(request, "console/statuses/one.html", context)


def _drawn(status: Status | None) -> Entry | None:
    return entries([status])[0] if status else None


def _beside(status: Status) -> dict[str, Entry | None]:
    """Return the statuses before and after this one, as the list has them."""
    ordered = list(Status)
    at = ordered.index(status)
    return {
        "before": _drawn(ordered[at - 1] if at else None),
        "after": _drawn(ordered[at + 1] if at + 1 < len(ordered) else None),
    }
