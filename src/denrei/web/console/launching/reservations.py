"""予約: what is to be sent later, what was, and what was not (OPS-7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.deliveries import scheduling
from denrei.deliveries.appointed import Scheduled, ScheduledQuerySet, ScheduledState
from denrei.web.console.asking import operator_of

#: Past reservations that are shown.
_PAST = 50


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/reservations/`: those that wait, the next first, and the latest past ones."""
    visible = _visible(request).select_related("by", "broadcast")
    past = visible.exclude(state=ScheduledState.WAITING).order_by("-launch_at", "-id")
    context = {"waiting": visible.waiting(), "past": past[:_PAST], "most": _PAST}
    return render(request, "console/launching/reservations.html", context)


@rights.needs(Right.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reservation_id: int) -> HttpResponse:
    """Serve `/console/reservations/ID/cancel/`: ask first; its draft can be changed afterwards."""
    reservation = get_object_or_404(_visible(request).select_related("by"), pk=reservation_id)
    if request.method != "POST" and reservation.state == ScheduledState.WAITING:
        context = {"reservation": reservation}
        return render(request, "console/launching/cancel.html", context)
    if not scheduling.cancel(reservation, operator_of(request)):
        messages.warning(
            request,
            _("この予約は、すでに送信されたか、取り消されています。一覧を確認してください。"),
        )
        return redirect("console:reservations")
    messages.success(request, _("予約を取り消しました。送信されません。"))
    if reservation.draft_id is None:
        return redirect("console:reservations")
    return redirect(f"{reverse('console:draft', args=[reservation.draft_id])}?keep=1")


@rights.needs(Right.SEND)
@require_POST
def note(request: HttpRequest, reservation_id: int) -> HttpResponse:
    """Serve `/console/reservations/ID/note/`: home no longer tells that it was not sent."""
    reservation = get_object_or_404(_visible(request), pk=reservation_id)
    scheduling.note(reservation, operator_of(request))
    return redirect("console:home")


def _visible(request: HttpRequest) -> ScheduledQuerySet:
    return Scheduled.objects.visible_to(operator_of(request))
