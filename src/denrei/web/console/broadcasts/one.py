"""One broadcast: both equations, evidence and statuses, kept up to date; and 停止 (ALL-4, NEW-1, EMC-5)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import cancel
from denrei.reports.board import UnknownBroadcastError, board
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.broadcasts import listing
from denrei.web.console.broadcasts.picture import Picture


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/`."""
    return render(request, "console/broadcasts/one.html", _context(request, broadcast_id))


@rights.needs(Right.READ)
@require_safe
def standing(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/standing/`: the part of the page that moves."""
    return render(request, "console/broadcasts/standing.html", _context(request, broadcast_id))


@rights.needs(Right.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/stop/`: ask first; what waits is cancelled at once."""
    broadcast = _broadcast(request, broadcast_id)
    if request.method != "POST":
        return render(request, "console/broadcasts/stop.html", _context(request, broadcast_id))
    if cancel.stop(organization_of(request).pk, broadcast.pk, operator_of(request)):
        messages.success(request, _("送信を停止しました。送信中のものは、結果が出るまで続きます。"))
    else:
        messages.info(
            request, _("停止するものはありませんでした。すでに終了または停止しています。")
        )
    return redirect("console:broadcast", broadcast.pk)


def _broadcast(request: HttpRequest, broadcast_id: int) -> Broadcast:
    return get_object_or_404(listing.visible(request), pk=broadcast_id)


def _context(request: HttpRequest, broadcast_id: int) -> dict[str, object]:
    broadcast = _broadcast(request, broadcast_id)
    try:
        shown = board(organization_of(request).pk, broadcast.pk)
    except UnknownBroadcastError as error:
        raise Http404 from error
    return {
        "broadcast": broadcast,
        "content": Content.from_json(broadcast.content),
        "picture": Picture(shown),
    }
