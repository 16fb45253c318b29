"""The one person of one broadcast that an address names, of those whom the operator sees (ALL-5)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from denrei.audience.models import AudienceMember
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.directory.models import Recipient
from denrei.reports.story import Story, UnknownPersonError, story
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.broadcasts import listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an address names."""

    broadcast: Broadcast
    content: Content
    member: AudienceMember


def named(request: HttpRequest, broadcast_id: int, recipient_id: int) -> Named:
    """Return a person of a broadcast. Http404 for anybody else's.

    Who was of the operator's units at launch is shown, wherever the person is now: so the page
    tells of everybody whom the figures of the broadcast count.
    """
    broadcast = get_object_or_404(listing.visible(request), pk=broadcast_id)
    visible = AudienceMember.objects.of(broadcast.pk).visible_to(operator_of(request))
    member = get_object_or_404(visible, recipient_id=recipient_id)
    return Named(broadcast=broadcast, content=Content.from_json(broadcast.content), member=member)


def told(request: HttpRequest, found: Named) -> Story:
    """Return the story of a person who was found. Http404 where the ledger has no wave of it."""
    try:
        return story(organization_of(request).pk, found.broadcast.pk, found.member.recipient_id)
    except UnknownPersonError as error:
        raise Http404 from error


def in_directory(request: HttpRequest, recipient_id: int) -> Recipient | None:
    """Return the person's entry in the address book; None where it is erased or out of sight."""
    visible = Recipient.objects.visible_to(operator_of(request)).select_related("unit")
    return visible.filter(pk=recipient_id).first()
