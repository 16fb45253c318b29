"""Signing in again: whoever sits at an open desk is not the operator yet (OPS-4).

A launch where the organization asks for it, and every change of a second factor, want proof (a
password, a code, a passkey) that is younger than `settings.ACCOUNT_REAUTHENTICATION_TIMEOUT`.
"""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode


def recently_signed_in(request: HttpRequest, now: float | None = None) -> bool:
    """Tell whether the operator proved himself lately, at the door or since; `now` in seconds."""
    proofs = get_authentication_records(request, request.user)
    if not proofs:
        return False
    age = (time.time() if now is None else now) - proofs[-1]["at"]
    return bool(age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def sign_in_again_address(request: HttpRequest, next: str = "") -> str:  # noqa: A002  # Django's word
    """Return where the operator proves himself and is led on to `next`, by default to this page."""
    query = urlencode({"next": next or request.get_full_path()})
    return f"{reverse('account_reauthenticate')}?{query}"
