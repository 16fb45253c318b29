"""Before 送信: how many people and contacts a selection reaches, and whom it does not (MSG-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from denrei.audience.selection import Selection
from denrei.directory.models import Contact
from denrei.domain.states import Medium

#: Names shown of those who can't be reached.
_NAMES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What a selection comes to."""

    people: int
    contacts: int
    #: People without a contact of these media.
    unreachable: int
    #: The first of them.
    unreachable_names: Sequence[str]


def count(selection: Selection, media: Sequence[Medium], receiving_slots: int) -> Count:
    """Count a selection; the transaction must act for its organization.

    `receiving_slots`: mail slots 1..n receive broadcasts (SCH-3). Suppressed addresses are
    counted as contacts; whether one is left out is decided at launch.
    """
    people = selection.people()
    contacts = Contact.objects.receiving().filter(medium__in=media)
    contacts = contacts.exclude(medium=Medium.MAIL, slot__gt=receiving_slots)
    reached = contacts.filter(recipient__in=people).aggregate(
        contacts=models.Count("pk"), people=models.Count("recipient", distinct=True)
    )
    meant = people.count()
    without = people.exclude(pk__in=contacts.values("recipient")).in_order()
    unreachable = meant - reached["people"]
    return Count(
        people=meant,
        contacts=reached["contacts"],
        unreachable=unreachable,
        unreachable_names=list(without.values_list("name", flat=True)[:_NAMES])
        if unreachable
        else [],
    )
