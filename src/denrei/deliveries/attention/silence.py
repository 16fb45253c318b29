"""無音ドロップ疑い: contacts that take every message and never show a human (NEW-2).

A filter for spam says 250 like everybody and shows nobody the mail. Counted every night by
`rounds`: a tap ends the silence in the next night, which is soon enough for a list of weeks.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from denrei.accounts.models import Operator, OrganizationRow
from denrei.deliveries.attention.models import within
from denrei.directory.models import Contact, ContactState, Recipient, RecipientState
from denrei.domain.states import Medium

#: Broadcasts in a row without a sign of a human. One or two are missed by anybody who was busy or
#: on leave; more than three would take a year where there are two or three drills.
SUSPECTED = 3


class SilenceQuerySet(models.QuerySet["Silence"]):
    """Questions about silent contacts."""

    def visible_to(self, operator: Operator) -> Self:
        """Tell those of people whom the operator sees (ALL-5)."""
        return self.filter(within(operator))

    def suspected(self) -> Self:
        """Tell those in use, of people in 在籍, that were silent often enough at this address."""
        return self.filter(
            handed_over__gte=SUSPECTED,
            recipient__state=RecipientState.ACTIVE,
            contact__address_key=F("address_key"),
        ).exclude(contact__state=ContactState.RETIRED)


class Silence(OrganizationRow):
    """One contact that was handed over to without a sign of a human since. Written by the ledger."""

    #: No constraint: the ledger never waits for the address book. Erasing a person takes it along.
    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="+", db_constraint=False, primary_key=True
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    medium = models.SmallIntegerField()
    address_key = models.TextField()
    #: Broadcasts since the last sign of a human.
    handed_over = models.SmallIntegerField(default=1, db_default=1)
    #: When the first of them was launched, and the last.
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_broadcast_id = models.BigIntegerField()

    objects = SilenceQuerySet.as_manager()

    class Meta:
        db_table = "silence"
        indexes = [
            # the suspected contacts of an organization, the longest silent first; how many there are
            models.Index(
                fields=["organization", "first_at", "contact"],
                condition=Q(handed_over__gte=SUSPECTED),
                name="silence_suspected",
            ),
            # the silent contacts of one person
            models.Index(fields=["recipient"], name="silence_recipient"),
        ]

    def __str__(self) -> str:
        return f"silence {self.pk}"

    @property
    def kind(self) -> Medium:
        """Return the kind of contact."""
        return Medium(self.medium)
