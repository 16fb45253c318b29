"""The authenticator app: a code of six digits that changes every 30 seconds (RFC 6238)."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import qrcode
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from denrei.accounts import second_factor
from denrei.accounts.second_factor import Event
from denrei.web.console import asking
from denrei.web.console.account.answers import Refusing, record_added
from denrei.web.console.account.forms import NewApp

_KIND = Authenticator.Type.TOTP.value


def qr_path(text: str) -> tuple[int, str]:
    """Return the side of a QR code in modules, margin included, and its dark parts as an SVG path."""
    code = qrcode.QRCode(border=4)  # ISO/IEC 18004: four modules of white around it
    code.add_data(text)
    rows = code.get_matrix()
    dark = (
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return len(rows), "".join(dark)


class Activate(Refusing, ActivateTOTPView):
    """Serve `/console/account/app/`."""

    form_class = NewApp
    template_name = "console/account/app_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the QR code as the page draws it, and the key as people copy it."""
        found = super().get_context_data(**kwargs)
        side, path = qr_path(found["totp_url"])
        key = " ".join(wrap(found["form"].secret, 4))
        return {**found, "qr_side": side, "qr_path": path, "key": key}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Keep the app and record it."""
        response: HttpResponse = super().form_valid(form)
        operator = asking.operator_of(self.request)
        record_added(operator, self.did_generate_recovery_codes, kind=_KIND)
        messages.success(self.request, _("認証アプリを登録しました。"))
        return response


class Deactivate(Refusing, DeactivateTOTPView):
    """Serve `/console/account/app/remove/`."""

    template_name = "console/account/app_remove.html"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Record that the app goes, and remove it."""
        operator = asking.operator_of(self.request)
        second_factor.record(Event.REMOVED, operator, operator, kind=_KIND)
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("認証アプリを外しました。"))
        return response
