"""What an operator has to do before all else: his own password, and a second factor (SMS-13, OPS-4)."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from denrei.accounts import resuming, second_factor
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right


class Duty(StrEnum):
    """What is due; the value names the address where it is done."""

    #: Somebody else gave the password.
    PASSWORD = "console:password"  # noqa: S105  # an address
    #: The organization asks for a second factor, and there is none.
    SECOND_FACTOR = "mfa_index"


def due(operator: Operator, organization: Organization) -> Duty | None:
    """Tell what an operator has to do first; None where he may work."""
    if operator.password_is_initial:
        return Duty.PASSWORD
    if second_factor.is_missing(operator, organization):
        return Duty.SECOND_FACTOR
    return None


def lead(request: HttpRequest, right: Right) -> HttpResponse | None:
    """Lead a signed-in operator to his duty; his own account he may use at any time."""
    if right is Right.OWN:
        return None
    found = due(request.user, request.organization)  # type: ignore[arg-type,attr-defined] # ours
    if found is None:
        return None
    return resuming.go(request, resolve_url(found.value))
