"""Between the right password and the second factor nobody is signed in."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from denrei.accounts import sealing, sessions, tenancy
from denrei.accounts.models import Operator, Organization, Session
from tests.web.console.conftest import hire
from tests.web.console.door.signing import acts, fail, is_in, sign_in

pytestmark = pytest.mark.spec("SMS-13")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def admin(city: Organization) -> Operator:
    """An administrator with an authenticator app."""
    made = hire(city, "admin")
    with tenancy.acting_for(city.pk):
        Authenticator.objects.create(
            user=made, type=Authenticator.Type.TOTP, data={"secret": sealing.seal(SECRET)}
        )
    return made


def code() -> str:
    """Return what the app shows now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def test_the_right_password_leads_to_the_second_factor(city: Organization, admin: Operator) -> None:
    assert reverse("mfa_authenticate") == sign_in(Client(), "admin").headers["Location"]


def test_the_password_alone_opens_nothing(city: Organization, admin: Operator) -> None:
    client = Client()
    sign_in(client, "admin")

    page = client.get(reverse("mfa_authenticate"))
    closed = [client.get(address).status_code for address in ("/console/", "/console/resume/")]
    with tenancy.acting_for(city.pk):
        session = Session.objects.get()
    assert (200, [302, 302], False) == (page.status_code, closed, is_in(client))
    assert (city.pk, None) == (session.organization_id, session.operator_id)
    assert "denrei_device" not in client.cookies
    assert [] == acts(city)


def test_the_code_completes_the_sign_in(city: Organization, admin: Operator) -> None:
    client = Client()
    sign_in(client, "admin", next="/console/resume/")
    response = client.post(reverse("mfa_authenticate"), {"code": code()})

    assert (302, "/console/resume/", True) == (
        response.status_code,
        response.headers["Location"],
        is_in(client),
    )
    assert "denrei_device" in client.cookies
    assert ("operator.signed_in", "adminさん") in acts(city)


def test_the_key_of_the_session_changes_at_each_step(city: Organization, admin: Operator) -> None:
    client = Client()
    keys = []
    sign_in(client, "admin")
    keys.append(client.cookies["sessionid"].value)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    keys.append(client.cookies["sessionid"].value)

    with tenancy.acting_for(city.pk):
        assert [keys[1]] == list(Session.objects.values_list("session_key", flat=True))
    assert keys[0] != keys[1]


def test_a_wrong_code_opens_nothing(city: Organization, admin: Operator) -> None:
    client = Client()
    sign_in(client, "admin")
    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert not is_in(client)


def test_half_a_sign_in_forgives_no_wrong_password(city: Organization, admin: Operator) -> None:
    client = Client()
    fail(client, "admin", times=4)
    sign_in(client, "admin")

    assert 429 == fail(Client(), "admin", times=1).status_code


def test_a_typed_form_waits_behind_the_second_factor(city: Organization, admin: Operator) -> None:
    client = Client()
    sign_in(client, "admin")
    client.post(reverse("mfa_authenticate"), {"code": code()})
    with tenancy.acting_for(city.pk):
        Session.objects.all().delete()
        Authenticator.objects.update(data={"secret": sealing.seal(SECRET[::-1])})  # a fresh code
    client.post("/console/resume/", {"text": "本文"})
    sign_in(client, "admin")
    fresh = format_hotp_value(hotp_value(SECRET[::-1], int(time.time()) // 30))

    response = client.post(reverse("mfa_authenticate"), {"code": fresh})

    assert "/console/resume/" == response.headers["Location"]
    assert "本文" in client.get("/console/resume/").content.decode()


def test_the_pending_half_is_forgotten_by_signing_in_anew(
    city: Organization, admin: Operator
) -> None:
    client = Client()
    hire(city, "viewer")
    sign_in(client, "admin")
    sign_in(client, "viewer")

    assert (True, True) == (is_in(client), sessions.OPERATOR in client.session)
    assert "viewerさん" in client.get("/console/").content.decode()
