"""退会, 在籍に戻す and 完全に削除 of one person."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.directory import people
from denrei.directory.models import RecipientState
from denrei.web.console.asking import operator_of
from denrei.web.console.people import finding


@rights.needs(Right.PEOPLE)
@finding.gone_is_not_found
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/people/<id>/delete/`: by default the person leaves, and can come back."""
    person, operator = finding.person(request, pk), operator_of(request)
    unsure = request.POST.get("how") == "erase" and "sure" not in request.POST
    if request.method != "POST" or unsure:
        context = {"person": person, "unsure": unsure}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if unsure else HTTPStatus.OK
        return render(request, "console/people/delete.html", context, status=status)
    if request.POST.get("how") == "erase":
        people.erase(operator, pk)
        messages.success(request, _("%(name)sさんを完全に削除しました。") % {"name": person.name})
        return redirect("console:people")
    people.move(operator, pk, RecipientState.LEFT)
    messages.success(request, _("%(name)sさんを退会にしました。") % {"name": person.name})
    return redirect("console:person", pk)


@rights.needs(Right.PEOPLE)
@finding.gone_is_not_found
@require_POST
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/people/<id>/return/`."""
    person = finding.person(request, pk)
    people.move(operator_of(request), pk, RecipientState.ACTIVE)
    messages.success(request, _("%(name)sさんを在籍に戻しました。") % {"name": person.name})
    return redirect("console:person", pk)
