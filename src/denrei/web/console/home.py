"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from denrei.accounts import rights
from denrei.accounts.rights import Right


@rights.needs(Right.READ)
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/`."""
    return render(request, "console/home.html")
