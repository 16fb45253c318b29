"""The pages of an import: choosing a file, then whatever there is to see of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from denrei.accounts import labels, rights
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.directory.importing.faults import ImportFileError
from denrei.directory.intake import queueing, receiving
from denrei.directory.intake.models import ImportState, PeopleImport
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.importing import arriving, choosing, guide, kept
from denrei.web.console.importing.forms import Approve, Choose

#: Imports of the list of recent ones.
_RECENT = 10
#: How a file's encoding is called.
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp932": "Shift_JIS",
}


@rights.needs(Right.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Serve `/console/people/import/`: take a file, store it, go on to its page."""
    operator = operator_of(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    names = labels.of(organization_of(request))
    form = Choose(*given, names=names, too_large=arriving.was_too_large(request))
    if form.is_valid():
        file, name = form.upload
        try:
            one = receiving.receive(
                organization_of(request),
                operator,
                file,
                name,
                create_missing=form.cleaned_data["create_missing"],
            )
        except ImportFileError as error:
            form.add_error("file", str(error))
        else:
            return redirect("console:people-import-show", one.pk)
    context = {
        "form": form,
        "columns": guide.columns(),
        "recent": PeopleImport.objects.visible_to(operator).newest_first()[:_RECENT],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "console/importing/choose.html", context, status=status)


def find(request: HttpRequest, import_id: int) -> PeopleImport:
    """Return an import that the operator may see. Raises Http404."""
    visible = PeopleImport.objects.visible_to(operator_of(request))
    return get_object_or_404(visible.select_related("unit"), pk=import_id)


@rights.needs(Right.PEOPLE)
@require_safe
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """Serve `/console/people/import/<id>/`; a page that watches is told when there is more."""
    one = find(request, import_id)
    is_watching = bool(request.headers.get("HX-Request"))
    if is_watching and not (one.waits or one.runs):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return page_of(request, one)


def page_of(
    request: HttpRequest, one: PeopleImport, approve: Approve | None = None
) -> HttpResponse:
    """Return the page of an import as it is now, with what is wrong with a refused approval."""
    context: dict[str, Any] = {"one": one, "encoding": _ENCODINGS.get(one.findings.get("encoding"))}
    if one.waits or one.runs:
        context |= _waiting(one)
    elif one.state == ImportState.UNDONE:
        context |= {"kept": kept.of(one, operator_of(request))}
    elif one.state in {ImportState.EXAMINED, ImportState.APPLIED} and one.rows:
        typed_above = Preferences.of(organization_of(request)).typed_count_above
        context |= {
            "shown": choosing.shown(one, request.GET),
            "typed_above": typed_above,
            "may_be_undone": one.may_be_undone(timezone.now()),
            "approve": approve or Approve(people=one.taken, typed_above=typed_above),
        }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if approve else HTTPStatus.OK
    return render(request, "console/importing/show.html", context, status=status)


def _waiting(one: PeopleImport) -> dict[str, bool]:
    now = timezone.now()
    is_overdue, is_stuck = one.is_overdue(now), one.is_stuck(now)
    return {
        "is_overdue": is_overdue,
        "is_stuck": is_stuck,
        "worker_lives": not (is_overdue or is_stuck) or queueing.worker_lives(now),
    }
