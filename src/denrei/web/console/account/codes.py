"""Recovery codes: the way in for who lost his phone, each good for once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from denrei.accounts import second_factor
from denrei.accounts.models import Operator, Organization
from denrei.accounts.second_factor import Event
from denrei.web.console import asking
from denrei.web.console.account.answers import Refusing


def grouped(code: str) -> str:
    """Return a code as paper shows it: two groups of four digits."""
    return f"{code[:4]} {code[4:]}"


def as_file(codes: Iterable[str], operator: Operator, organization: Organization) -> str:
    """Return the address of a text file that is the address itself: nothing stays with us."""
    head = _("伝令 %(organization)s 予備コード（利用者ID %(login)s）") % {
        "organization": organization.name,
        "login": operator.login,
    }
    note = _("1つのコードは1回だけ使えます。人の目に触れない所に保管してください。")
    return "data:text/plain;charset=utf-8," + quote("\r\n".join((head, note, "", *codes, "")))


class Show(ViewRecoveryCodesView):
    """Serve `/console/account/codes/`: the codes, once; afterwards how many are left."""

    template_name = "console/account/codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the codes as paper shows them."""
        found = super().get_context_data(**kwargs)
        codes = [grouped(code) for code in found["unused_codes"]]
        operator, organization = (
            asking.operator_of(self.request),
            asking.organization_of(self.request),
        )
        return {**found, "codes": codes, "file": as_file(codes, operator, organization)}


class Renew(Refusing, GenerateRecoveryCodesView):
    """Serve `/console/account/codes/renew/`."""

    template_name = "console/account/codes_renew.html"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Replace the codes and record it."""
        response: HttpResponse = super().form_valid(form)
        operator = asking.operator_of(self.request)
        second_factor.record(Event.RENEWED, operator, operator)
        messages.success(self.request, _("予備コードを新しくしました。前のコードは使えません。"))
        return response
