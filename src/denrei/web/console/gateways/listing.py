"""Gateways as the pages show them: what they are, where they lead, and how they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from denrei.accounts.models import Organization
from denrei.channels import Channel
from denrei.channels.smtp import Smtp
from denrei.deliveries import gateways
from denrei.deliveries.models import Alarm, Gateway
from denrei.deliveries.registering import Terms
from denrei.deliveries.watch.models import AlarmKind
from denrei.domain.states import Medium
from denrei.web.console.gateways.words import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One gateway."""

    gateway: Gateway
    medium: str
    kind: str | Promise
    #: None: its settings can't be read.
    channel: Channel | None
    #: It is of the organization, not of the whole installation.
    is_own: bool

    @property
    def smtp(self) -> Smtp | None:
        """Return what the form may change; None where there is none for this kind, or nobody may."""
        return self.channel if self.is_own and isinstance(self.channel, Smtp) else None

    @property
    def has_form(self) -> bool:
        """May it be changed here, if only by entering all anew?"""
        return self.is_own and self.gateway.kind == Smtp.kind

    @property
    def place(self) -> str:
        """Return where it leads to."""
        return f"{self.smtp.host}:{self.smtp.port}" if self.smtp else ""

    @property
    def terms(self) -> Terms:
        """Return what is set beside the channel."""
        return Terms.of(self.gateway)


def rows(organization: Organization) -> Sequence[Row]:
    """Return all gateways that the organization sees, those of one medium in their turn."""
    return [row(one, organization) for one in Gateway.objects.kept().select_related("lane")]


def row(gateway: Gateway, organization: Organization) -> Row:
    """Return one."""
    return Row(
        gateway=gateway,
        medium=_(Medium(gateway.lane.medium).label),
        kind=KINDS.get(gateway.kind, gateway.kind),
        channel=_channel(gateway),
        is_own=gateway.organization_id == organization.pk,
    )


def next_terms(organization: Organization) -> Terms:
    """Return the terms of a mail server to be: it stands behind those that are there."""
    of_mail = Gateway.objects.kept().filter(organization=organization, lane__medium=Medium.MAIL)
    return Terms(name="", rank=of_mail.count() + 1, rate=None)


def last_alarm(gateway: Gateway) -> Alarm | None:
    """Return the last alarm about a gateway that has ended."""
    ended = Alarm.objects.filter(
        kind=AlarmKind.GATEWAY, gateway_id=gateway.pk, ended_at__isnull=False
    )
    return ended.order_by("-since").first()


def _channel(gateway: Gateway) -> Channel | None:
    safe = gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    try:
        return gateways.to_channel(gateway.kind, gateway.settings, safe)
    except gateways.GatewayError:
        return None
