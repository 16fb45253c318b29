"""The way back to a form that came when nobody was signed in any more."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from denrei.accounts import resuming, rights
from denrei.accounts.resuming import RESUMED, Typed
from denrei.accounts.rights import Right


@rights.needs(Right.OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/resume/`: one button leads back to the form; POST throws it away."""
    typed = resuming.kept(request.session)
    if request.method == "POST":
        resuming.forget(request.session)
    if typed is None or request.method == "POST":
        return redirect("console:home")
    return page(request, typed)


def page(request: HttpRequest, typed: Typed, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """Return the page that leads back to what was typed."""
    context = {"typed": typed, "resumed": RESUMED}
    return render(request, "console/door/resume.html", context, status=status)
