"""Signing in and out, and the language of the console."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from denrei.accounts import organizations, rights, sessions, tenancy
from denrei.accounts.rights import Right
from denrei.web.console.door.forms import SignIn


@rights.needs(Right.OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Serve `/console/sign-in/`."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _signed_in(request, form):
            return redirect(_next(request))
        form.add_error(
            None, _("団体ID、利用者ID、パスワードのいずれかが違います。もう一度入力してください。")
        )
    context = {"form": form, "next": _next(request)}
    return render(request, "console/door/sign_in.html", context, status=422 if form.errors else 200)


def _signed_in(request: HttpRequest, form: SignIn) -> bool:
    asked = form.cleaned_data
    organization_id = organizations.by_slug(asked["organization"])
    if organization_id is None:
        return False
    with tenancy.acting_for(organization_id):
        operator = auth.authenticate(request, login=asked["login"], password=asked["password"])
        if operator is None:
            return False
        auth.login(request, operator)
        request.session[sessions.ORGANIZATION] = organization_id
    return True


@rights.needs(Right.OPEN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Serve `/console/sign-out/`."""
    auth.logout(request)
    return redirect("console:sign-in")


@rights.needs(Right.OPEN)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Serve `/console/language/`: keep the choice in a cookie for a year."""
    response = redirect(_next(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _next(request: HttpRequest) -> str:
    """Return where to go on; only an address of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
