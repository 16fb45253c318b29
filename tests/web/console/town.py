"""What a broadcast of the console needs: lanes that reach nobody, people, a draft that may be sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Unit
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft, DraftKind, IncidentType
from denrei.broadcasts.typed import Moment, Typed
from denrei.channels.simulator import Simulator
from denrei.deliveries import gateways, registering
from denrei.directory.models import Contact, Recipient
from denrei.domain.states import Medium

TOKYO = ZoneInfo("Asia/Tokyo")
HAPPENED = datetime(2026, 11, 21, 16, 13, tzinfo=TOKYO)


def lane(city: Organization, medium: Medium = Medium.MAIL, **settings_of_it: Any) -> None:
    """Give a city a lane with a simulator."""
    registering.register(
        city, Simulator(**settings_of_it), gateways.vault([settings.SECRET_KEY]), medium=medium
    )


def person(
    city: Organization, name: str, *addresses: str, unit: Unit | None = None, **changes: Any
) -> Recipient:
    """Add a person with mail addresses."""
    with tenancy.acting_for(city.pk):
        made = Recipient.objects.create(
            organization=city, name=name, kana=name, unit=unit, **changes
        )
        for slot, address in enumerate(addresses, 1):
            Contact.objects.create(
                organization=city,
                recipient=made,
                medium=Medium.MAIL,
                slot=slot,
                address=address,
                address_key=address,
            )
    return made


def people(city: Organization, count: int, unit: Unit | None = None) -> None:
    """Add people with one mail address each."""
    with tenancy.acting_for(city.pk):
        made = Recipient.objects.bulk_create(
            Recipient(organization=city, name=f"伝令 {n}", kana=f"でんれい{n:06}", unit=unit)
            for n in range(count)
        )
        Contact.objects.bulk_create(
            Contact(
                organization=city,
                recipient=one,
                medium=Medium.MAIL,
                address=f"p{one.pk}@example.jp",
                address_key=f"p{one.pk}@example.jp",
            )
            for one in made
        )


def typed(city: Organization, **changes: Any) -> Typed:
    """Return a form that may be sent: an earthquake, to everybody, by mail."""
    with tenancy.acting_for(city.pk):
        incident = IncidentType.objects.order_by("order", "code")[0]
    given: dict[str, Any] = {
        "incident": str(incident.pk),
        "occurred": Moment.at(HAPPENED, TOKYO),
        "ask": False,
        "sender": "防災課",
        "everybody": True,
    }
    return Typed(**(given | changes))


def draft(city: Organization, operator: Operator, **changes: Any) -> Draft:
    """Keep such a form."""
    with tenancy.acting_for(city.pk):
        return drafts.create(city, operator, typed(city, **changes))


def ready(city: Organization, operator: Operator, name: str, **changes: Any) -> Draft:
    """Keep such a form as a 定型連絡."""
    with tenancy.acting_for(city.pk):
        return drafts.create(city, operator, typed(city, **changes), DraftKind.TEMPLATE, name)


def reserved(at: datetime, deadline: datetime | None = None) -> dict[str, Any]:
    """Return what a form has where it is to be sent later."""
    given: dict[str, Any] = {"scheduled": True, "start": Moment.at(at, TOKYO)}
    return given | ({"deadline": Moment.at(deadline, TOKYO)} if deadline else {})


def tomorrow() -> datetime:
    """Return a full minute of tomorrow."""
    return (datetime.now(TOKYO) + timedelta(days=1)).replace(second=0, microsecond=0)
