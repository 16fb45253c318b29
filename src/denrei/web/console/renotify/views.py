"""The page of 再通知, `/console/broadcasts/ID/again/`: whom it reaches is shown, then it is pressed."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denrei.accounts import resuming, rights
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.deliveries import waves
from denrei.deliveries.errors import LaunchError
from denrei.web.console.account import again as signing_in
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.broadcasts.emptied import needs_details
from denrei.web.console.fields import number
from denrei.web.console.renotify.forms import AgainForm, ReminderForm
from denrei.web.console.renotify.sheet import Sheet, sheet


@rights.needs(Right.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_details
def again(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/again/`."""
    shown = sheet(request, broadcast_id)
    if request.method != "POST":
        return _page(request, shown, AgainForm(shown.offer))
    form = AgainForm(shown.offer, request.POST)
    if not form.is_valid():
        return _page(request, shown, form)
    if _must_sign_in_again(request, shown):
        resuming.keep(request)  # the form comes back with all that was typed
        return redirect(signing_in.sign_in_again_address(request, reverse("console:resume")))
    if number(request.POST.get("wave", "")) != shown.next_wave:
        messages.info(
            request, _("この再通知は、すでに送信されています。二重には送信していません。")
        )
        return redirect("console:broadcast", broadcast_id)
    return _send(request, shown, form)


def _send(request: HttpRequest, shown: Sheet, form: AgainForm) -> HttpResponse:
    asked = shown.asked(form.target_of, form.media_of, form.content())
    try:
        waves.again(organization_of(request), asked, operator_of(request))
    except LaunchError as error:
        form.add_error(None, str(error))
        return _page(request, shown, form)
    messages.success(request, _("再通知を始めました。結果は、この画面の件数に加わります。"))
    return redirect("console:broadcast", shown.broadcast.pk)


def _must_sign_in_again(request: HttpRequest, shown: Sheet) -> bool:
    """Tell whether the organization asks for it before it really sends (OPS-4)."""
    asked = Preferences.of(organization_of(request)).sign_in_before_launch
    return asked and not shown.content.drill and not signing_in.recently_signed_in(request)


def _page(request: HttpRequest, shown: Sheet, form: AgainForm) -> HttpResponse:
    context = {
        "sheet": shown,
        "broadcast": shown.broadcast,
        "content": shown.content,
        "form": form,
        "reminder_form": ReminderForm(),
        "sign_in_again": signing_in.sign_in_again_address(request)
        if _must_sign_in_again(request, shown)
        else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "console/renotify/page.html", context, status=status)
