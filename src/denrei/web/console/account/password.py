"""Changing one's own password: `/console/account/password/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from denrei.accounts import own_account, resuming, rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.web.console import asking
from denrei.web.console.account.adapters import Accounts
from denrei.web.console.forms import Form

#: What the validators of Django find, in our words.
_WORDS: Mapping[str | None, Any] = {
    "password_too_short": gettext_lazy("短すぎます。%(min_length)d文字以上にしてください。"),
    "password_too_common": gettext_lazy(
        "よく使われるパスワードです。推測されにくいものにしてください。"
    ),
    "password_too_similar": gettext_lazy(
        "利用者ID、氏名、メールアドレスに似ています。別のものにしてください。"
    ),
}


def _field(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, help_text=help_text, strip=False, widget=widget)


class Change(Form):
    """The password of now, the next one, and the next one again."""

    present_password = _field(gettext_lazy("いまのパスワード"), "current-password")
    new_password = _field(
        gettext_lazy("新しいパスワード"),
        "new-password",
        gettext_lazy("10文字以上。利用者IDや氏名に似たもの、よく使われるものは使えません。"),
    )
    new_password_again = _field(gettext_lazy("新しいパスワード（確認）"), "new-password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        self.operator: Operator = asking.operator_of(request)
        self.was_initial = self.operator.password_is_initial
        super().__init__(*args, **kwargs)

    def clean_present_password(self) -> str:
        """Return the password of now. ValidationError where it is wrong or was guessed too often."""
        present: str = self.cleaned_data["present_password"]
        if not ratelimit.consume(self.request, action="change_password", user=self.operator):
            raise Accounts().validation_error("rate_limited")
        if not self.operator.check_password(present):
            raise Accounts().validation_error("incorrect_password")
        return present

    def clean_new_password(self) -> str:
        """Return the next password. ValidationError with what the validators of Django say."""
        wanted: str = self.cleaned_data["new_password"]
        _judge(wanted, self.operator)
        if wanted == self.cleaned_data.get("present_password"):
            raise ValidationError(_("いまのパスワードと違うものを入力してください。"))
        return wanted

    def clean_new_password_again(self) -> str:
        """Return it again. ValidationError where the two differ."""
        repeated: str = self.cleaned_data["new_password_again"]
        if repeated != self.data.get("new_password"):
            raise ValidationError(_("新しいパスワードと同じものを入力してください。"))
        return repeated


def _judge(password: str, operator: Operator) -> None:
    try:
        password_validation.validate_password(password, operator)
    except ValidationError as error:
        raise ValidationError(
            [
                ValidationError(_WORDS.get(fault.code, fault.message), params=fault.params)
                for fault in error.error_list
            ]
        ) from error


@rights.needs(Right.OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Show the form, or change the password and sign out all other browsers."""
    if resuming.RESUMED in request.POST:  # not judged: see answers.Refusing
        return redirect("console:password")
    form = Change(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        _keep(request, form)
        return redirect(settings.LOGIN_REDIRECT_URL if form.was_initial else "console:account")
    status = 422 if form.errors else 200
    return render(request, "console/account/password.html", {"form": form}, status=status)


def _keep(request: HttpRequest, form: Change) -> None:
    operator = form.operator
    own_account.change_password(operator, form.cleaned_data["new_password"])
    auth.update_session_auth_hash(request, operator)
    ended = own_account.end_other_sessions(operator, request.session.session_key or "")
    messages.success(
        request,
        _("パスワードを変更し、ほかの%(count)d件のサインインを終了しました。") % {"count": ended}
        if ended
        else _("パスワードを変更しました。"),
    )
