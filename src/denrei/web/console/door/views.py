"""Signing in and out, and the language of the console."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from denrei.accounts import organizations, resuming, rights, sessions, tenancy
from denrei.accounts.devices import Device
from denrei.accounts.models import Organization
from denrei.accounts.rights import Right
from denrei.web.console.door import entering
from denrei.web.console.door.forms import SignIn


@rights.needs(Right.OPEN)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Serve `/console/sign-in/`; `?organization=` says for which organization."""
    if request.method != "POST" and is_in(request):
        return redirect(onward(request))
    form = form_of(request)
    if form.is_valid():
        return entering.enter(request, form, onward(request)) or page(request, form)
    return page(request, form)


def page(request: HttpRequest, form: SignIn) -> HttpResponse:
    """Return the page, with the form as it was filled in."""
    context = {
        "form": form,
        "at_home": _known(request),
        "next": onward(request),
        "typed": resuming.kept(request.session) is not None,
        "signed_out": "signed-out" in request.GET and not form.is_bound,
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "console/door/sign_in.html", context, status=status)


def form_of(request: HttpRequest) -> SignIn:
    """Return the form, with what a link, this device or the person filled in."""
    given = request.POST if request.method == "POST" else None
    return SignIn(given, only=organizations.only(), known=_named(request))


def _named(request: HttpRequest) -> str:
    """Return the slug that a link or this device names, whether there is such or not."""
    device = Device.of(request)
    return request.GET.get("organization", "")[:63] or (device.organization if device else "")


def _known(request: HttpRequest) -> Organization | None:
    """Return the organization whose name the page may show."""
    slug = organizations.only() or _named(request)
    found = organizations.by_slug(slug) if slug else None
    if found is None:
        return None
    with tenancy.acting_for(found):
        return Organization.objects.get(pk=found)


def is_in(request: HttpRequest) -> bool:
    """Tell whether somebody is signed in; the gate does not ask on this page."""
    organization_id = request.session.get(sessions.ORGANIZATION)
    if organization_id is None:
        return False
    with tenancy.acting_for(organization_id):
        return request.user.is_authenticated


@rights.needs(Right.OPEN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Serve `/console/sign-out/`."""
    auth.logout(request)
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?signed-out")


@rights.needs(Right.OPEN)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Serve `/console/language/`: keep the choice in a cookie for a year."""
    response = redirect(onward(request))
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


def onward(request: HttpRequest) -> str:
    """Return where to go on; only an address of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return resuming.ours(request, asked) or resolve_url(settings.LOGIN_REDIRECT_URL)
