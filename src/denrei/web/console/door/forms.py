"""What the sign-in page asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from denrei.web.console.forms import Form, Line


class SignIn(Form):
    """Organization, login and password."""

    organization = Line(limit=63, label=_("団体ID"))
    login = Line(
        limit=100,
        label=_("利用者ID"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
