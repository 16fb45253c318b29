"""Which addresses mail is taken for: our return paths and reply addresses, and nobody else's.

A return path is taken only with a token that we signed: mail that answers to forged ones, as spam
does, ends at the door (the idea of BATV). Nothing is ever passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Unit
from denrei.channels import Returning, Returns
from denrei.deliveries import gateways, links
from denrei.deliveries.models import Gateway
from denrei.domain import tokens
from denrei.domain.tokens import Purpose

#: What stands before a return token (`denrei.channels.smtp`).
_MARK = re.compile(r"b\+([^@\"]+)", re.IGNORECASE)
_POSTMASTER = "postmaster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The addresses of this installation as they are now."""

    #: Domains of return paths, in lower case.
    domains: frozenset[str] = frozenset()
    #: Address in lower case → its organization; None where several use it.
    addresses: Mapping[str, int | None] = field(default_factory=dict)

    def takes(self, address: str) -> bool:
        """Tell whether mail for this address is ours (RFC 5321, 4.5.1: the postmaster's, too)."""
        local, _, domain = address.rpartition("@")
        if address.lower() in self.addresses or opened(address) is not None:
            return True  # what we signed is ours, also at a domain that was ours until yesterday
        return domain.lower() in self.domains and local.lower() == _POSTMASTER

    def whose(self, address: str) -> int | None:
        """Return the organization whose reply address this is."""
        return self.addresses.get(address.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a return path names that we signed."""

    organization_id: int
    #: Of a delivery, or of a test of a contact.
    subject_id: int
    is_test: bool


def opened(address: str) -> Named | None:
    """Return what a return path names; None where it is none that we signed."""
    token = token_in(address)
    for purpose in (Purpose.BOUNCE, Purpose.TEST_BOUNCE):
        found = tokens.open_token(links.keyring(), purpose, token)
        if found is not None:
            return Named(
                organization_id=found.organization_id,
                subject_id=found.subject_id,
                is_test=purpose is Purpose.TEST_BOUNCE,
            )
    return None


def token_in(address: str) -> str:
    """Return what stands in an address where a return token would; "" where nothing does.

    A local part may come back in quotes, and in upper case.
    """
    found = _MARK.fullmatch(address.rpartition("@")[0].strip('"'))
    return found[1] if found else ""


def now() -> Doors:
    """Ask the database for all of them. django.db.OperationalError where it is away."""
    with transaction.atomic():
        tenancy.as_worker()
        # One that is stopped sends no more; what it sent comes back and is answered for days.
        found = list(Gateway.objects.filter(retired_at=None).order_by("id"))
        organizations = list(Organization.objects.order_by("id"))
    places = [(one.organization_id, returns) for one in found if (returns := _returns(one))]
    for organization in organizations:
        with tenancy.acting_for(organization.pk):
            places += [(organization.pk, Returns(addresses=_named(organization)))]
    return _doors(places)


def _named(organization: Organization) -> tuple[str, ...]:
    """Return the senders' and reply addresses of an organization and its units (OPS-6)."""
    units = Unit.objects.values_list("sender_address", "reply_to")
    own = (organization.sender_address, organization.reply_to)
    return tuple(one for pair in (own, *units) for one in pair if one)


def _returns(gateway: Gateway) -> Returns | None:
    safe = gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    try:
        channel = gateways.to_channel(gateway.kind, gateway.settings, safe)
    except gateways.GatewayError:
        return None  # it can't send either, and an alarm says so
    return channel.returns if isinstance(channel, Returning) else None


def _doors(places: Iterable[tuple[int | None, Returns]]) -> Doors:
    domains, addresses = set[str](), dict[str, int | None]()
    for organization, returns in places:
        if returns.domain:
            domains.add(returns.domain.lower())
        for address in map(str.lower, returns.addresses):
            known = addresses.setdefault(address, organization)
            addresses[address] = known if known == organization else None
    return Doors(domains=frozenset(domains), addresses=addresses)
