"""Undoing a whole import: first what it would do is shown with its counts, then it is ordered."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from denrei.accounts import rights
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.directory.intake import deciding, since, undoing
from denrei.directory.intake.deciding import ImportMovedError
from denrei.directory.intake.models import Outcome
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.importing import kept
from denrei.web.console.importing.acts import say_where_it_is
from denrei.web.console.importing.forms import ApproveUndo
from denrei.web.console.importing.views import find


@rights.needs(Right.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Serve `/console/people/import/<id>/undo/`: show what it would do; with POST have it done, once."""
    one, now = find(request, import_id), timezone.now()
    if not one.may_be_undone(now):
        if request.method == "POST":
            say_where_it_is(request, one)
        return redirect("console:people-import-show", one.pk)
    foreseen = undoing.foreseen(one)
    people = sum(foreseen.values()) - foreseen[Outcome.KEPT]
    typed_above = Preferences.of(organization_of(request)).typed_count_above
    posted = request.POST if request.method == "POST" else None
    later = since.of(one, operator_of(request))
    form = ApproveUndo(posted, people=people, typed_above=typed_above, newest=later.newest)
    if posted is not None and form.errors.keys().isdisjoint({"typed", "aware"}):
        try:
            deciding.undo(one, operator_of(request), run=form.cleaned_data.get("run", 0), now=now)
        except ImportMovedError:
            say_where_it_is(request, find(request, import_id))
        return redirect("console:people-import-show", one.pk)
    context = {
        "one": one,
        "foreseen": foreseen,
        "people": people,
        "since": later,
        "kept": kept.of(one, operator_of(request), foreseen[Outcome.KEPT]),
        "typed_above": typed_above,
        "approve": form,
    }
    status = HTTPStatus.OK if posted is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "console/importing/undo.html", context, status=status)
