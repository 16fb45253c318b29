"""Whose names mails bear: the domains of organizations, units and gateways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import MultiFernet

from denrei.channels.smtp import Smtp, addresses, dkim
from denrei.deliveries.gateways import GatewayError, to_channel
from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows

_GATEWAYS = """
SELECT organization_id, settings->>'sender_address', settings->>'return_path_domain', settings->>'host', kind, settings
  FROM gateway WHERE enabled AND settings ? 'sender_address'
"""
_ORGANIZATIONS = "SELECT id, sender_address FROM organization ORDER BY id"
_UNITS = "SELECT DISTINCT sender_address FROM unit WHERE sender_address <> ''"


@dataclass(slots=True)
class Domain:
    """A domain that mails name, as receivers judge it."""

    name: str
    #: It stands in From, so that DMARC and DKIM count; else in the return path only.
    is_author: bool = False
    #: Mail servers that carry its mails.
    hosts: set[str] = field(default_factory=set)
    #: Keys that sign for it: selector → public part.
    keys: dict[str, bytes] = field(default_factory=dict)


def in_use(connection: Connection, safe: MultiFernet) -> tuple[list[Domain], list[str]]:
    """Return the domains of organizations, units and gateways, and addresses that are none."""
    with acting(connection, ROLES["worker"]):
        gateways = rows(connection, _GATEWAYS)
        organizations = rows(connection, _ORGANIZATIONS)
    authors = [(organization, address) for organization, address, *_ in gateways]
    authors += organizations
    for organization, _ in organizations:
        with acting(connection, ROLES["app"], organization):
            authors += [(organization, address) for (address,) in rows(connection, _UNITS)]
    signers = [
        signer for *_, kind, settings in gateways if (signer := _signer(kind, settings, safe))
    ]
    return _gathered(gateways, [pair for pair in authors if pair[1]], signers)


def _signer(kind: str, settings: dict[str, Any], safe: MultiFernet) -> dkim.Signer | None:
    """Return who signs; None where nobody does, or the settings can't be used (`gateways` tells)."""
    try:
        channel = to_channel(kind, settings, safe)
    except GatewayError:
        return None
    return dkim.Signer.of(channel) if isinstance(channel, Smtp) else None


def _gathered(
    gateways: Iterable[tuple[Any, ...]],
    authors: Iterable[tuple[int | None, str]],
    signers: Iterable[dkim.Signer],
) -> tuple[list[Domain], list[str]]:
    hosts: dict[int | None, set[str]] = defaultdict(set)
    domains: dict[str, Domain] = {}
    nonsense = set()
    for organization, _, return_path, host, *_ in gateways:
        hosts[organization].add(host)
        if return_path:
            domains.setdefault(return_path, Domain(return_path)).hosts.add(host)
    for organization, address in authors:
        if not _is_mailbox(address):
            nonsense.add(address)
            continue
        name = addresses.domain(address.rpartition("@")[2]).lower()
        domain = domains.setdefault(name, Domain(name))
        domain.is_author = True
        domain.hosts |= hosts[organization] | hosts[None]
    for signer in signers:
        domain = domains.setdefault(signer.domain, Domain(signer.domain))
        domain.keys[signer.selector] = dkim.public_part(signer.key)
    return sorted(domains.values(), key=lambda domain: domain.name), sorted(nonsense)


def _is_mailbox(address: str) -> bool:
    try:
        return bool(addresses.mailbox(address))
    except ValueError:
        return False
