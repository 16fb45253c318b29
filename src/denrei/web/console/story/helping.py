"""Who takes care of a person who called for help, by one button each (NEW-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.responses import helping
from denrei.responses.models import HelpCall
from denrei.web.console.asking import operator_of
from denrei.web.console.broadcasts.emptied import needs_details
from denrei.web.console.story import finding

#: By the last part of the address: what is done, and what is said then.
ACTS: Mapping[str, tuple[Callable[[HelpCall, Operator], bool], str | Promise]] = {
    "take": (helping.take, gettext_lazy("担当になりました。")),
    "give-back": (helping.give_back, gettext_lazy("担当を外しました。")),
    "close": (helping.close, gettext_lazy("支援の対応を終えたことを記録しました。")),
}


@rights.needs(Right.SEND)
@require_POST
@needs_details
def act(request: HttpRequest, broadcast_id: int, recipient_id: int, act: str) -> HttpResponse:
    """Serve `/console/broadcasts/ID/people/ID/help/ACT/`; `back=board` leads back to the board."""
    if act not in ACTS:
        raise Http404
    found = finding.named(request, broadcast_id, recipient_id)
    calls = HelpCall.objects.of(found.broadcast.pk)
    call = get_object_or_404(calls, recipient_id=found.member.recipient_id)
    verb, words = ACTS[act]
    if verb(call, operator_of(request)):
        messages.success(request, str(words))
    else:
        messages.info(request, _("ほかの操作者が先に変更しました。今の状況を確認してください。"))
    if request.POST.get("back") == "board":
        return redirect("console:broadcast", broadcast_id)
    return redirect("console:story", broadcast_id, recipient_id)
