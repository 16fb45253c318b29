"""From the filled-in sign-in form to a signed-in browser, or to the second factor."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import auth
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from denrei.accounts import addresses, devices, networks, organizations, resuming, sessions, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.accounts.preferences import Preferences
from denrei.web.console.door.forms import SignIn

_WRONG = _(
    "入力した内容のいずれかが違います。利用者IDとパスワードを確かめて、もう一度入力してください。"
)
_WRONG_OF_SEVERAL = _(
    "入力した内容のいずれかが違います。"
    "団体ID、利用者ID、パスワードを確かめて、もう一度入力してください。"
)


def enter(request: HttpRequest, form: SignIn, onward: str) -> HttpResponseBase | None:
    """Answer a filled-in form; None where it is wrong: then the form says so.

    What is wrong it does not say, and each way to be wrong takes one check of a password.
    """
    found = organizations.by_slug(form.slug())
    if found is None:
        make_password(form.cleaned_data["password"])
        return _blame(form)
    with tenancy.acting_for(found):
        organization = Organization.objects.get(pk=found)
        request.organization = organization  # type: ignore[attr-defined] # as the gate does
        address = addresses.of(request)
        if not networks.allowed(address, Preferences.of(organization).sign_in_networks):
            return _outside(request, organization, address)
        asked = form.cleaned_data
        operator = auth.authenticate(request, login=asked["login"], password=asked["password"])
        if operator is None:
            return _blame(form)
        response = _go_on(request, operator, onward)
        if request.user.is_authenticated:
            devices.remember(request, response, operator, organization.slug)
        return response


def _blame(form: SignIn) -> HttpResponseBase | None:
    form.add_error(None, _WRONG_OF_SEVERAL if "organization" in form.fields else _WRONG)
    return None


def _outside(request: HttpRequest, organization: Organization, address: str) -> HttpResponse:
    context = {"address": address, "at_home": organization}
    return render(request, "console/outside.html", context, status=HTTPStatus.FORBIDDEN)


def _go_on(request: HttpRequest, operator: Operator, onward: str) -> HttpResponseBase:
    """Go through the stages of the sign-in; a session of somebody else ends here.

    The gate acts for the organization from now on, but nobody is signed in before the last stage.
    """
    if sessions.OPERATOR in request.session:
        request.session.flush()
    request.session.cycle_key()
    request.session[sessions.ORGANIZATION] = operator.organization_id
    typed = resuming.kept_for(request.session, operator) is not None
    login = Login(user=operator, redirect_url=reverse("console:resume") if typed else onward)
    response: HttpResponseBase = perform_password_login(
        request, {"username": operator.login}, login
    )
    return response
