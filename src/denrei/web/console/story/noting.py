"""An answer that an operator heard on the phone, on a visit or from the family (NEW-4)."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.responses import pressing
from denrei.responses.answering import AnswerError, Fault
from denrei.responses.pressing import AnsweredMeanwhileError
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.broadcasts.emptied import needs_details
from denrei.web.console.story import finding, page
from denrei.web.console.story.finding import Named
from denrei.web.console.story.forms import HeardForm

#: The field that a fault belongs to, and what to do.
_FAULTS: Mapping[Fault, tuple[str | None, str | Promise]] = {
    Fault.STRANGER: (None, gettext_lazy("この方は、この連絡の対象ではありません。")),
    Fault.NO_CHOICE: ("choice", gettext_lazy("回答を選んでください。")),
    Fault.UNKNOWN_CHOICE: ("choice", gettext_lazy("回答を一覧から選び直してください。")),
    Fault.UNKNOWN_SOURCE: ("source", gettext_lazy("確認した方法を一覧から選び直してください。")),
    Fault.LONG_COMMENT: ("comment", gettext_lazy("ひとことを短くしてください。")),
}


@rights.needs(Right.SEND)
@require_POST
@needs_details
def answer(request: HttpRequest, broadcast_id: int, recipient_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/people/ID/answer/`."""
    found = finding.named(request, broadcast_id, recipient_id)
    form = HeardForm(found.content, translation.get_language() or "", data=request.POST)
    if not form.is_valid():
        return page.drawn(request, found, form)
    try:
        kept = _press(request, found, form)
    except AnswerError as refused:
        for fault in refused.faults:
            name, words = _FAULTS[fault]
            form.add_error(name, str(words))
        return page.drawn(request, found, form)
    except AnsweredMeanwhileError:
        return page.drawn(request, found, _again(request, found), crossed=True)
    if kept:
        messages.success(request, _("回答を記録しました。"))
    else:
        messages.info(request, _("この回答は、すでに記録されています。"))
    return redirect("console:story", broadcast_id, recipient_id)


def _press(request: HttpRequest, found: Named, form: HeardForm) -> object:
    return pressing.press(
        organization_of(request),
        found.broadcast.pk,
        form.reply(found.member.recipient_id),
        operator_of(request),
        form.latest_seen,
    )


def _again(request: HttpRequest, found: Named) -> HeardForm:
    """Return the form as typed, with the answer that came meanwhile taken as seen."""
    told = finding.told(request, found)
    typed = request.POST.copy()
    typed["seen"] = str(told.latest.id) if told.latest else ""
    return HeardForm(found.content, translation.get_language() or "", data=typed)
