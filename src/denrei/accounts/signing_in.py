"""Who signs in: the operator of one organization with this login and password (SMS-13)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from denrei.accounts import addresses, audit, locking, sessions
from denrei.accounts.devices import Device
from denrei.accounts.models import Operator, Organization


class Backend(BaseBackend):
    """Django's way to ask; the transaction must act for the organization."""

    def authenticate(
        self,
        request: HttpRequest | None,
        *,
        login: str = "",
        password: str = "",
        **credentials: Any,
    ) -> Operator | None:
        """Return the operator, None where login or password is wrong; both take the same time."""
        del request, credentials  # Django's signature
        operator = _operator(login)
        if operator is None:
            make_password(password)
            return None
        return operator if operator.check_password(password) else None

    def get_user(self, user_id: int) -> Operator | None:
        """Return the operator of a session, None where he may not work any more."""
        return Operator.objects.active().select_related("unit").filter(pk=user_id).first()


def counted_as(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str | None:
    """Tell axes under which name a sign-in is counted (AXES_USERNAME_CALLABLE).

    By the operator's own login, so that each way to write it counts. None outside an organization,
    where nothing can be counted.
    """
    organization: Organization | None = getattr(request, "organization", None)
    login = (credentials or {}).get("login")
    if organization is None or not login:
        return None
    operator = _operator(login)
    if operator is None:
        return locking.name_of(organization.slug, login)
    device = Device.of(request)
    known = device.key if device and device.knows(operator) else ""
    return locking.name_of(organization.slug, operator.login, known)


def _operator(login: str) -> Operator | None:
    """Return who has a login, in whatever case; a login typed exactly goes before."""
    found = Operator.objects.active().filter(login__iexact=login)
    return min(found, key=lambda operator: operator.login != login, default=None)


def on_lock(request: HttpRequest, username: str | None, **signal: Any) -> None:
    """Let a lock begin, at the failure that was one too many (`axes.signals.user_locked_out`).

    axes sends the signal at every attempt while the lock lasts, too; then it counted nothing.
    """
    del signal
    asked: Any = request
    if username is not None and asked.axes_failures_since_start is not None:
        operator = _operator(asked.axes_credentials["login"])
        locking.begin(username, operator, asked.axes_attempt_time)


def on_sign_in(request: HttpRequest, user: Operator, **signal: Any) -> None:
    """Note who signed in from where, when all that was asked of him is given.

    Django's `user_logged_in`; whatever way led there.
    """
    del signal
    address, device = addresses.of(request), request.headers.get("User-Agent", "")[:300]
    request.session.set_expiry(None)
    request.session[sessions.ORGANIZATION] = user.organization_id
    request.session[sessions.ADDRESS], request.session[sessions.DEVICE] = address, device
    request.session[sessions.SEEN] = int(time.time())
    sessions.SessionStore.clear_expired()
    name = counted_as(request, {"login": user.login})
    if name is not None:
        locking.forget(name)
    audit.record(
        user.organization_id,
        "operator.signed_in",
        user,
        user,
        after={"address": address, "device": device},
    )


def on_sign_out(request: HttpRequest, user: Operator | None, **signal: Any) -> None:
    """Note who signed out (Django's `user_logged_out`)."""
    del signal
    if user is not None:
        after = {"address": addresses.of(request)}
        audit.record(user.organization_id, "operator.signed_out", user, user, after=after)
