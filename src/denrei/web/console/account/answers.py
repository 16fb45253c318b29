"""What our views add to those of allauth: the status of a refused form, and the audit trail."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from denrei.accounts import resuming, second_factor
from denrei.accounts.models import Operator
from denrei.accounts.second_factor import Event


class Refusing(TemplateResponseMixin, ContextMixin, View):
    """A form that isn't right is shown again with status 422.

    A form that comes a second time (`resuming`) is not judged at all: the gate takes back what it
    did, the count of wrong guesses too, and whoever guesses would learn what is right for nothing.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; a form that comes a second time begins anew."""
        if resuming.RESUMED in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Return the page again."""
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


class Proving(Refusing):
    """A code or a passkey is judged: right ones and wrong ones are recorded."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Record which factor was used and go on."""
        used = proof_of(form)
        second_factor.record(Event.USED, used.user, used.user, **second_factor.facts(used))
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc] # allauth's
        second_factor.reseal(used.user)
        return response

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Record a wrong one; who is held back by the limit is not recorded again and again."""
        if any(form.has_error(field, "incorrect_code") for field in ("code", "credential")):
            owner = self.owner()
            second_factor.record(Event.REFUSED, owner, owner)
        return super().form_invalid(form)

    def owner(self) -> Operator:
        """Return whose factor is asked for."""
        raise NotImplementedError


def record_added(operator: Operator, with_codes: bool, **facts: object) -> None:
    """Record a new factor, and the recovery codes that came with the first one."""
    second_factor.record(Event.ADDED, operator, operator, **facts)
    if with_codes:
        kind = Authenticator.Type.RECOVERY_CODES.value
        second_factor.record(Event.ADDED, operator, operator, kind=kind)


def proof_of(form: Any) -> Authenticator:
    """Return the factor that a valid form proved."""
    return form.cleaned_data.get("credential") or form.authenticator
