"""What several tests do with second factors: computing codes, setting one up, growing old."""

from __future__ import annotations

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization
from tests.web.console.conftest import PASSWORD


def code_of(secret: str, ahead: int = 0) -> str:
    """Return the code that an app shows now, or some steps of 30 seconds ahead."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def set_up_app(client: Client) -> str:
    """Set an authenticator app up by the pages; return its secret."""
    secret: str = client.get("/console/account/app/").context["form"].secret
    response = client.post("/console/account/app/", {"code": code_of(secret)})
    assert (302, "/console/account/codes/") == (response.status_code, response["Location"])
    return secret


def give_password(organization: Organization, operator: Operator) -> Client:
    """Return a browser in which the password was given, and nothing more."""
    client = Client()
    given = {"organization": organization.slug, "login": operator.login, "password": PASSWORD}
    response = client.post("/console/sign-in/", given)
    assert 302 == response.status_code, response.content.decode()
    return client


def let_time_pass(client: Client) -> None:
    """Let the last proof of a browser be older than what counts as recent."""
    session = client.session
    for proof in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        proof["at"] -= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    session.save()


def acts(organization: Organization, prefix: str) -> list[str]:
    """Tell which acts the audit trail holds, oldest first."""
    with tenancy.acting_for(organization.pk):
        found = AuditEntry.objects.filter(action__startswith=prefix).order_by("pk")
        return list(found.values_list("action", flat=True))
