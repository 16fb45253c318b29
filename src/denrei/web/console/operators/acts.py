"""What is done to an operator by one button."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from denrei.accounts import keys, operators, rights
from denrei.accounts.models import Operator
from denrei.accounts.refusal import RefusedError
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of
from denrei.web.console.operators import standing

#: By the last part of the address: what is done, and what is said then.
ACTS: Mapping[str, tuple[Callable[[Operator, Operator], object], str | Promise]] = {
    "deactivate": (
        operators.deactivate,
        _("%(name)sさんの使用を停止し、サインアウトさせました。"),
    ),
    "reactivate": (operators.reactivate, _("%(name)sさんの使用を再開しました。")),
    "unlock": (keys.unlock, _("%(name)sさんのロックを解除しました。")),
    "end-sessions": (
        keys.end_sessions,
        _("%(name)sさんを、すべての端末でサインアウトさせました。"),
    ),
    "remove-second-factor": (
        keys.remove_second_factor,
        _(
            "%(name)sさんの二要素認証を解除しました。次はパスワードだけでサインインし、登録し直せます。"
        ),
    ),
}


@rights.needs(Right.OPERATORS)
@require_POST
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Serve `/console/operators/ID/ACT/`."""
    if act not in ACTS:
        raise Http404
    asker = operator_of(request)
    about = get_object_or_404(standing.visible(asker), pk=pk)
    verb, words = ACTS[act]
    try:
        verb(about, asker)
    except RefusedError as refused:
        return standing.show(request, about, refusal=refused.words)
    messages.success(request, str(words) % {"name": about.name})
    return redirect("console:operator", pk)


@rights.needs(Right.OPERATORS)
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/operators/ID/password/`; the answer shows the password, once."""
    asker = operator_of(request)
    about = get_object_or_404(standing.visible(asker), pk=pk)
    password = keys.initial_password()
    try:
        keys.reset_password(about, password, asker)
    except RefusedError as refused:
        return standing.show(request, about, refusal=refused.words)
    return standing.hand_over(request, about, password)
