"""Cases of the city's people, as the ledger leaves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Unit
from denrei.deliveries.models import Attention
from denrei.directory.models import Contact
from denrei.domain.attention import CODES
from denrei.domain.failures import Reason
from denrei.domain.status import Status
from tests.web.console import town

Begin = Callable[..., Attention]
_SUPPRESS = """
INSERT INTO suppression (organization_id, medium, address_key, reason, since, until)
VALUES (%s, 1, %s, 1, now() - interval '3 days', now() + interval '27 days') ON CONFLICT DO NOTHING
"""


@pytest.fixture
def begin(city: Organization) -> Begin:
    """Begin a case: `begin("見本 三郎", status=…, days=3)`; more addresses are in order."""

    def begin(
        name: str,
        *others: str,
        address: str = "",
        status: Status = Status.ADDRESS_ERROR,
        days: float = 1,
        unit: Unit | None = None,
        **changes: Any,
    ) -> Attention:
        address = address or f"{name}@example.jp"
        person = town.person(city, name, address, *others, unit=unit, search=name)
        at = timezone.now() - timedelta(days=days)
        given = {
            "status": CODES[status],
            "reason": Reason.KNOWN_BAD if status is Status.KNOWN_BAD else Reason.UNKNOWN_USER,
            "since": at,
            "last_at": at,
            "broadcast_id": 0,
            "delivery_id": 0,
        }
        with tenancy.acting_for(city.pk):
            contact = Contact.objects.get(recipient=person, address=address)
            if status is Status.KNOWN_BAD:
                suppress(city, address)
            return Attention.objects.create(
                organization=city,
                contact=contact,
                recipient=person,
                medium=contact.medium,
                address_key=address,
                **(given | changes),
            )

    return begin


def suppress(city: Organization, address: str) -> None:
    """Leave an address out."""
    with tenancy.acting_for(city.pk), connection.cursor() as cursor:
        cursor.execute(_SUPPRESS, [city.pk, address])
