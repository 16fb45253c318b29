"""The list of drafts: content below it on click, deletion of many after a confirmation (MSG-4)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft, DraftKind, DraftQuerySet
from denrei.broadcasts.typed import Typed, ids
from denrei.deliveries.appointed import Scheduled
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.compose import summaries
from denrei.web.console.compose.sheet import Asked, Sheet

_PAGE = 50


@rights.needs(Right.SEND)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/drafts/`; `?show=ID` shows one below the list, `?all` marks all."""
    page = Paginator(_open(request), _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": summaries.of(page),
        "marked": "all" in request.GET,
        "shown": _shown(request),
    }
    return render(request, "console/compose/drafts.html", context)


@rights.needs(Right.SEND)
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Serve `/console/drafts/delete/`: ask first, delete when asked again with `sure`."""
    found = list(_open(request).filter(pk__in=ids(request.POST.getlist("draft"))))
    if not found:
        messages.warning(request, _("削除する下書きを選んでください。"))
        return redirect("console:drafts")
    if "sure" not in request.POST:
        context = {"rows": summaries.of(found)}
        return render(request, "console/compose/delete.html", context)
    count = drafts.delete(found, operator_of(request))
    messages.success(request, _("下書きを%(count)d件削除しました。") % {"count": count})
    return redirect("console:drafts")


def _open(request: HttpRequest) -> DraftQuerySet:
    waiting = Scheduled.objects.filter(draft=OuterRef("pk")).waiting().order_by()
    visible = Draft.objects.open().visible_to(operator_of(request))
    visible = visible.annotate(is_reserved=Exists(waiting))
    return visible.select_related("changed_by", "unit").order_by("-changed_at", "-pk")


def _shown(request: HttpRequest) -> Sheet | None:
    """Return the draft whose content is shown below the list."""
    draft = _open(request).filter(pk__in=ids([request.GET.get("show", "")])).first()
    if draft is None:
        return None
    asked = Asked(
        organization=organization_of(request),
        operator=operator_of(request),
        now=timezone.now(),
        kind=DraftKind.DRAFT,
        draft=draft,
    )
    return Sheet(asked, Typed.from_json(draft.form))
