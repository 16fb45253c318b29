"""The confirm page, `/console/drafts/ID/confirm/`: shown, and pressed."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denrei.accounts import rights
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Draft, DraftKind
from denrei.deliveries.errors import ConflictError, LaunchError
from denrei.web.console.account import again
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.compose.views import company
from denrei.web.console.launching import press
from denrei.web.console.launching.plan import Plan
from denrei.web.console.launching.press import Objection, Seen


@rights.needs(Right.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Serve `/console/drafts/ID/confirm/`."""
    draft = _draft(request, draft_id)
    if draft.broadcast_id is not None:
        messages.info(request, _("この連絡は送信済みです。二重には送信していません。"))
        return redirect("console:broadcast", draft.broadcast_id)
    plan = Plan(organization_of(request), operator_of(request), draft, timezone.now())
    if request.method == "POST":
        return _press(request, plan)
    if plan.ordered.complaints:
        return redirect(f"{reverse('console:draft', args=[draft.pk])}?keep=1&checked=1")
    return _page(request, plan)


def _draft(request: HttpRequest, draft_id: int) -> Draft:
    """Return a draft that the operator sees; for a press it stays as it is until the answer."""
    rows = Draft.objects.visible_to(operator_of(request)).filter(kind=DraftKind.DRAFT)
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows.select_related("changed_by"), pk=draft_id)


def _press(request: HttpRequest, plan: Plan) -> HttpResponse:
    if plan.reservation is not None:
        is_this_press = plan.reservation.key == plan.draft.key
        return redirect("console:reservations") if is_this_press else _page(request, plan)
    if _must_sign_in_again(request, plan):
        return redirect(again.sign_in_again_address(request))
    found = list(press.objections(plan, Seen.read(request.POST)))
    return _page(request, plan, found) if found else _act(request, plan)


def _act(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Send it, or reserve it; where that is refused, say why."""
    try:
        return _reserve(request, plan) if plan.ordered.start_at else _send(request, plan)
    except ConflictError as error:
        return _page(request, plan, [Objection(words=str(error), is_conflict=True)])
    except LaunchError as error:
        return _page(request, plan, [Objection(words=line) for line in str(error).splitlines()])


def _send(request: HttpRequest, plan: Plan) -> HttpResponse:
    broadcast = press.send(plan, operator_of(request))
    return redirect("console:broadcast", broadcast.pk)


def _reserve(request: HttpRequest, plan: Plan) -> HttpResponse:
    kept = press.reserve(plan, operator_of(request))
    words = _("%(at)sに送信する予約をしました。まだ送信していません。")
    at = date_format(timezone.localtime(kept.launch_at), _("Y年n月j日 H:i"))
    messages.success(request, words % {"at": at})
    return redirect("console:reservations")


def _must_sign_in_again(request: HttpRequest, plan: Plan) -> bool:
    asked = Preferences.of(plan.organization).sign_in_before_launch and not plan.is_drill
    return asked and not again.recently_signed_in(request)


def _page(request: HttpRequest, plan: Plan, found: Sequence[Objection] = ()) -> HttpResponse:
    is_conflict = plan.reservation is not None or any(one.is_conflict for one in found)
    context = {
        **company(request, plan.draft, plan.draft.revision),
        "plan": plan,
        "objections": [one for one in found if not one.field],
        "typed_fault": next((one.words for one in found if one.field), ""),
        "typed": "" if is_conflict else request.POST.get("typed", ""),
        "sign_in_again": again.sign_in_again_address(request)
        if _must_sign_in_again(request, plan)
        else "",
    }
    status = HTTPStatus.CONFLICT if is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    if request.method != "POST":
        status = HTTPStatus.OK
    return render(request, "console/launching/confirm.html", context, status=status)
