"""The page of one operator: his form beside how he stands, and the sheet with a new password."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from denrei.accounts import locking, second_factor
from denrei.accounts.models import Operator, OperatorQuerySet
from denrei.web.console.asking import operator_of, status_of_form
from denrei.web.console.operators.forms import OperatorForm


def visible(asker: Operator) -> OperatorQuerySet:
    """Return the operators that an administrator reaches, with their units."""
    return Operator.objects.visible_to(asker).select_related("unit")


def show(
    request: HttpRequest, about: Operator, form: OperatorForm | None = None, refusal: str = ""
) -> HttpResponse:
    """Return the page; `refusal` says why an act was refused."""
    asker = operator_of(request)
    form = form or OperatorForm(asker=asker, about=about)
    context = {
        "form": form,
        "about": about,
        "himself": about == asker,
        "refusal": refusal,
        "locked_until": locking.locked_until(about),
        "second_factor": second_factor.is_set(about),
        "sessions": about.sessions.filter(expire_date__gt=timezone.now()).count(),
    }
    return render(request, "console/operators/one.html", context, status=status_of_form(request))


def hand_over(request: HttpRequest, about: Operator, password: str) -> HttpResponse:
    """Return the sheet with an initial password.

    It answers the POST itself: the password is kept nowhere, so no later page could show it.
    """
    context = {"about": about, "password": password}
    return render(request, "console/operators/password.html", context)
