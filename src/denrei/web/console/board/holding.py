"""保留: the details of a broadcast are not deleted, however old (OPS-8)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from denrei.accounts import rights
from denrei.accounts.refusal import RefusedError
from denrei.accounts.rights import Right
from denrei.deliveries import holding
from denrei.web.console.asking import operator_of, status_of_form
from denrei.web.console.board import page
from denrei.web.console.board.scene import Scene
from denrei.web.console.broadcasts.emptied import needs_details
from denrei.web.console.forms import Form, Line


class HoldForm(Form):
    """Why a broadcast is held."""

    reason = Line(
        limit=200,
        label=gettext_lazy("保留にする理由"),
        help_text=gettext_lazy("例：訴訟のため、検証委員会が調べるため。操作の記録にも残ります。"),
    )


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_details
def hold(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/hold/`: hold it with a reason, or let go of it."""
    found = page.look(request, broadcast_id)
    form = HoldForm(request.POST if request.method == "POST" and not found.hold else None)
    if request.method == "POST" and (found.hold or form.is_valid()):
        try:
            _change(request, found, form)
        except RefusedError as refused:
            form.add_error(None, refused.words)
        except holding.TooLateError:
            messages.error(
                request, _("明細の削除が、先に始まりました。保留にできません。何も変えていません。")
            )
            return redirect("console:broadcast", broadcast_id)
        else:
            return redirect("console:broadcast", broadcast_id)
    context = {**page.moving(request, found), "form": form}
    return render(request, "console/board/hold.html", context, status=status_of_form(request))


def _change(request: HttpRequest, found: Scene, form: forms.Form) -> None:
    operator = operator_of(request)
    if found.hold:
        holding.release(found.broadcast, operator)
        messages.success(
            request, _("保留をやめました。保存期間を過ぎていれば、次の夜に明細を削除します。")
        )
    else:
        holding.hold(found.broadcast, operator, form.cleaned_data["reason"])
        messages.success(request, _("保留にしました。保存期間を過ぎても、明細を削除しません。"))
