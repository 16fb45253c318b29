"""Gateways are stopped, used again and removed; what needs them keeps them (MSG-6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization, Role
from denrei.channels.smtp import Smtp
from denrei.deliveries import ordering, registering, scheduling
from denrei.deliveries.models import Gateway
from tests.web.console import town
from tests.web.console.conftest import hire
from tests.web.console.gateways.test_pages import (
    LIST,
    SAFE,
    registered,
    sending,
    stored,
)

pytestmark = pytest.mark.spec("MSG-6")


def test_a_gateway_is_stopped_and_used_again(admin: Client, city: Organization) -> None:
    gateway = registered(city)

    admin.post(f"{LIST}{gateway.pk}/stop/")
    stopped = stored(city)[0].enabled
    page = admin.get(LIST).content.decode()
    admin.post(f"{LIST}{gateway.pk}/start/")

    assert (False, True) == (stopped, stored(city)[0].enabled)
    assert "止めています" in page
    with tenancy.acting_for(city.pk):
        acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"gateway.stopped", "gateway.started"} <= acts


def test_what_is_removed_keeps_its_name_and_nothing_else(admin: Client, city: Organization) -> None:
    gateway = registered(city)

    response = admin.post(f"{LIST}{gateway.pk}/remove/")
    gone = admin.get(f"{LIST}{gateway.pk}/")

    assert (302, []) == (response.status_code, stored(city))
    assert 404 == gone.status_code
    with tenancy.acting_for(city.pk):
        kept = Gateway.objects.get(pk=gateway.pk)
    assert ("庁内メール", {}, False) == (kept.name, kept.settings, kept.enabled)


@pytest.mark.parametrize("act", ["stop", "remove"])
def test_the_last_way_of_what_is_being_sent_stays(
    admin: Client, city: Organization, act: str
) -> None:
    gateway = registered(city)
    sending(city)

    response = admin.post(f"{LIST}{gateway.pk}/{act}/", follow=True)
    refused = stored(city)[0].enabled
    town.lane(city)
    admin.post(f"{LIST}{gateway.pk}/{act}/")

    assert "最後の送信経路で、送信中の緊急連絡があります。" in response.content.decode()
    assert refused
    with tenancy.acting_for(city.pk):
        assert not Gateway.objects.get(pk=gateway.pk).enabled


@pytest.mark.parametrize("act", ["stop", "remove"])
def test_the_last_way_of_what_is_reserved_stays(
    admin: Client, city: Organization, act: str
) -> None:
    gateway = registered(city)
    operator = hire(city, "sender", Role.SENDER)
    town.people(city, 1)
    draft = town.draft(city, operator)
    with tenancy.acting_for(city.pk):
        now = timezone.now()
        order = ordering.order(draft, operator, now).order
        scheduling.schedule(draft, order, now + timedelta(days=1), None, operator)

    response = admin.post(f"{LIST}{gateway.pk}/{act}/", follow=True)

    assert "予約した緊急連絡があります。" in response.content.decode()
    assert [(gateway.pk, True)] == [(one.pk, one.enabled) for one in stored(city)]


def test_what_somebody_removed_meanwhile_stays_removed(city: Organization) -> None:
    gateway = registered(city)
    with tenancy.acting_for(city.pk):
        Gateway.objects.filter(pk=gateway.pk).update(
            retired_at=timezone.now(), enabled=False, settings={}
        )

    other = Smtp(host="127.0.0.2", sender_address="b@city.example")
    with pytest.raises(registering.RefusedError):
        registering.change(city, gateway, other, SAFE)
    with pytest.raises(registering.RefusedError):
        registering.start(city, gateway)

    with tenancy.acting_for(city.pk):
        kept = Gateway.objects.get(pk=gateway.pk)
    assert (kept.settings, kept.enabled) == ({}, False)
