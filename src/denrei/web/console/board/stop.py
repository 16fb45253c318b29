"""停止: what it means in numbers, then the act (EMC-5)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.deliveries import cancel
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.board import page


@rights.needs(Right.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/stop/`: ask first; what waits is cancelled at once."""
    found = page.look(request, broadcast_id)
    if request.method != "POST":
        return render(request, "console/board/stop.html", page.moving(request, found))
    if cancel.stop(organization_of(request).pk, found.broadcast.pk, operator_of(request)):
        messages.success(
            request,
            _(
                "送信を停止しました。まだ渡していないものは取り消します。渡している途中のものは、結果が出るまで続きます。"
            ),
        )
    else:
        messages.info(
            request, _("停止するものはありませんでした。すでに終了または停止しています。")
        )
    return redirect("console:broadcast", found.broadcast.pk)
