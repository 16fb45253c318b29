"""The compose page: `/console/compose/`, `/console/drafts/ID/`, and the same for 定型連絡."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft, DraftKind, DraftQuerySet
from denrei.broadcasts.typed import Typed
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.compose import endings, opening, posted
from denrei.web.console.compose.desk import Desk
from denrei.web.console.compose.sheet import Asked

_page = require_http_methods(["GET", "HEAD", "POST"])


@rights.needs(Right.SEND)
@_page
def new(request: HttpRequest) -> HttpResponse:
    """Serve `/console/compose/`."""
    return _serve(request, DraftKind.DRAFT)


@rights.needs(Right.SEND)
@_page
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/drafts/ID/`; `?keep` leaves sender and recipients as they were.

    What is posted to a draft that is gone by now is shown as a new form: nothing typed is lost.
    """
    found = _visible(request).open().filter(pk=draft_id).first()
    if found is not None or request.method == "POST":
        return _serve(request, DraftKind.DRAFT, found, is_gone=found is None)
    get_object_or_404(_visible(request).filter(kind=DraftKind.DRAFT), pk=draft_id)
    messages.info(request, _("この下書きは送信済みです。"))
    return redirect("console:drafts")


@rights.needs(Right.SEND)
@_page
def new_ready(request: HttpRequest) -> HttpResponse:
    """Serve `/console/templates/new/`."""
    return _serve(request, DraftKind.TEMPLATE)


@rights.needs(Right.SEND)
@_page
def ready(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/templates/ID/`."""
    found = _visible(request).templates().filter(pk=draft_id).first()
    if found is None and request.method != "POST":
        raise Http404
    return _serve(request, DraftKind.TEMPLATE, found, is_gone=found is None)


@rights.needs(Right.SEND)
@require_POST
def readers(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/drafts/ID/readers/`: who else has it open; told by a page every 10 s."""
    found = get_object_or_404(_visible(request), pk=draft_id)
    return render(
        request, "console/compose/readers.html", company(request, found, _revision(request))
    )


def company(request: HttpRequest, found: Draft, revision: int) -> dict[str, object]:
    """Note that the operator has a draft open; return who else has, and whether it changed."""
    operator, now = operator_of(request), timezone.now()
    drafts.note_reader(found, operator, now)
    return {
        "draft": found,
        "revision": revision,
        "readers": drafts.readers(found, operator, now),
        "changed": found.revision > revision,
    }


def _visible(request: HttpRequest) -> DraftQuerySet:
    return Draft.objects.visible_to(operator_of(request)).select_related("changed_by", "unit")


def _revision(request: HttpRequest) -> int:
    posted = request.POST.get("revision", "")
    return int(posted) if posted.isdecimal() and len(posted) < 10 else 0


def _serve(
    request: HttpRequest, kind: DraftKind, found: Draft | None = None, *, is_gone: bool = False
) -> HttpResponse:
    asked = Asked(
        organization=organization_of(request),
        operator=operator_of(request),
        now=timezone.now(),
        kind=kind,
        draft=found,
    )
    revision = _revision(request) if request.method == "POST" else found.revision if found else 0
    told = company(request, found, revision) if found else {"is_gone": is_gone}
    desk = Desk(request, asked, revision, told)
    if is_gone:
        return _of_gone(request, desk)
    if request.method == "POST":
        return endings.answer(desk)
    return desk.page(_opened(request, asked), checked="checked" in request.GET)


def _of_gone(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what was posted as a new form: 410, or 200 where script swaps a part of the page."""
    page = desk.page(posted.read(request.POST))
    if "HX-Request" not in request.headers:
        page.status_code = HTTPStatus.GONE
    return page


def _opened(request: HttpRequest, asked: Asked) -> Typed:
    if asked.draft is None:
        return opening.blank(asked.organization, asked.operator, asked.kind, asked.now)
    typed = Typed.from_json(asked.draft.form)
    is_kept = "keep" in request.GET or asked.kind is DraftKind.TEMPLATE
    return typed if is_kept else opening.asked_anew(typed)
