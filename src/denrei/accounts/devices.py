"""Devices on which an operator once signed in wholly, known again by a signed cookie (SMS-13).

What strangers do to a login does not lock it on its operator's own devices: those are counted
apart (`denrei.accounts.locking`). A new password makes every device a stranger again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from denrei.accounts.models import Operator
from denrei.accounts.rights import CONSOLE

COOKIE = "denrei_device"
#: Seconds for which a browser is known that nobody signs in with.
AGE = 180 * 24 * 3600
_SALT = "denrei.accounts.devices"
#: Operators who share a device; who signed in longest ago is forgotten first.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser: a key of its own, where it last signed in, and who did so on it."""

    #: Random, 16 hexadecimal digits.
    key: str
    #: The slug of the organization.
    organization: str = ""
    #: By the number of the operator: what his password was, as nobody can read it.
    operators: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """Return the device that a browser says it is; None for a stranger or a forged cookie."""
        try:
            stored = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=AGE)
            return cls(**stored)
        except (signing.BadSignature, TypeError):
            return None

    @property
    def latest(self) -> str:
        """Return the number of the operator who signed in here last; "" for nobody."""
        return next(reversed([*self.operators]), "")

    def knows(self, operator: Operator) -> bool:
        """Tell whether an operator signed in here with the password that he still has."""
        return constant_time_compare(self.operators.get(str(operator.pk), ""), _mark(operator))

    def remembering(self, operator: Operator, organization: str) -> Self:
        """Return the device after a sign-in."""
        others = {key: mark for key, mark in self.operators.items() if key != str(operator.pk)}
        kept = list(others.items())[1 - _MOST :]
        return type(self)(
            key=self.key,
            organization=organization,
            operators={**dict(kept), str(operator.pk): _mark(operator)},
        )

    def cookie(self) -> str:
        """Return what the browser keeps: signed, not secret."""
        return signing.dumps(
            {"key": self.key, "organization": self.organization, "operators": self.operators},
            salt=_SALT,
            compress=True,
        )


def remember(
    request: HttpRequest, response: HttpResponseBase, operator: Operator, organization: str
) -> None:
    """Let the browser of a signed-in operator be known as his; nothing where it is already.

    Asked at every page, so that it stays known after a new password or a new secret key.
    """
    device = Device.of(request) or Device(key=secrets.token_hex(8))
    is_his = (device.latest, device.organization) == (str(operator.pk), organization)
    if is_his and device.knows(operator):
        return
    response.set_cookie(
        COOKIE,
        device.remembering(operator, organization).cookie(),
        max_age=AGE,
        path=CONSOLE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(operator: Operator) -> str:
    return salted_hmac(_SALT, f"{operator.pk} {operator.password}", algorithm="sha256").hexdigest()[
        :32
    ]
