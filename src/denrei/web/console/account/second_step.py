"""The second step at the door: `/console/sign-in/second-factor/`."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator

from denrei.accounts.models import Operator
from denrei.web.console.account import passkeys
from denrei.web.console.account.answers import Proving
from denrei.web.console.account.forms import SecondStep, SecondStepByPasskey


class Ask(Proving, AuthenticateView):
    """Ask who gave the right password for a code or a passkey."""

    form_class = SecondStep
    webauthn_form_class = SecondStepByPasskey
    template_name = "console/account/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the operator has, and whether passkeys work at this address."""
        kinds = set(
            Authenticator.objects.filter(user_id=self.owner().pk).values_list("type", flat=True)
        )
        return {
            **super().get_context_data(**kwargs),
            "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
            "has_app": Authenticator.Type.TOTP in kinds,
            "place": passkeys.place_of(self.request),
        }

    def owner(self) -> Operator:
        """Return whose sign-in waits."""
        operator = self.stage.login.user
        assert isinstance(operator, Operator)
        return operator
