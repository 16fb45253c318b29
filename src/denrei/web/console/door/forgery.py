"""A form whose protection against forgery is out of date: it is offered again, never believed.

The token of a page changes at each sign-in, so a page that was open in another tab meanwhile
brings an old one. What was typed there is kept as after a sign-out (`accounts.resuming`).
"""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from denrei.accounts import resuming
from denrei.web.console import refusals
from denrei.web.console.door import resume, views

#: How Django's reasons begin when the form came from our own page. Others are forgeries.
_OLD_TOKEN = "CSRF "  # noqa: S105 # no secret


def refuse(request: HttpRequest, reason: str) -> HttpResponse:
    """Answer a form of the console without carrying it out."""
    if not reason.startswith(_OLD_TOKEN):
        return refusals.refuse(request, HTTPStatus.FORBIDDEN)
    if request.path == resolve_url(settings.LOGIN_URL):
        return _sign_in_again(request)
    if not request.user.is_authenticated:
        return resuming.lead_to_sign_in(request)
    typed = resuming.kept(request.session)
    if resuming.RESUMED in request.POST and typed is not None:  # it is kept still
        return resume.page(request, typed, HTTPStatus.FORBIDDEN)
    if resuming.keep(request):
        return resuming.go(request, reverse("console:resume"))
    return refusals.refuse(request, HTTPStatus.FORBIDDEN)


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    if views.is_in(request):  # in another tab
        return redirect(views.onward(request))
    form = views.form_of(request)
    form.add_error(
        None,
        _(
            "画面を開いてから時間がたっています。パスワードをもう一度入力してください。"
            "繰り返し表示されるときは、ブラウザーの設定でCookieを許可してください。"
        ),
    )
    return views.page(request, form)
