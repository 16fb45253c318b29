"""Addresses that allauth looks for by its own names, each declaring its need.

They stand outside the namespace of the console; what is not named here (sign-up, e-mail addresses,
signing in without a password) is not served.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import path
from django.views.generic import RedirectView, View

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.web.console.account import codes, factors, passkeys, proofs, second_step, totp


def _own(view: type[View]) -> Callable[..., Any]:
    return rights.needs(Right.OWN)(view.as_view())


def _open(view: Callable[..., Any]) -> Callable[..., Any]:
    return rights.needs(Right.OPEN)(view)


urlpatterns = [
    path(
        "account/sign-in/",
        _open(RedirectView.as_view(pattern_name="console:sign-in", query_string=True)),
        name="account_login",
    ),
    path("sign-in/second-factor/", _open(second_step.Ask.as_view()), name="mfa_authenticate"),
    path("account/again/", _own(proofs.ByPassword), name="account_reauthenticate"),
    path("account/again/code/", _own(proofs.ByCode), name="mfa_reauthenticate"),
    path("account/again/passkey/", _own(proofs.ByPasskey), name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/", factors.show, name="mfa_index"),
    path("account/app/", _own(totp.Activate), name="mfa_activate_totp"),
    path("account/app/remove/", _own(totp.Deactivate), name="mfa_deactivate_totp"),
    path("account/codes/", _own(codes.Show), name="mfa_view_recovery_codes"),
    path("account/codes/renew/", _own(codes.Renew), name="mfa_generate_recovery_codes"),
    path("account/passkeys/add/", _own(passkeys.Add), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/rename/", _own(passkeys.Rename), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", _own(passkeys.Remove), name="mfa_remove_webauthn"),
]
