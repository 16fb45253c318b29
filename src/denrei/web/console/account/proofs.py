"""Signing in again by password, by code, by passkey: `/console/account/again/`."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView

from denrei.accounts.models import Operator
from denrei.web.console import asking
from denrei.web.console.account import passkeys
from denrei.web.console.account.answers import Proving, Refusing
from denrei.web.console.account.forms import ProofByCode, ProofByPasskey, ProofByPassword


class ByPassword(Refusing, ReauthenticateView):
    """Ask for the password."""

    form_class = ProofByPassword
    template_name = "console/account/again.html"


class _BySecondFactor(Proving):
    def owner(self) -> Operator:
        return asking.operator_of(self.request)


class ByCode(_BySecondFactor, ReauthenticateByCodeView):
    """Ask for a code."""

    form_class = ProofByCode
    template_name = "console/account/again.html"


class ByPasskey(_BySecondFactor, ReauthenticateWebAuthnView):
    """Ask for a passkey."""

    form_class = ProofByPasskey
    template_name = "console/account/again_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether passkeys work at this address."""
        return {
            **super().get_context_data(**kwargs),
            **kwargs,
            "place": passkeys.place_of(self.request),
        }
