"""写して作成: a draft that says what an earlier broadcast said."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.broadcasts import drafts, earlier
from denrei.broadcasts.models import Broadcast, Draft
from denrei.broadcasts.typed import Typed
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.compose import opening


@rights.needs(Right.SEND)
@require_POST
def begin(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/copy/`: nothing is sent, a draft opens that asks for its recipients."""
    organization, operator = organization_of(request), operator_of(request)
    broadcast = get_object_or_404(Broadcast.objects.visible_to(operator), pk=broadcast_id)
    form = _copied(broadcast, organization, operator)
    draft = _begun(form, operator) or drafts.create(organization, operator, form)
    messages.success(
        request,
        _(
            "前の連絡の内容を写した下書きです。発生日時を今にしました。宛先と発信者を指定してください。"
        ),
    )
    return redirect("console:draft", draft.pk)


def _copied(broadcast: Broadcast, organization: Organization, operator: Operator) -> Typed:
    """Return a form that happened now and belongs to no earlier broadcast; its sender is asked for anew."""
    form = replace(earlier.form(broadcast), corrects="", sequel="", to_all=False)
    now = opening.about_to_send(form, organization, operator, timezone.now())
    return opening.asked_anew(now)


def _begun(form: Typed, operator: Operator) -> Draft | None:
    """Return the draft of the press before: two presses are one copy."""
    mine = Draft.objects.open().filter(changed_by=operator, form=form.to_json())
    return mine.order_by("-pk").first()
