"""One received mail: what it says, what was done, its text on demand; and that a human judged it."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.deliveries.models import Delivery
from denrei.outcomes import handling
from denrei.outcomes.models import ReceivedMail
from denrei.web.console.asking import operator_of
from denrei.web.console.received import listing, replies, words

#: What a browser would not show as it is: controls, marks that turn text around, broken characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
#: Characters of a mail that are shown.
_SHOWN = 100_000


@rights.needs(Right.READ, Right.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Serve `/console/received/ID/`; `?text=1` shows the mail as it came."""
    operator = operator_of(request)
    visible = ReceivedMail.objects.visible_to(operator).select_related("handled_by", "mailbox")
    mail = get_object_or_404(visible, pk=mail_id)
    if request.method == "POST":
        _act(request, mail)
        return redirect("console:received-mail", mail.pk)
    (row,) = listing.rows(operator, [mail])
    delivery = Delivery.objects.filter(pk=mail.delivery_id).first() if mail.delivery_id else None
    wants_text = "text" in request.GET and rights.may(operator, Right.PEOPLE)
    context = {
        "row": row,
        "mail": mail,
        "delivery": delivery if row.person else None,
        "meaning": words.meaning_of(mail, delivery.address if delivery else ""),
        "text": shielded(bytes(mail.raw)) if wants_text else None,
        "is_cut": mail.size > len(mail.raw) or len(mail.raw) > _SHOWN,
        "note": handling.NOTE,
        "question": replies.question(operator, mail),
    }
    return render(request, "console/received/one.html", context)


def _act(request: HttpRequest, mail: ReceivedMail) -> None:
    operator = operator_of(request)
    if request.POST.get("act") == "answer":
        replies.keep(request, mail)
    elif request.POST.get("act") == "reopen":
        if handling.reopen(operator, mail.pk):
            messages.success(request, _("「人が判断する」に戻しました。"))
    elif handling.finish(operator, mail.pk, request.POST.get("note", "")):
        messages.success(request, _("対応済みにしました。"))


def shielded(raw: bytes) -> str:
    """Return the bytes of a mail as text that does nothing: what can't be seen is shown as ▯."""
    return _UNSEEN.sub("▯", raw[:_SHOWN].decode("utf-8", "replace").replace("\r\n", "\n"))
