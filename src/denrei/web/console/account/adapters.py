"""What allauth asks of us: its stages of a sign-in, its words, the secrets of second factors."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts import sealing
from denrei.accounts.models import Operator
from denrei.web.console import asking
from denrei.web.console.account import again

_TOO_MANY = gettext_lazy("続けて誤りがありました。5分ほど待ってから、もう一度入力してください。")


class Accounts(DefaultAccountAdapter):
    """How operators sign in: our own page of the password, then the second factor, nothing else."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "incorrect_password": gettext_lazy(
            "パスワードが違います。大文字と小文字を確かめて、もう一度入力してください。"
        ),
    }

    def get_login_stages(self) -> list[str]:
        """Return what follows the password."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def reauthenticate(self, user: Operator, password: str) -> bool:
        """Tell whether the password is right; ACCOUNT_RATE_LIMITS holds back who guesses."""
        return user.check_password(password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for proof where the last one is old; the same rule as before a launch."""
        del app, kwargs  # allauth's signature
        return not again.recently_signed_in(context.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the list of sessions shows, too."""
        return asking.address_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages say what they did."""


class Factors(DefaultMFAAdapter):
    """How second factors are kept and named."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("コードが違います。最新のコードを入力してください。"),
        "cannot_generate_recovery_codes": gettext_lazy(
            "予備コードを作る前に、認証アプリかパスキーを登録してください。"
        ),
    }

    def get_totp_label(self, user: Operator) -> str:
        """Return what an authenticator app shows beside the code."""
        return user.login

    def get_totp_issuer(self) -> str:
        """Return under which heading an authenticator app lists the code."""
        return _("伝令 %(organization)s") % {
            "organization": asking.organization_of(context.request).name
        }

    def encrypt(self, text: str) -> str:
        """Seal a secret for the table."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret of the table; one that nobody can open any more fits no code."""
        try:
            return sealing.unseal(encrypted_text)
        except sealing.SealBrokenError:
            return str(generate_totp_secret())

    def generate_authenticator_name(self, user: Operator, type: str) -> str:  # noqa: A002  # allauth's
        """Return a name for a new passkey, where its owner gave none."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("パスキー%(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for which site a passkey is: the name in the browser's address bar, no port."""
        host = urlsplit(f"//{context.request.get_host()}").hostname
        return {"id": host or "", "name": _("伝令")}

    def get_public_key_credential_user_entity(self, user: Operator) -> dict[str, Any]:
        """Return how a browser lists a passkey among others."""
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.login, "display_name": user.name}
