"""The table of 要対応: one row for each contact that asks, or asked, an operator to act (EMC-7)."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, OrganizationRow, Unit
from denrei.directory import addresses
from denrei.directory.models import Contact, ContactQuerySet, Recipient, RecipientState
from denrei.domain.attention import STATUSES
from denrei.domain.failures import Reason
from denrei.domain.states import Medium
from denrei.domain.status import Status


class AttentionState(models.IntegerChoices):
    """Whether a case is open, and by what it ended."""

    OPEN = 0, _("未対応")
    #: An operator says so.
    DONE = 1, _("担当者が対応済みにしました")
    #: The address was corrected, or is not used any more.
    MENDED = 2, _("連絡先が直されました")
    #: A human answered from it.
    HEARD = 3, _("本人がこの連絡先から応答しました")
    #: An operator released the suppression.
    RELEASED = 4, _("担当者が抑止を解除しました")
    #: A test to it was taken over (EMC-8).
    TESTED = 5, _("テスト連絡が届きました")


class Suppression(models.Model):
    """An address that failed, and until when it is not sent to (EMC-6)."""

    pk = models.CompositePrimaryKey("address_key", "medium", "organization_id")
    organization_id = models.BigIntegerField()
    medium = models.SmallIntegerField()
    address_key = models.TextField()
    reason = models.SmallIntegerField()
    since = models.DateTimeField()
    #: Minus infinity, which Python can't read, where it was counted only: ask for those in force.
    until = models.DateTimeField()
    delivery_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "suppression"
        managed = False

    def __str__(self) -> str:
        return "suppression"


def within(operator: Operator) -> Q:
    """Return the condition on rows about a recipient of being about one whom the operator sees.

    His units are named by their ids: of these statistics tell how few people they have.
    """
    if operator.unit is None:
        return Q()
    units = Unit.objects.below(operator.unit).values_list("pk", flat=True)
    return Q(recipient__unit__in=list(units))


class AttentionQuerySet(models.QuerySet["Attention"]):
    """Questions about cases."""

    def visible_to(self, operator: Operator) -> Self:
        """Tell those of people whom the operator sees (ALL-5)."""
        return self.filter(within(operator))

    def open(self) -> Self:
        """Tell those that ask to act: of people in 在籍, and not over with their suppression."""
        return self.filter(_standing(), recipient__state=RecipientState.ACTIVE)

    def over(self) -> Self:
        """Tell those that ended, with `over_at`."""
        ended = ~Q(state=AttentionState.OPEN) | Q(until__lte=Now())
        lapsed_at = Case(When(state=AttentionState.OPEN, then="until"))
        return self.filter(ended).annotate(over_at=Coalesce(lapsed_at, "handled_at"))

    def awake(self) -> Self:
        """Tell those that are not put off."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=Now()))

    def asleep(self) -> Self:
        """Tell those that are put off to a time that has not come."""
        return self.filter(snoozed_until__gt=Now())

    def with_alone(self) -> Self:
        """Add `alone`: an operator can reach the person by no other contact.

        Neither by one that fails too, nor by a device of the app, to which only denrei can speak.
        """
        others = usable().filter(recipient=OuterRef("recipient")).exclude(pk=OuterRef("contact"))
        return self.annotate(alone=Case(When(Exists(others), then=False), default=True))


def usable() -> ContactQuerySet:
    """Tell the contacts by which an operator can reach people, as far as anybody knows.

    Each question is asked of one contact: as a CASE it can't become a join, for which young
    statistics would choose to read all cases.
    """
    known = Contact.objects.in_use().filter(medium__in=addresses.TYPED)
    fails = Case(
        When(Exists(_failing()), then=True), When(Exists(_suppressions()), then=True), default=False
    )
    return known.annotate(fails=fails).filter(Q(fails=False))


def _standing() -> Q:
    """Return the condition of being open, and not over with its suppression."""
    return Q(state=AttentionState.OPEN) & (Q(until=None) | Q(until__gt=Now()))


def _failing() -> AttentionQuerySet:
    """Tell the case of the contact of an outer query."""
    return Attention.objects.filter(_standing(), contact=OuterRef("pk"))


def _suppressions() -> models.QuerySet[Suppression]:
    """Tell the suppressions in force of the contact of an outer query."""
    return Suppression.objects.filter(
        address_key=OuterRef("address_key"),
        medium=OuterRef("medium"),
        organization_id=OuterRef("organization"),
        until__gt=Now(),
    )


class Attention(OrganizationRow):
    """One contact, and what is done about it. Begun and ended by the ledger, worked on by `acting`."""

    #: No constraint: the ledger never waits for the address book. Erasing a person takes it along.
    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    medium = models.SmallIntegerField()
    address_key = models.TextField()
    #: `denrei.domain.attention.CODES`
    status = models.SmallIntegerField()
    reason = models.SmallIntegerField()
    #: The first time of this episode, and the last one.
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    #: Deliveries of this episode: the latest 99, and how many; below zero those that were left out.
    deliveries = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    times = models.IntegerField(default=1, db_default=1)
    #: When its suppression ends, and the case with it; None: an act ends it.
    until = models.DateTimeField(null=True)
    #: Of the last time.
    broadcast_id = models.BigIntegerField()
    delivery_id = models.BigIntegerField()
    state = models.SmallIntegerField(
        choices=AttentionState.choices,
        default=AttentionState.OPEN,
        db_default=AttentionState.OPEN,
    )
    assigned_to = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    snoozed_until = models.DateTimeField(null=True)
    #: Of the latest end, which stays while it is open again.
    note = models.TextField(default="", db_default="")
    handled_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    handled_at = models.DateTimeField(null=True)

    objects = AttentionQuerySet.as_manager()

    class Meta:
        db_table = "attention"
        indexes = [
            # the open cases of an organization, the oldest first; how many there are
            models.Index(
                fields=["organization", "since", "id"],
                condition=Q(state=0),
                name="attention_open",
            ),
            # the cases of one person
            models.Index(fields=["recipient"], name="attention_recipient"),
            # what is this operator's; may he be deleted
            models.Index(
                fields=["assigned_to"],
                condition=Q(assigned_to__isnull=False),
                name="attention_assigned",
            ),
            # may this operator be deleted
            models.Index(
                fields=["handled_by"],
                condition=Q(handled_by__isnull=False),
                name="attention_handled",
            ),
        ]

    @property
    def told_status(self) -> Status:
        """Return the status that asks to act."""
        return STATUSES[self.status]

    @property
    def told_reason(self) -> Reason:
        """Return why the last delivery ended so."""
        return Reason(self.reason)

    @property
    def kind(self) -> Medium:
        """Return the kind of contact."""
        return Medium(self.medium)
