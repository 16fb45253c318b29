"""The list of operators, and the form of one."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from denrei.accounts import keys, operators, rights
from denrei.accounts.refusal import RefusedError
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of, organization_of, status_of_form
from denrei.web.console.operators import listing, standing
from denrei.web.console.operators.forms import OperatorForm, Which


@rights.needs(Right.OPERATORS)
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Serve `/console/operators/`."""
    which = Which(request.GET)
    context = {
        "which": which,
        "listing": listing.read(operator_of(request), which),
        "advice": operators.advice(organization_of(request)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if which.errors else HTTPStatus.OK
    return render(request, "console/operators/list.html", context, status=status)


@rights.needs(Right.OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Serve `/console/operators/new/`; the answer to a POST shows the password, once."""
    asker = operator_of(request)
    form = OperatorForm(request.POST or None, asker=asker, about=None)
    if request.method == "POST" and form.is_valid():
        password = keys.initial_password()
        try:
            added = operators.add(organization_of(request), form.wanted(), password, asker)
        except RefusedError as refused:
            form.refuse(refused)
        else:
            return standing.hand_over(request, added, password)
    return render(
        request, "console/operators/new.html", {"form": form}, status=status_of_form(request)
    )


@rights.needs(Right.OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/operators/ID/`."""
    asker = operator_of(request)
    about = get_object_or_404(standing.visible(asker), pk=pk)
    form = OperatorForm(request.POST or None, asker=asker, about=about)
    if request.method == "POST" and form.is_valid():
        try:
            changed = operators.change(about, form.wanted(), asker)
        except RefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("%(name)sさんの登録を変更しました。") % {"name": changed.name}
            )
            return redirect("console:operator", pk)
    return standing.show(request, about, form)
