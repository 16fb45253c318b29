"""Which list a request is about, and where its pages are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from denrei.accounts import labels
from denrei.accounts.masters import Listing
from denrei.accounts.models import Master, Organization
from denrei.broadcasts.masters import listing
from denrei.broadcasts.models import IncidentType
from denrei.broadcasts.typed import ids
from denrei.web.console.asking import organization_of
from denrei.web.console.masters import kinds
from denrei.web.console.masters.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """One list of the organization, with the organization's own words for all of them."""

    kind: Kind
    organization: Organization
    words: Mapping[str, str]
    #: The incident type whose list this is; None for lists of the organization.
    incident: IncidentType | None = None

    @property
    def title(self) -> str:
        """Return what the organization calls the list."""
        return self.words[self.kind.slug]

    @property
    def purpose(self) -> str:
        """Return where entries are used."""
        return str(self.kind.purpose) % self.words

    @property
    def listing(self) -> Listing:
        """Return the entries. ValueError where the list needs an incident type and there is none."""
        return listing(self.kind.label, self.organization, self.incident)

    @property
    def has_no_incident(self) -> bool:
        """Tell whether the list can't be, because there is no incident type to have it."""
        return self.kind.under_incident and self.incident is None

    def address(self, name: str = "master", **query: int | str) -> str:
        """Return the address of a page of this list; what is empty is left out of the query."""
        if self.incident:
            query = {"incident": self.incident.pk, **query}
        path = reverse(f"console:{name}", kwargs={"kind": self.kind.slug})
        told = urlencode({key: value for key, value in query.items() if value})
        return f"{path}?{told}" if told else path

    @property
    def addresses(self) -> Mapping[str, str]:
        """Return the addresses that templates need."""
        return {
            "list": self.address(),
            "new": self.address("master-new"),
            "order": self.address("master-order"),
            "csv": self.address("master-csv"),
        }


def of_request(request: HttpRequest, slug: str) -> Where:
    """Return the list that an address and its `?incident=` name; the first one's where none is.

    Raises Http404.
    """
    kind = kinds.find(slug)
    incident = _incident(request.GET.get("incident", "")) if kind.under_incident else None
    return _where(request, kind, incident)


def of_entry(request: HttpRequest, slug: str, entry_id: int) -> tuple[Where, Master]:
    """Return an entry and the list it stands in. Raises Http404."""
    kind = kinds.find(slug)
    entry = get_object_or_404(kind.table._base_manager.all(), pk=entry_id)
    return _where(request, kind, getattr(entry, "incident_type", None)), entry


def _where(request: HttpRequest, kind: Kind, incident: IncidentType | None) -> Where:
    organization = organization_of(request)
    words = labels.of(organization)
    return Where(kind=kind, organization=organization, words=words, incident=incident)


def _incident(wanted: str) -> IncidentType | None:
    if not wanted:
        return IncidentType.objects.first()
    found = IncidentType.objects.filter(pk__in=ids([wanted])).first()
    if found is None:
        raise Http404
    return found
