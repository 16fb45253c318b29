"""What the pages of the own account ask: ours to look at, allauth's to judge."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from denrei.web.console.account.adapters import Factors
from denrei.web.console.forms import Form, Line

#: Names of passkeys, in characters.
LONGEST_NAME = 40


_NO_PASSKEY = _(
    "パスキーを確認できませんでした。機器の画面の案内に従って、もう一度操作してください。"
)
#: What fido2 raises at data that no browser sends.
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, struct.error)


@contextmanager
def _judging() -> Iterator[None]:
    """Let whatever is wrong with a passkey be one fault, in words about passkeys."""
    try:
        yield
    except forms.ValidationError as error:
        if error.code != "incorrect_code":
            raise
        raise forms.ValidationError(_NO_PASSKEY, code=error.code) from error
    except _MALFORMED as error:
        raise forms.ValidationError(_NO_PASSKEY, code="incorrect_code") from error


class CodeField(forms.CharField):
    """Digits from an app or from paper; full-width ones and separators are taken, too."""

    def __init__(self, **kwargs: Any) -> None:
        attrs: dict[str, Any] = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "class": "in in--s in--num",
        }
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the digits alone: a code in groups is the same code."""
        typed = unicodedata.normalize("NFKC", str(super().to_python(value)))
        return "".join(letter for letter in typed if letter.isalnum())


class _Once(Form):
    """A code of an app counts once (RFC 6238, 5.2), also in the steps around its own."""

    def clean_code(self) -> str:
        """Return the code. ValidationError where it is wrong or was used."""
        code: str = super().clean_code()  # type: ignore[misc] # allauth's, mixed in below
        found = self.authenticator  # type: ignore[attr-defined] # allauth's
        if found.type == Authenticator.Type.TOTP and not _first_use(found, code):
            raise Factors().validation_error("incorrect_code")
        return code


def _first_use(authenticator: Authenticator, code: str) -> bool:
    steps = 2 * app_settings.TOTP_TOLERANCE + 1
    key = f"denrei.second_factor.used:{authenticator.pk}:{code}"
    return bool(cache.add(key, True, timeout=steps * app_settings.TOTP_PERIOD))


class SecondStep(_Once, AuthenticateForm):
    """The code at the door."""

    code = CodeField(
        label=_("確認コード"), help_text=_("認証アプリの6桁の数字、または予備コードの8桁の数字")
    )


class _Shown(Form):
    """A passkey that the browser shows us."""

    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        """Return whose it is. ValidationError where it is none of the operator's."""
        with _judging():
            return super().clean_credential()  # type: ignore[misc] # allauth's, mixed in below


class SecondStepByPasskey(_Shown, AuthenticateWebAuthnForm):
    """The passkey at the door."""


class ProofByPassword(Form, ReauthenticateForm):
    """The password of who is signed in."""

    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProofByCode(_Once, ReauthenticateByCodeForm):
    """A code of who is signed in."""

    code = CodeField(
        label=_("確認コード"), help_text=_("認証アプリの6桁の数字、または予備コードの8桁の数字")
    )


class ProofByPasskey(_Shown, ReauthenticateWebAuthnForm):
    """A passkey of who is signed in."""


class NewApp(Form, ActivateTOTPForm):
    """The first code of an authenticator app."""

    code = CodeField(label=_("確認コード"), help_text=_("認証アプリに表示された6桁の数字"))


class NewPasskey(Form, AddWebAuthnForm):
    """A passkey that the browser made, and how its owner calls it."""

    name = Line(
        limit=LONGEST_NAME,
        label=_("名前"),
        help_text=_("どの機器のパスキーか分かる名前。例：職場のパソコン、自分のスマートフォン"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": LONGEST_NAME}),
    )
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Return what was typed, and the passkey. ValidationError where the browser made none."""
        with _judging():
            if not self.cleaned_data.get("credential"):
                raise ValueError
            cleaned = super().clean()
            assert cleaned is not None
            return cleaned


class PasskeyName(Form, EditWebAuthnForm):
    """Another name for a passkey."""

    name = Line(limit=LONGEST_NAME, label=_("名前"))
