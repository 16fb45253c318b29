"""The first page after signing in, `/console/`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.home.desk import Desk


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/`."""
    return render(request, "console/home/page.html", {"desk": _desk(request)})


@rights.needs(Right.READ)
@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """Serve `/console/running/`: the part of the page that moves."""
    return render(request, "console/home/running.html", {"desk": _desk(request)})


def _desk(request: HttpRequest) -> Desk:
    return Desk(organization_of(request), operator_of(request))
