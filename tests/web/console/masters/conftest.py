"""Each list of the organization: how its pages are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.labels import Label
from denrei.accounts.models import AuditEntry, Master, Organization
from denrei.broadcasts.masters import TABLES, UNDER_INCIDENTS
from denrei.broadcasts.models import IncidentType

#: What forms ask for beside code, name and place.
EXTRAS: Mapping[Label, Mapping[str, str]] = {
    Label.INCIDENTS: {
        "name_en": "Flood",
        "priority": "0",
        "give_up_minutes": "90",
        "sent_by": "senders",
    },
    Label.SITUATIONS: {"name_en": "Flood"},
    Label.INSTRUCTIONS: {"name_en": ""},
    Label.ANSWERS: {"name_en": "Flood", "needs_help": "on"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list of an organization, under its first incident type where it stands under one."""

    label: Label
    organization: Organization
    incident: IncidentType | None = field(repr=False)

    def address(self, page: str = "") -> str:
        """Return the address of the list, or of a page of it: `new/`, `order/`."""
        query = f"?incident={self.incident.pk}" if self.incident else ""
        return f"/console/masters/{self.label}/{page}{query}"

    def of(self, entry: Master, page: str = "") -> str:
        """Return the address of an entry, or of a page of it."""
        return f"/console/masters/{self.label}/{entry.pk}/{page}"

    def typed(self, **others: str) -> dict[str, str]:
        """Return what an operator types into the form."""
        return {
            "code": "77",
            "name": "髙﨑𠮷田",
            "place": "1",
            **EXTRAS.get(self.label, {}),
            **others,
        }

    def create(self, code: str, name: str = "見本", order: int = 50) -> Master:
        """Store an entry without the pages."""
        own = {"incident_type": self.incident} if self.incident else {}
        with tenancy.acting_for(self.organization.pk):
            return TABLES[self.label]._base_manager.create(
                organization=self.organization, code=code, name=name, order=order, **own
            )

    def entries(self) -> list[Any]:
        """Return what is stored, in order."""
        with tenancy.acting_for(self.organization.pk):
            entries = TABLES[self.label]._base_manager.order_by("order", "code", "id")
            own = entries.filter(incident_type=self.incident) if self.incident else entries
            return list(own)


def the_list(label: Label, organization: Organization) -> List:
    """Return a list of an organization."""
    with tenancy.acting_for(organization.pk):
        incident = IncidentType.objects.first() if label in UNDER_INCIDENTS else None
    return List(label=label, organization=organization, incident=incident)


@pytest.fixture(params=list(TABLES), ids=str)
def a_list(request: pytest.FixtureRequest, city: Organization) -> List:
    """Each of the six lists of the city."""
    return the_list(request.param, city)


@pytest.fixture
def groups(city: Organization) -> List:
    return the_list(Label.GROUPS, city)


@pytest.fixture
def said(admin: Client) -> Callable[[HttpResponse], str]:
    """Follow a redirect of the administrator and return the page."""

    def follow(response: HttpResponse) -> str:
        assert HTTPStatus.FOUND == response.status_code, response.content.decode()
        return admin.get(response.headers["Location"]).content.decode()

    return follow


def acts(organization: Organization) -> list[str]:
    """Return the actions on the trail of an organization, oldest first."""
    with tenancy.acting_for(organization.pk):
        return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
