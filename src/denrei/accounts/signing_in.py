"""Who signs in: the operator of one organization with this login and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from denrei.accounts.models import Operator


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
        operator = Operator.objects.active().filter(login=login).first()
        if operator is None:
            make_password(password)
            return None
        return operator if operator.check_password(password) else None

    def get_user(self, user_id: int) -> Operator | None:
        """Return the operator of a session, None where he may not work any more."""
        return Operator.objects.active().select_related("unit").filter(pk=user_id).first()
