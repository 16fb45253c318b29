"""Adding, changing and deleting one entry of a list (MSG-1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from denrei.accounts import masters as lists
from denrei.accounts import rights
from denrei.accounts.masters import TakenError
from denrei.accounts.models import Master
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.broadcasts import masters
from denrei.broadcasts.masters import Use
from denrei.web.console.asking import operator_of
from denrei.web.console.forms import Form
from denrei.web.console.masters import codes, where
from denrei.web.console.masters.forms import Entry, same_name
from denrei.web.console.masters.questions import Confirmation
from denrei.web.console.masters.where import Where

_METHODS = ["GET", "HEAD", "POST"]


@rights.needs(Right.ORGANIZATION)
@require_http_methods(_METHODS)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Serve `/console/masters/KIND/new/`."""
    here = where.of_request(request, kind)
    if here.has_no_incident:
        return redirect(here.address())
    entry = _blank(here)
    form = _form(request, here, entry, place=None)
    if form.is_valid():
        form.fill(entry)
        try:
            with _deleted_meanwhile():
                lists.add(here.listing, entry, form.cleaned_data["place"], operator_of(request))
        except TakenError as taken:
            form.refuse_code(taken.name)
        else:
            return _done(request, here, entry, gettext("「%(name)s」を追加しました。"))
    return _shown(request, "form", form, {"here": here})


@rights.needs(Right.ORGANIZATION)
@require_http_methods(_METHODS)
def change(request: HttpRequest, kind: str, entry_id: int) -> HttpResponse:
    """Serve `/console/masters/KIND/ID/`."""
    here, entry = where.of_entry(request, kind, entry_id)
    name = entry.name
    form = _form(request, here, entry, place=here.listing.place_of(entry.pk) or 1)
    if form.is_valid():
        form.fill(entry)
        try:
            with _deleted_meanwhile():
                lists.change(here.listing, entry, form.new_place, operator_of(request))
        except TakenError as taken:
            form.refuse_code(taken.name)
        else:
            return _done(request, here, entry, gettext("「%(name)s」を変更しました。"))
    return _shown(request, "form", form, {"here": here, "entry": entry, "name": name})


@rights.needs(Right.ORGANIZATION)
@require_http_methods(_METHODS)
def delete(request: HttpRequest, kind: str, entry_id: int) -> HttpResponse:
    """Serve `/console/masters/KIND/ID/delete/`: what uses the entry, and the question."""
    here, entry = where.of_entry(request, kind, entry_id)
    operator = operator_of(request)
    use = masters.use_of(here.kind.label, entry, operator)
    most = Preferences.of(here.organization).typed_count_above
    form = Confirmation(
        _data(request), seen=_mark(use), people=use.people.all, typed=use.people.all > most
    )
    if form.is_valid():
        with _deleted_meanwhile():
            masters.delete(here.listing, entry, use, operator)
        messages.success(request, gettext("「%(name)s」を削除しました。") % {"name": entry.name})
        return redirect(here.address())
    return _shown(request, "delete", form, {"here": here, "entry": entry, "use": use})


def _blank(here: Where) -> Master:
    entry = here.kind.table(organization=here.organization)
    if here.incident:
        entry.incident_type = here.incident  # type: ignore[attr-defined] # lists under incidents
    taken = here.listing.entries.values_list("code", flat=True)
    entry.code = codes.propose(set(taken), fill_gaps=here.kind.fills_gaps)
    return entry


def _form(request: HttpRequest, here: Where, entry: Master, place: int | None) -> Entry:
    """Return the form of an entry; `place=None` for one that comes to the end of its list."""
    count = here.listing.entries.count() + (place is None)
    names = ("code", "name", *here.kind.traits)
    initial = {name: getattr(entry, name) for name in names}
    return Entry(here.kind, count, _data(request), initial={**initial, "place": place or count})


def _data(request: HttpRequest) -> dict[str, str] | None:
    return request.POST.dict() if request.method == "POST" else None


def _done(request: HttpRequest, here: Where, entry: Master, words: str) -> HttpResponse:
    messages.success(request, words % {"name": entry.name})
    others = here.listing.entries.exclude(pk=entry.pk).values_list("name", flat=True)
    if same_name(entry.name, others):
        messages.warning(
            request,
            gettext("「%(name)s」と同じ名称が、ほかにもあります。見分けられるか確認してください。")
            % {"name": entry.name},
        )
    return redirect(here.address())


def _shown(
    request: HttpRequest, template: str, form: Form, context: dict[str, object]
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {**context, "form": form}
    return render(request, f"console/masters/{template}.html", context, status=status)


def _mark(use: Use) -> str:
    """Tell a use from another: what the page showed is what is deleted."""
    ties = (use.drafts, use.templates, use.situations, use.instructions)
    return ".".join(map(str, (use.people.all, *map(len, ties))))


@contextmanager
def _deleted_meanwhile() -> Iterator[None]:
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404 from error
