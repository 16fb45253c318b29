"""The tree of units, and the form of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denrei.accounts import rights, senders, tree
from denrei.accounts.models import Unit
from denrei.accounts.refusal import RefusedError
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of, organization_of, status_of_form
from denrei.web.console.units import counting
from denrei.web.console.units.forms import UnitForm


@rights.needs(Right.OPERATORS)
@require_safe
def show_tree(request: HttpRequest) -> HttpResponse:
    """Serve `/console/units/`."""
    rows = list(counting.rows(operator_of(request)))
    return render(request, "console/units/tree.html", {"rows": rows})


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Serve `/console/units/new/`; `?below=ID` proposes the unit above."""
    asker = operator_of(request)
    above = _asked_for(request)
    form = UnitForm(request.POST or None, about=None, above=above, writable=True)
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data["parent"]
        try:
            added = tree.add(organization_of(request), form.wanted(), parent, asker)
        except RefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("所属「%(name)s」を追加しました。") % {"name": added.name})
            return redirect("console:units")
    return render(request, "console/units/new.html", {"form": form}, status=status_of_form(request))


@rights.needs(Right.OPERATORS, Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/units/ID/`."""
    asker = operator_of(request)
    about = get_object_or_404(Unit.objects.visible_to(asker).select_related("parent"), pk=pk)
    form = _form(request, about)
    if request.method == "POST" and form.is_valid():
        try:
            changed = tree.change(about, form.wanted(), form.cleaned_data["parent"], asker)
        except RefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("所属「%(name)s」を変更しました。") % {"name": changed.name}
            )
            return redirect("console:units")
    return _show(request, about, form)


@rights.needs(Right.ORGANIZATION)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/units/ID/delete/`."""
    asker = operator_of(request)
    about = get_object_or_404(Unit.objects.visible_to(asker).select_related("parent"), pk=pk)
    try:
        tree.delete(about, asker)
    except RefusedError as refused:
        return _show(request, about, refusal=refused.words)
    messages.success(request, _("所属「%(name)s」を削除しました。") % {"name": about.name})
    return redirect("console:units")


def _form(request: HttpRequest, about: Unit, posted: bool = True) -> UnitForm:
    data = request.POST or None if posted else None
    writable = rights.may(operator_of(request), Right.ORGANIZATION)
    return UnitForm(data, about=about, above=None, writable=writable)


def _show(
    request: HttpRequest, about: Unit, form: UnitForm | None = None, refusal: str = ""
) -> HttpResponse:
    """Return the page; the list, where somebody deleted the unit at this very moment."""
    if not Unit.objects.filter(pk=about.pk).exists():
        messages.warning(
            request, _("所属「%(name)s」は、すでに削除されています。") % {"name": about.name}
        )
        return redirect("console:units")
    context = {
        "about": about,
        "form": form or _form(request, about, posted=False),
        "refusal": refusal,
        "uses": counting.uses(about),
        "sender": senders.identity(organization_of(request), about),
    }
    return render(request, "console/units/one.html", context, status=status_of_form(request))


def _asked_for(request: HttpRequest) -> Unit | None:
    asked = request.GET.get("below", "")
    return Unit.objects.filter(pk=asked).first() if asked.isdecimal() else None
