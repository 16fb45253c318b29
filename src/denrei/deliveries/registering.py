"""Register a gateway, with a lane for its medium where the organization has none; change, stop, remove it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, cast

from cryptography.fernet import MultiFernet
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.channels import Channel
from denrei.deliveries import gateways
from denrei.deliveries.models import Gateway, Lane, Run, Scheduled
from denrei.deliveries.stages import Stage
from denrei.domain.states import Medium


class RefusedError(ValueError):
    """A gateway can't be stopped or removed now; `str()` says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is set of a gateway beside its channel."""

    name: str
    #: Of several, the one with the smallest number is used first.
    rank: int
    #: Messages a second as contracted; None: as fast as it goes.
    rate: float | None

    @classmethod
    def of(cls, gateway: Gateway) -> Terms:
        """Return those of a gateway."""
        return cls(name=gateway.name, rank=gateway.rank, rate=gateway.rate)


#: What was wrong was wrong with other settings, or long ago: workers tell anew.
_NOTHING_WRONG: dict[str, Any] = {"trouble": "", "trouble_since": None}


def register(
    organization: Organization,
    channel: Channel,
    safe: MultiFernet,
    name: str = "",
    *,
    medium: Medium | None = None,
    terms: Terms | None = None,
    actor: Operator | None = None,
    **lane_settings: Any,
) -> Gateway:
    """Add a gateway to the organization's lane of a medium; the channel's own where none is given.

    A new gateway stands behind those that are there, unless `terms` say otherwise. `lane_settings` are for a lane that is made.
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
            name=terms.name if terms else name or channel.kind,
            rank=terms.rank if terms else lane.gateways.count() + 1,
            rate=terms.rate if terms else None,
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
    terms: Terms | None = None,
    actor: Operator | None = None,
) -> list[str]:
    """Give a gateway of the organization other settings; return the names of those that changed.

    Workers open its lane anew, and tell anew what is wrong. ValueError: it is of another kind.
    RefusedError: it was removed meanwhile.
    """
    if channel.kind != gateway.kind:
        raise ValueError(f"gateway {gateway.pk} is of kind {gateway.kind}")
    changed = _differing(_known(gateway, safe), channel)
    before = Terms.of(gateway)
    after = before if terms is None else terms
    if not changed and before == after:
        return []
    gateway.name, gateway.rank, gateway.rate = after.name, after.rank, after.rate
    gateway.settings = gateways.to_settings(channel, safe)
    with tenancy.acting_for(organization.pk):
        updated = _in_use(gateway).update(
            **dataclasses.asdict(after), settings=gateway.settings, **_NOTHING_WRONG
        )
        _refuse_removed(updated, gateway)
        audit.record(
            organization.pk,
            "gateway.changed",
            gateway,
            actor,
            before=_told(before, after, []),
            after=_told(after, before, changed),
        )
    return changed


def start(organization: Organization, gateway: Gateway, actor: Operator | None = None) -> None:
    """Use a gateway of the organization again. RefusedError: it was removed meanwhile."""
    with tenancy.acting_for(organization.pk):
        _refuse_removed(_in_use(gateway).update(enabled=True, **_NOTHING_WRONG), gateway)
        audit.record(organization.pk, "gateway.started", gateway, actor, after=_named(gateway))


def stop(organization: Organization, gateway: Gateway, actor: Operator | None = None) -> None:
    """Use a gateway of the organization no longer, until `start`. RefusedError: what is under way needs it."""
    with tenancy.acting_for(organization.pk):
        if _is_last(gateway):
            _refuse_while_sending(gateway)
            _refuse_while_reserved(gateway)
        _in_use(gateway).update(enabled=False)
        audit.record(organization.pk, "gateway.stopped", gateway, actor, after=_named(gateway))


def retire(organization: Organization, gateway: Gateway, actor: Operator | None = None) -> None:
    """Remove a gateway of the organization: its settings are gone, its name stays in the records.

    RefusedError: what is under way, or will be, needs it.
    """
    with tenancy.acting_for(organization.pk):
        if _is_last(gateway):
            _refuse_while_sending(gateway)
            _refuse_while_reserved(gateway)
        Gateway.objects.filter(pk=gateway.pk).update(
            enabled=False, settings={}, retired_at=Now(), **_NOTHING_WRONG
        )
        audit.record(organization.pk, "gateway.removed", gateway, actor, before=_named(gateway))


def _differing(known: Channel | None, channel: Channel) -> list[str]:
    """Return the names of the settings that are not as they were; all where nothing is known."""
    return [
        field.name
        for field in dataclasses.fields(cast("Any", channel))
        if known is None or getattr(known, field.name) != getattr(channel, field.name)
    ]


def _known(gateway: Gateway, safe: MultiFernet) -> Channel | None:
    """Return what a gateway is set to; None where that can't be read any more."""
    try:
        return gateways.to_channel(gateway.kind, gateway.settings, safe)
    except gateways.GatewayError:
        return None


def _is_last(gateway: Gateway) -> bool:
    """Tell whether no other gateway would serve its lane; others can't be stopped meanwhile."""
    serving = Gateway.objects.select_for_update().filter(lane=gateway.lane_id, enabled=True)
    return [gateway.pk] == [one.pk for one in serving]


def _in_use(gateway: Gateway) -> QuerySet[Gateway]:
    """Return it, unless somebody removed it meanwhile."""
    return Gateway.objects.filter(pk=gateway.pk, retired_at=None)


def _refuse_removed(updated: int, gateway: Gateway) -> None:
    if not updated:
        words = _("「%(name)s」は、ほかの操作者が削除しました。何も変えていません。")
        raise RefusedError(words % {"name": gateway.name})


def _refuse_while_reserved(gateway: Gateway) -> None:
    if Scheduled.objects.waiting().exists():
        words = _(
            "「%(name)s」は%(medium)sの最後の送信経路で、予約した緊急連絡があります。"
            "別の送信経路を追加するか、予約を取り消してから、もう一度操作してください。"
        )
        raise RefusedError(words % _last(gateway))


def _refuse_while_sending(gateway: Gateway) -> None:
    runs = Run.objects.filter(stage__lt=Stage.FINISHED).values_list("steps", flat=True)
    if any(step["lane"] == gateway.lane_id for steps in runs for step in steps):
        words = _(
            "「%(name)s」は%(medium)sの最後の送信経路で、送信中の緊急連絡があります。"
            "別の送信経路を追加するか、送信が終わってから、もう一度操作してください。"
        )
        raise RefusedError(words % _last(gateway))


def _last(gateway: Gateway) -> dict[str, str]:
    return {"name": gateway.name, "medium": _(Medium(gateway.lane.medium).label)}


def _told(one: Terms, other: Terms, settings: list[str]) -> dict[str, object]:
    """Return what the trail keeps: terms that differ, and the names of settings alone."""
    differing = {
        name: value
        for name, value in dataclasses.asdict(one).items()
        if value != getattr(other, name)
    }
    return differing | ({"settings": settings} if settings else {})


def _named(gateway: Gateway) -> dict[str, object]:
    return {"name": gateway.name}
