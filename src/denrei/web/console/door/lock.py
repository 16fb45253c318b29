"""The page of a sign-in that is locked (SMS-13)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from denrei.accounts import locking, signing_in, tenancy
from denrei.accounts.models import Organization


def page(
    request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """Say until when, and whom to ask (AXES_LOCKOUT_CALLABLE), instead of what the view said.

    Whether there is such an operator the page does not tell: any login locks.
    """
    del response  # the signature of axes
    organization: Organization = request.organization  # type: ignore[attr-defined] # ours
    now = timezone.now()
    with tenancy.acting_for(organization.pk), timezone.override(ZoneInfo(organization.time_zone)):
        name = signing_in.counted_as(request, credentials)
        end = locking.end_of(name, now) if name else None
        context = {
            "at_home": organization,
            "until": end or now,
            "failures": settings.AXES_FAILURE_LIMIT,
            "signed_in": request.user.is_authenticated,
        }
        seconds = int(((end or now) - now).total_seconds()) + 1
        status = HTTPStatus.TOO_MANY_REQUESTS
        locked = render(request, "console/door/locked.html", context, status=status)
        locked.headers["Retry-After"] = str(seconds)
        return locked
