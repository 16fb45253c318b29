"""Passkeys: where they work, and adding, renaming and removing them (W3C, Web Authentication)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from denrei.accounts import second_factor
from denrei.accounts.second_factor import Event
from denrei.web.console import asking
from denrei.web.console.account.answers import Refusing, record_added
from denrei.web.console.account.forms import NewPasskey, PasskeyName


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The address at which a browser found us, as passkeys see it."""

    #: `https://denrei.example`, no path.
    address: str
    #: Browsers offer passkeys to names under https and to localhost, never to bare IP addresses.
    works: bool
    #: The same page where they do work, on the computer itself; "" where there is none.
    instead: str


def place_of(request: HttpRequest) -> Place:
    """Return where the browser of a request is, as far as we can know behind a proxy."""
    scheme = "https" if _is_https(request) else "http"
    host = urlsplit(f"//{request.get_host()}")
    name = host.hostname or ""
    is_loopback = _is_ip(name) and ipaddress.ip_address(name).is_loopback
    port = f":{host.port}" if host.port else ""
    return Place(
        address=f"{scheme}://{request.get_host()}",
        works=_is_localhost(name) or (scheme == "https" and not _is_ip(name)),
        instead=f"{scheme}://localhost{port}{request.get_full_path()}" if is_loopback else "",
    )


def _is_https(request: HttpRequest) -> bool:
    return request.is_secure() or f"https://{request.get_host()}" == settings.PUBLIC_URL


def _is_localhost(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Add(Refusing, AddWebAuthnView):
    """Serve `/console/account/passkeys/add/`."""

    form_class = NewPasskey
    template_name = "console/account/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether passkeys work at this address."""
        return {**super().get_context_data(), **kwargs, "place": place_of(self.request)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Keep the passkey and record it."""
        response: HttpResponse = super().form_valid(form)
        operator, name = asking.operator_of(self.request), form.cleaned_data["name"]
        kind = Authenticator.Type.WEBAUTHN.value
        record_added(operator, self.did_generate_recovery_codes, kind=kind, name=name)
        messages.success(self.request, _("パスキー「%(name)s」を登録しました。") % {"name": name})
        return response


class Rename(Refusing, EditWebAuthnView):
    """Serve `/console/account/passkeys/ID/rename/`."""

    form_class = PasskeyName
    template_name = "console/account/passkey_rename.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Keep the name and record it."""
        response: HttpResponse = super().form_valid(form)
        operator, name = asking.operator_of(self.request), form.cleaned_data["name"]
        second_factor.record(Event.RENAMED, operator, operator, name=name)
        messages.success(
            self.request, _("パスキーの名前を「%(name)s」に変えました。") % {"name": name}
        )
        return response


class Remove(RemoveWebAuthnView):
    """Serve `/console/account/passkeys/ID/remove/`."""

    template_name = "console/account/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Record which passkey goes, and remove it."""
        operator, gone = asking.operator_of(self.request), self.object.wrap().name
        second_factor.record(Event.REMOVED, operator, operator, **second_factor.facts(self.object))
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("パスキー「%(name)s」を外しました。") % {"name": gone})
        return response
