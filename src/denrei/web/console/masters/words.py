"""The page on which an organization says what it calls its lists (MSG-1)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from denrei.accounts import labels, preferences, rights
from denrei.accounts.labels import Label
from denrei.accounts.models import Preset
from denrei.accounts.refusal import RefusedError
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.masters.questions import Words

#: Sets of words that one press takes over; a city has those of a company.
OFFERED = (Preset.COMPANY, Preset.SCHOOL)


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Serve `/console/masters/words/`; `preset` takes over a set, else the form is kept."""
    form = Words(_typed(request), initial=labels.of(organization_of(request)))
    if form.is_valid():
        try:
            return _keep(request, form.words)
        except RefusedError as refused:
            form.add_error(None, refused.words)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    offered = [(preset, labels.DEFAULTS[preset]) for preset in OFFERED]
    context = {"form": form, "offered": offered}
    return render(request, "console/masters/words.html", context, status=status)


def _typed(request: HttpRequest) -> Mapping[str, str] | None:
    """Return the words of the set whose button was pressed, else those typed."""
    if request.method != "POST":
        return None
    preset = request.POST.get("preset")
    if preset in OFFERED:
        return {label.value: word for label, word in labels.DEFAULTS[Preset(preset)].items()}
    return request.POST.dict()


def _keep(request: HttpRequest, words: Mapping[Label, str]) -> HttpResponse:
    organization = organization_of(request)
    wanted = {"labels": labels.own(organization, words)}
    preferences.change(organization, operator_of(request), wanted)
    messages.success(request, gettext("一覧の名称を変更しました。"))
    return redirect("console:masters")
