"""The page of all statuses: those of mail, phone and app, then those of SMS, then the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.domain.status import ACTION_NEEDED, Status
from denrei.web.console.statuses.evidence import meanings
from denrei.web.console.statuses.looks import LOOKS, anchor
from denrei.web.console.statuses.words import HELP, Help


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One status as the page shows it."""

    anchor: str
    name: str
    look: str
    icon: str
    help: Help
    #: EMC-7
    is_to_act: bool


def entries(statuses: Iterable[Status]) -> list[Entry]:
    """Return what the page says of some statuses."""
    return [
        Entry(
            anchor=anchor(status),
            name=status.value,
            look=LOOKS[status][0],
            icon=LOOKS[status][1],
            help=HELP[status],
            is_to_act=status in ACTION_NEEDED,
        )
        for status in statuses
    ]


_SMS = [status for status in Status if status.name.startswith("SMS_")]
_OTHERS = [status for status in Status if status not in _SMS]


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/statuses/`; `#evidence` is the part about evidence."""
    lists = [("all", entries(_OTHERS)), ("sms", entries(_SMS))]
    return render(request, "console/statuses/page.html", {"lists": lists, "evidence": meanings()})
