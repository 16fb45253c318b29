"""The button that puts the panel away, and the one that brings it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from denrei.accounts import first_steps, rights
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of


@rights.needs(Right.OWN)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Serve `/console/first-steps/`: `closed` is yes or no."""
    first_steps.close(operator_of(request), closed=request.POST.get("closed") == "yes")
    return redirect("console:home")
