"""Register a gateway, with a lane for its medium where the organization has none; change its settings."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from cryptography.fernet import MultiFernet

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.channels import Channel
from denrei.deliveries import gateways
from denrei.deliveries.models import Gateway, Lane
from denrei.domain.states import Medium


def register(
    organization: Organization,
    channel: Channel,
    safe: MultiFernet,
    name: str = "",
    *,
    medium: Medium | None = None,
    actor: Operator | None = None,
    **lane_settings: Any,
) -> Gateway:
    """Add a gateway to the organization's lane of a medium; the channel's own where none is given.

    A new gateway stands behind those that are there. `lane_settings` are for a lane that is made.
    """
    medium = medium or channel.medium
    with tenancy.acting_for(organization.pk):
        lane = Lane.objects.filter(organization=organization, medium=medium).first()
        if lane is None:
            lane = Lane.objects.create(
                organization=organization, medium=medium, name=medium.label, **lane_settings
            )
        gateway = Gateway.objects.create(
            organization=organization,
            lane=lane,
            kind=channel.kind,
            name=name or channel.kind,
            rank=lane.gateways.count() + 1,
            settings=gateways.to_settings(channel, safe),
        )
        audit.record(organization.pk, "gateway.added", gateway, actor, after={"kind": channel.kind})
    return gateway


def change(
    organization: Organization,
    gateway: Gateway,
    channel: Channel,
    safe: MultiFernet,
    *,
    actor: Operator | None = None,
) -> list[str]:
    """Give a gateway of the organization other settings; return the names of those that changed.

    Workers open its lane anew. ValueError: it is of another kind.
    """
    if channel.kind != gateway.kind:
        raise ValueError(f"gateway {gateway.pk} is of kind {gateway.kind}")
    before = gateways.to_channel(gateway.kind, gateway.settings, safe)
    changed = [
        field.name
        for field in dataclasses.fields(cast("Any", channel))
        if getattr(before, field.name) != getattr(channel, field.name)
    ]
    if changed:
        gateway.settings = gateways.to_settings(channel, safe)
        gateway.save(update_fields=["settings"])
        audit.record(
            organization.pk, "gateway.changed", gateway, actor, after={"settings": changed}
        )
    return changed
