"""Whom a receiver sees: name, address and reply address by unit, else by organization (OPS-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from denrei.accounts.models import Organization, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A sender; "" leaves a part to the gateway."""

    name: str = ""
    address: str = ""
    reply_to: str = ""


def identity(organization: Organization, unit: Unit | None = None) -> Identity:
    """Return the sender of a unit: each part from the nearest unit above that has it.

    A school sends as itself (SCH-1); what it leaves open is its city's. The transaction must act
    for the organization.
    """
    line = list(_upwards(unit)) if unit else []
    nearest: list[Unit | Organization] = [*line, organization]
    return Identity(
        name=_first(one.sender_name for one in nearest),
        address=_first(one.sender_address for one in nearest),
        reply_to=_first(one.reply_to for one in nearest),
    )


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _upwards(unit: Unit) -> Iterable[Unit]:
    """Return the unit and those above it, the nearest first, in one query."""
    ids = [int(part) for part in unit.path.strip("/").split("/")]
    found = Unit.objects.in_bulk(ids)
    return [found[number] for number in reversed(ids)]
