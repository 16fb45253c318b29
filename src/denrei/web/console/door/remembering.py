"""Giving a browser the cookie by which it is a known device from now on."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from denrei.accounts import devices
from denrei.accounts.devices import Device
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import CONSOLE


def on_sign_in(request: HttpRequest, response: HttpResponse, user: Operator, **signal: Any) -> None:
    """Remember the operator after all stages of the sign-in (allauth's `user_logged_in`)."""
    del signal
    organization: Organization = request.organization  # type: ignore[attr-defined] # ours
    remember(request, response, user, organization.slug)


def remember(
    request: HttpRequest, response: HttpResponse, operator: Operator, organization: str
) -> None:
    """Set the cookie; also after a new password, which made all devices strangers."""
    device = Device.of(request) or Device(key=secrets.token_hex(8))
    response.set_cookie(
        devices.COOKIE,
        device.remembering(operator, organization).cookie(),
        max_age=devices.AGE,
        path=CONSOLE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
