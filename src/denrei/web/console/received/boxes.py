"""The mailboxes of an organization on its page: when each was asked, and the button 受信 (MSG-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.outcomes.mailboxes import registering
from denrei.outcomes.models import Mailbox
from denrei.web.console.asking import operator_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One mailbox, and whether somebody is asking it or is about to."""

    mailbox: Mailbox
    is_busy: bool


def boxes() -> Sequence[Box]:
    """Return the mailboxes of the organization that the transaction acts for."""
    now = timezone.now()
    return [
        Box(
            mailbox=one,
            is_busy=one.next_at <= now or (one.lease_until is not None and one.lease_until > now),
        )
        for one in Mailbox.objects.filter(enabled=True).order_by("name")
    ]


@rights.needs(Right.PEOPLE)
@require_POST
def fetch(request: HttpRequest) -> HttpResponse:
    """Serve `/console/received/fetch/`: ask at once; the page shows how that goes."""
    if not registering.ask_now(operator_of(request)):
        messages.info(request, _("取得するメールボックスがありません。"))
    return redirect("console:received")
