"""The gate of all pages: for which organization a request acts, and whether its operator may.

Each request to the console by a signed-in browser is one transaction that sees the rows of one
organization; an answer of 500 takes it back. A view that declared no need is refused to everybody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from denrei.accounts import (
    addresses,
    devices,
    duties,
    networks,
    resuming,
    rights,
    sessions,
    tenancy,
)
from denrei.accounts.models import Organization
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import CONSOLE, Need, Right

_OWN = Need(read=Right.OWN, write=Right.OWN)
_OPEN = Need(read=Right.OPEN, write=Right.OPEN)
#: Views of other applications, by the names of their addresses; ours declare by `rights.needs`.
DECLARED: Mapping[str, Need] = {}
_COME_BACK = gettext_lazy(
    "サインインし直しました。入力した内容はそのままです。確認して、もう一度保存してください。"
)
_NOT_DONE = gettext_lazy(
    "サインインし直しました。操作はまだ行われていません。もう一度操作してください。"
)

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
            # who signs in says himself for which organization, maybe another one than before
            if organization_id is None or request.path == resolve_url(settings.LOGIN_URL):
                return self._get_response(request)
            with tenancy.acting_for(organization_id):
                return self._act(request, Organization.objects.get(pk=organization_id))

    def _act(self, request: HttpRequest, organization: Organization) -> HttpResponseBase:
        request.organization = organization  # type: ignore[attr-defined] # ours
        if not resuming.is_background(request):
            sessions.note_use(request.session, time.time())
        with timezone.override(ZoneInfo(organization.time_zone)):
            response = self._get_response(request)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            transaction.set_rollback(True)
            return response
        if not request.user.is_authenticated:  # or not any more: a sign-out is not taken back
            return response
        devices.remember(request, response, request.user, organization.slug)
        if request.method == "POST" and resuming.RESUMED in request.POST:
            return _only_shown(request, response)
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
            return resuming.lead_to_sign_in(request)
        if not rights.may(request.user, right):
            return render(request, "console/refused.html", status=HTTPStatus.FORBIDDEN)
        refusal = _from_elsewhere(request, right) or duties.lead(request, right)
        if refusal is None and request.method == "POST" and resuming.RESUMED in request.POST:
            messages.info(request, _COME_BACK)
        return refusal


def _from_elsewhere(request: HttpRequest, right: Right) -> HttpResponse | None:
    """Refuse who comes from outside of the organization's networks; his own account is his."""
    address = addresses.of(request)
    organization: Organization = request.organization  # type: ignore[attr-defined] # ours
    preferences = Preferences.of(organization)
    changes = right is not Right.OWN and request.method not in rights.SAFE_METHODS
    if not networks.allowed(address, preferences.sign_in_networks):
        context = {"address": address, "at_home": organization}
        return render(request, "console/outside.html", context, status=HTTPStatus.FORBIDDEN)
    if changes and not networks.allowed(address, preferences.change_networks):
        context = {"address": address}
        return render(request, "console/outside_changes.html", context, status=HTTPStatus.FORBIDDEN)
    return None


def _only_shown(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Take back whatever a form did that comes a second time: it is looked at first.

    Where a view leads elsewhere it did something: there was nothing to look at but a button.
    """
    transaction.set_rollback(True)
    shown = response.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)
    if response.status_code >= HTTPStatus.BAD_REQUEST and not shown:
        return response
    resuming.forget(request.session)
    if shown:
        return response
    list(messages.get_messages(request))  # what the view said it did
    messages.warning(request, _NOT_DONE)
    page = resuming.ours(request, request.POST[resuming.RESUMED])
    return redirect(page or settings.LOGIN_REDIRECT_URL)


def need_of(request: HttpRequest, view: Callable[..., Any]) -> Need | None:
    """Return what a view asks for; None where nobody declared it."""
    match = request.resolver_match
    return rights.need_of(view) or (DECLARED.get(match.view_name) if match else None)


def _language(request: HttpRequest) -> str:
    """Return the language that the operator chose; Japanese unless he did (ALL-6)."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
