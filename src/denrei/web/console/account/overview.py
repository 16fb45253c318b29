"""「自分の設定」: who one is, one's keys, and where one is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denrei.accounts import own_account, rights
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.web.console import asking
from denrei.web.console.account import browsers, factors


@rights.needs(Right.OWN)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/account/`."""
    operator = asking.operator_of(request)
    found = own_account.open_sessions(operator, _key(request), timezone.now())
    context = {
        "factors": factors.of(operator),
        "required": Preferences.of(asking.organization_of(request)).second_factor_required,
        "sessions": [(session, browsers.in_words(session.device)) for session in found],
        "has_others": any(not session.here for session in found),
    }
    return render(request, "console/account/overview.html", context)


@rights.needs(Right.OWN)
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Serve `/console/account/sessions/end/`: one of the others, by its name in the list."""
    name = request.POST.get("session", "")
    operator = asking.operator_of(request)
    gone = own_account.end_session(operator, name, _key(request), timezone.now())
    if gone is None:
        messages.info(request, _("そのブラウザーは、すでにサインアウトしています。"))
    else:
        words = {"browser": browsers.in_words(gone.device)}
        messages.success(request, _("%(browser)s をサインアウトしました。") % words)
    return redirect("console:account")


@rights.needs(Right.OWN)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Serve `/console/account/sessions/end-others/`."""
    ended = own_account.end_other_sessions(asking.operator_of(request), _key(request))
    if ended:
        words = {"count": ended}
        messages.success(request, _("ほかの%(count)d件のサインインを終了しました。") % words)
    else:
        messages.info(request, _("ほかのブラウザーでは、サインインしていません。"))
    return redirect("console:account")


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""
