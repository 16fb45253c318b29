"""What tests of the door do again and again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpResponse
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization
from tests.web.console.conftest import PASSWORD

SIGN_IN = "/console/sign-in/"


def sign_in(
    client: Client, login: str, password: str = PASSWORD, organization: str = "city", **extra: Any
) -> HttpResponse:
    """Fill in the page and send it."""
    given = {"organization": organization, "login": login, "password": password}
    response: HttpResponse = client.post(SIGN_IN, {**given, **extra})
    return response


def fail(client: Client, login: str, times: int = 5, organization: str = "city") -> HttpResponse:
    """Give wrong passwords; return the last answer."""
    for _ in range(times):
        response = sign_in(client, login, "wrong", organization)
    return response


def is_in(client: Client) -> bool:
    """Tell whether a browser is signed in."""
    return client.get("/console/").status_code == 200


def acts(organization: Organization) -> list[tuple[str, str]]:
    """Return (action, name of who acted) of the trail, oldest first."""
    with tenancy.acting_for(organization.pk):
        return list(AuditEntry.objects.order_by("id").values_list("action", "actor_name"))


class CountedHasher(Argon2PasswordHasher):
    """Argon2 that counts how often it worked: what takes time in a sign-in."""

    worked = 0

    def encode(self, password: str, salt: str) -> str:
        """Count, and work."""
        type(self).worked += 1
        return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Count, and work."""
        type(self).worked += 1
        return bool(super().verify(password, encoded))
