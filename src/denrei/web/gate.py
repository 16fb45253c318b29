"""The gate of all pages: for which organization a request acts, and whether its operator may.

Each request to the console by a signed-in browser is one transaction that sees the rows of one
organization; an answer of 500 takes it back. A view that declared no need is refused to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from denrei.accounts import rights, sessions, tenancy
from denrei.accounts.models import Organization
from denrei.accounts.rights import CONSOLE, Need, Right

_OWN = Need(read=Right.OWN, write=Right.OWN)
_OPEN = Need(read=Right.OPEN, write=Right.OPEN)
#: Views of other applications, by the names of their addresses; ours declare by `rights.needs`.
DECLARED: Mapping[str, Need] = {}

Answer = Callable[[HttpRequest], HttpResponseBase]


class Gate:
    """Let a request act for the organization of its session; ask each view for its need."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within the organization's transaction."""
        request.organization = None  # type: ignore[attr-defined] # ours
        if not request.path_info.startswith(CONSOLE):
            return self._get_response(request)
        with translation.override(_language(request)):
            organization_id = request.session.get(sessions.ORGANIZATION)
            if organization_id is None:
                return self._get_response(request)
            with tenancy.acting_for(organization_id):
                organization = Organization.objects.get(pk=organization_id)
                request.organization = organization  # type: ignore[attr-defined] # ours
                with timezone.override(ZoneInfo(organization.time_zone)):
                    response = self._get_response(request)
                if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    transaction.set_rollback(True)
                return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse who may not; None lets the view answer."""
        del args, kwargs  # Django's signature
        need = need_of(request, view)
        if need is None:
            raise ImproperlyConfigured(f"{request.path_info} declares no right")
        right = need.of(request.method or "")
        if right is Right.OPEN:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not rights.may(request.user, right):
            return render(request, "console/refused.html", status=HTTPStatus.FORBIDDEN)
        return None


def need_of(request: HttpRequest, view: Callable[..., Any]) -> Need | None:
    """Return what a view asks for; None where nobody declared it."""
    match = request.resolver_match
    return rights.need_of(view) or (DECLARED.get(match.view_name) if match else None)


def _language(request: HttpRequest) -> str:
    """Return the language that the operator chose; Japanese unless he did (ALL-6)."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    address = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
