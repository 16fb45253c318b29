"""Who asks: the operator and the organization of a request that passed the gate."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest

from denrei.accounts import addresses
from denrei.accounts.models import Operator, Organization


def operator_of(request: HttpRequest) -> Operator:
    """Return the signed-in operator; the gate let nobody else through."""
    operator = request.user
    assert isinstance(operator, Operator)
    return operator


def organization_of(request: HttpRequest) -> Organization:
    """Return the organization that the request acts for."""
    organization: object = getattr(request, "organization", None)
    assert isinstance(organization, Organization)
    return organization


def address_of(request: HttpRequest) -> str:
    """Return the IP address of the browser, as far as trusted proxies tell it."""
    return addresses.of(request)


def status_of_form(request: HttpRequest) -> HTTPStatus:
    """Return the status of a page with a form: one that a POST shows again was not carried out."""
    posted = request.method == "POST"
    return HTTPStatus.UNPROCESSABLE_ENTITY if posted else HTTPStatus.OK
