"""定型連絡: ready messages, each one tap away from its confirm page (OPS-2)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denrei.accounts import rights
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft, DraftQuerySet
from denrei.broadcasts.typed import Moment, Typed
from denrei.deliveries import ordering
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.compose import opening, posted, summaries

#: Unsent drafts of one 定型連絡 that are looked at.
_LATEST = 10


@rights.needs(Right.SEND)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/templates/`."""
    context = {"rows": summaries.of(_visible(request))}
    return render(request, "console/compose/templates.html", context)


@rights.needs(Right.SEND)
@require_POST
def use(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/templates/ID/use/`: a draft of now by this operator, ready to confirm.

    Where something of it is gone by now, its form comes first and says so.
    """
    ready = get_object_or_404(_visible(request), pk=draft_id)
    organization, operator, now = organization_of(request), operator_of(request), timezone.now()
    typed = opening.about_to_send(Typed.from_json(ready.form), organization, operator, now)
    typed = replace(typed, drill=request.POST.get("mode") == posted.DRILL)
    draft = _draft(organization, operator, typed, ready.name)
    if ordering.order(draft, operator, now).complaints:
        return redirect(f"{reverse('console:draft', args=[draft.pk])}?keep=1&checked=1")
    return redirect("console:confirm", draft.pk)


def _draft(organization: Organization, operator: Operator, typed: Typed, name: str) -> Draft:
    """Keep the form; a second tap takes the operator's draft of the first, still as it was."""
    mine = Draft.objects.open().filter(changed_by=operator, name=name, reservations=None)
    for earlier in mine.order_by("-pk")[:_LATEST]:
        if _lasting(Typed.from_json(earlier.form)) == _lasting(typed):
            with suppress(drafts.DraftError):  # it was sent or changed in this moment
                return drafts.save(earlier, typed, operator, earlier.revision)
    return drafts.create(organization, operator, typed, name=name)


def _lasting(typed: Typed) -> Typed:
    """Return a form without what each tap decides anew."""
    return replace(typed, occurred=Moment(), drill=False)


@rights.needs(Right.SEND)
@require_POST
def delete(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/templates/ID/delete/`: ask first, delete when asked again with `sure`."""
    ready = get_object_or_404(_visible(request), pk=draft_id)
    if "sure" not in request.POST:
        context = {"rows": summaries.of([ready])}
        return render(request, "console/compose/delete_template.html", context)
    drafts.delete([ready], operator_of(request))
    messages.success(request, _("定型連絡「%(name)s」を削除しました。") % {"name": ready.name})
    return redirect("console:templates")


def _visible(request: HttpRequest) -> DraftQuerySet:
    visible = Draft.objects.templates().visible_to(operator_of(request))
    return visible.select_related("changed_by", "unit")
