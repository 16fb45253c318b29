"""The page of the audit trail."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from denrei.accounts import labels, rights
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.trail import reading
from denrei.web.console.trail.forms import Which

#: More digits than the id of any entry has.
_LONGEST_ID = 18


@rights.needs(Right.OPERATORS)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/trail/`: `actor`, `action`, `day`, `about`, and `after` for the next page."""
    names = labels.of(organization_of(request))
    which = Which(request.GET, asker=operator_of(request), labels=names)
    page = reading.read(which.entries(), _after(request), names)
    following = urlencode({**which.kept(), "after": str(page.following)}) if page.following else ""
    context = {
        "which": which,
        "page": page,
        "following": following,
        "later": _after(request) is not None,
        "from_start": urlencode(which.kept()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if which.errors else HTTPStatus.OK
    return render(request, "console/trail/show.html", context, status=status)


def _after(request: HttpRequest) -> int | None:
    asked = request.GET.get("after", "")
    return int(asked) if asked.isdecimal() and len(asked) <= _LONGEST_ID else None
