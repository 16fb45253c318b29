"""The banner by itself, for pages that stay open."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.web.console.alarms.banner import Banner
from denrei.web.console.asking import operator_of


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/alarms/`; 204 where the browser shows it already (`shown`)."""
    shown = request.GET.get("shown", "")
    banner = Banner(operator_of(request), shown)
    if banner.shown == shown:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "console/alarms/banner.html", {"banner": banner})
