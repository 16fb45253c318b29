"""What the sign-in page asks."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denrei.web.console.forms import Form, Line

_NO_HELP = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SignIn(Form):
    """Organization, login and password; the organization only where there are several."""

    organization = Line(
        limit=63,
        label=_("団体ID"),
        widget=forms.TextInput(attrs={"autocomplete": "organization", **_NO_HELP}),
    )
    login = Line(
        limit=100,
        label=_("利用者ID"),
        widget=forms.TextInput(attrs={"autocomplete": "username", **_NO_HELP}),
    )
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        max_length=1000,
        error_messages={"max_length": _("パスワードが長すぎます。確かめて入力し直してください。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, only: str | None, known: str = "", **kwargs: Any) -> None:
        """`only` is the slug of the only organization, `known` the one that is probably meant."""
        super().__init__(*args, **kwargs)
        self._only = only
        if only is not None:
            del self.fields["organization"]
        self.initial.setdefault("organization", known)
        for field in self.fields.values():
            field.widget.attrs.pop("data-limit", None)  # nobody counts the characters of a name
        self.fields[self._first()].widget.attrs["autofocus"] = True

    def _first(self) -> str:
        """Return the field at which to begin typing."""
        if self.is_bound and self.data.get("login"):
            return "password"
        unknown = "organization" in self.fields and not self.initial["organization"]
        return "organization" if unknown and not self.data.get("organization") else "login"

    def slug(self) -> str:
        """Return the organization, as its slug is written."""
        if self._only is not None:
            return self._only
        return unicodedata.normalize("NFKC", self.cleaned_data["organization"]).lower()
