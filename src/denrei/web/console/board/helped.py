"""担当になる: an operator takes care of somebody who called for help (NEW-4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Broadcast
from denrei.responses import helping
from denrei.responses.models import HelpCall
from denrei.web.console.asking import operator_of


@rights.needs(Right.SEND)
@require_POST
def take(request: HttpRequest, broadcast_id: int, call_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/help/ID/`, a button."""
    operator = operator_of(request)
    broadcast = get_object_or_404(Broadcast.objects.visible_to(operator), pk=broadcast_id)
    call = get_object_or_404(HelpCall.objects.of(broadcast.pk), pk=call_id)
    if helping.take(call, operator):
        messages.success(request, _("担当になりました。"))
    else:
        messages.info(request, _("ほかの操作者が担当しているか、対応が終わっています。"))
    return redirect("console:broadcast", broadcast.pk)
