"""訂正・取消・解除: the earlier broadcast is stopped at once, then what follows it is written (NEW-13)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts import drafts, sequels
from denrei.broadcasts.models import Broadcast, Draft
from denrei.broadcasts.sequels import Sequel
from denrei.deliveries import cancel
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.board import page
from denrei.web.console.broadcasts.emptied import needs_details


@rights.needs(Right.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_details
def begin(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/sequel/`: what is not handed over is cancelled, a draft opens."""
    found = page.look(request, broadcast_id)
    kind = request.POST.get("sequel", "")
    if request.method != "POST" or kind not in Sequel.values:
        context = {**page.moving(request, found), "missing": request.method == "POST"}
        return render(request, "console/board/sequel.html", context)
    organization, operator = organization_of(request), operator_of(request)
    if cancel.stop(organization.pk, found.broadcast.pk, operator):
        messages.success(
            request, _("もとの連絡を停止しました。まだ渡していないものは取り消します。")
        )
    draft = _begun(found.broadcast, kind, operator) or drafts.create(
        organization, operator, sequels.begun(found.broadcast, Sequel(kind))
    )
    return redirect(f"{reverse('console:draft', args=[draft.pk])}?keep=1")


def _begun(broadcast: Broadcast, kind: str, operator: Operator) -> Draft | None:
    """Return the draft that a press before has begun: two presses are one sequel."""
    mine = Draft.objects.open().filter(changed_by=operator, form__corrects=str(broadcast.pk))
    return mine.filter(form__sequel=kind).order_by("-pk").first()
