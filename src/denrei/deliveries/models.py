"""Lanes and gateways, and the ledger's tables for reading.

The ledger itself is made by `sql/schema.sql` and written by the verbs of this package only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, Organization, OrganizationRow
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast, Draft
from denrei.deliveries.attention.models import Attention, AttentionState, Suppression
from denrei.deliveries.stages import Stage
from denrei.domain.states import Medium

__all__ = [
    "NOT_SENT",
    "Attempt",
    "Attention",
    "AttentionState",
    "Delivery",
    "Doubt",
    "Gateway",
    "Lane",
    "Run",
    "Scheduled",
    "ScheduledQuerySet",
    "ScheduledState",
    "Suppression",
]


class Doubt(models.TextChoices):
    """What becomes of a message of which nobody knows whether it arrived."""

    #: Sent again with the same Message-ID: better twice than not at all.
    RESEND = "resend", "もう一度送る"
    #: Ends as 不明: better not at all than twice.
    LEAVE = "leave", "そのままにして表示する"


class LaneQuerySet(models.QuerySet["Lane"]):
    """Questions about lanes."""

    def serving(self, medium: Medium) -> Self:
        """Tell the lanes of a medium, the organization's own before those of all."""
        return self.filter(medium=medium, enabled=True).order_by(
            models.F("organization_id").asc(nulls_last=True), "id"
        )


class Lane(models.Model):
    """A queue that one or several gateways serve: how deliveries are cut, tried and tried again."""

    #: None: serves every organization of the installation.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="lanes"
    )
    medium = models.SmallIntegerField(choices=[(medium.value, medium.label) for medium in Medium])
    name = models.TextField()
    enabled = models.BooleanField(default=True, db_default=True)
    #: Deliveries in a chunk: 500 for mail, about a second of the rate for SMS, 1 for a call.
    chunk_size = models.PositiveSmallIntegerField(default=500, db_default=500)
    #: At most so many handed to the wire and not yet recorded, for each worker.
    window = models.PositiveSmallIntegerField(default=500, db_default=500)
    #: Seconds until another worker may take over from one that fell silent.
    lease_seconds = models.FloatField(default=30, db_default=30)
    #: One contact of a person after the other (calls).
    sequential = models.BooleanField(default=False, db_default=False)
    #: How often each contact of a sequential lane is tried.
    rounds = models.PositiveSmallIntegerField(default=3, db_default=3)
    turn_gap_seconds = models.PositiveIntegerField(default=60, db_default=60)
    round_gap_seconds = models.PositiveIntegerField(default=300, db_default=300)
    #: Seconds before each retry of a refusal; [] means the medium's policy.
    retry_seconds = models.JSONField(default=list, db_default=[])
    doubt = models.TextField(choices=Doubt.choices, default=Doubt.RESEND, db_default="resend")

    objects = LaneQuerySet.as_manager()

    class Meta:
        db_table = "lane"

    def __str__(self) -> str:
        return f"lane {self.pk}"


class GatewayQuerySet(models.QuerySet["Gateway"]):
    """Questions about gateways."""

    def in_turn(self) -> Self:
        """Tell those that may be used, the preferred first."""
        return self.filter(enabled=True).order_by("rank", "id")


class Gateway(models.Model):
    """One channel with its settings; those that are secret are encrypted (`gateways`)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="gateways"
    )
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="gateways")
    kind = models.TextField()
    name = models.TextField()
    rank = models.SmallIntegerField(default=1, db_default=1)
    enabled = models.BooleanField(default=True, db_default=True)
    settings = models.JSONField(default=dict, db_default={})
    #: Messages a second as contracted; None: as fast as it goes.
    rate = models.FloatField(null=True)
    free_at = models.DateTimeField(db_default=Now())
    #: What is wrong with it at this moment, "" when nothing is; told by the workers (OPS-5).
    trouble = models.TextField(default="", db_default="")
    trouble_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = GatewayQuerySet.as_manager()

    class Meta:
        db_table = "gateway"
        constraints = [
            models.CheckConstraint(
                name="gateway_rate", condition=Q(rate__isnull=True) | Q(rate__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"gateway {self.pk}"


class RunQuerySet(models.QuerySet["Run"]):
    """Questions about waves under way."""

    def unfinished(self, broadcast_id: int) -> Self:
        """Tell the waves of a broadcast that have not ended."""
        return self.filter(broadcast_id=broadcast_id, stage__lt=Stage.FINISHED)


class Run(models.Model):
    """One wave of a broadcast under way: stage, audience, how many deliveries are planned."""

    pk = models.CompositePrimaryKey("broadcast_id", "wave")
    organization_id = models.BigIntegerField()
    broadcast_id = models.BigIntegerField()
    wave = models.SmallIntegerField()
    stage = models.SmallIntegerField()
    priority = models.SmallIntegerField()
    people = models.BigIntegerField()
    planned = models.BigIntegerField()
    steps = models.JSONField()
    give_up_at = models.DateTimeField()
    started_at = models.DateTimeField()
    progress_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        db_table = "run"
        managed = False

    def __str__(self) -> str:
        return f"run {self.broadcast_id}/{self.wave}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries."""

    def of(self, broadcast_id: int, recipient_id: int) -> Self:
        """Tell what one broadcast did for one person, in order."""
        return self.filter(broadcast_id=broadcast_id, recipient_id=recipient_id).order_by("id")


class Delivery(models.Model):
    """One broadcast to one contact, as it stands."""

    id = models.BigAutoField(primary_key=True)
    organization_id = models.BigIntegerField()
    broadcast_id = models.BigIntegerField()
    wave = models.SmallIntegerField()
    recipient_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    chunk_id = models.BigIntegerField(null=True)
    next_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    medium = models.SmallIntegerField()
    turn = models.SmallIntegerField()
    state = models.SmallIntegerField()
    fold_rank = models.SmallIntegerField()
    evidence = models.SmallIntegerField()
    reason = models.SmallIntegerField()
    tries = models.SmallIntegerField()
    doubts = models.SmallIntegerField()
    shared = models.BooleanField()
    language = models.TextField()
    address = models.TextField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        db_table = "delivery"
        managed = False

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Attempt(models.Model):
    """One try of a delivery; never changed after it was written."""

    pk = models.CompositePrimaryKey("delivery_id", "generation", "kind")
    organization_id = models.BigIntegerField()
    broadcast_id = models.BigIntegerField()
    delivery_id = models.BigIntegerField()
    generation = models.BigIntegerField()
    kind = models.SmallIntegerField()
    state = models.SmallIntegerField()
    reason = models.SmallIntegerField()
    phase = models.SmallIntegerField()
    gateway_id = models.IntegerField(null=True)
    took_ms = models.IntegerField(null=True)
    at = models.DateTimeField()
    provider_id = models.TextField()
    reply = models.TextField()

    class Meta:
        db_table = "attempt"
        managed = False

    def __str__(self) -> str:
        return f"attempt {self.delivery_id}/{self.generation}"


class ScheduledState(models.TextChoices):
    """How a 予約 stands."""

    #: Its time has not come.
    WAITING = "waiting", _("予約")
    #: It was sent.
    LAUNCHED = "launched", _("送信済")
    #: An operator took it back.
    CANCELLED = "cancelled", _("取消")
    #: denrei was not running until the deadline had passed: not sent.
    MISSED = "missed", _("期限切れ")
    #: Refused at its time (`words` says why): not sent.
    FAILED = "failed", _("送信不可")


#: Not sent although somebody meant it to be: an operator must hear of it.
NOT_SENT = (ScheduledState.MISSED, ScheduledState.FAILED)


class ScheduledQuerySet(models.QuerySet["Scheduled"]):
    """Questions about 予約."""

    def waiting(self) -> Self:
        """Tell those whose time has not come, the next first."""
        return self.filter(state=ScheduledState.WAITING).order_by("launch_at", "id")

    def overdue(self, at: datetime) -> Self:
        """Tell those that should have gone out before `at`: no worker runs, or none succeeds."""
        return self.waiting().filter(launch_at__lt=at)

    def unsent(self) -> Self:
        """Tell those that were not sent and that nobody took note of, the latest first."""
        return self.filter(state__in=NOT_SENT, noted_at=None).order_by("-launch_at", "-id")

    def visible_to(self, operator: Operator) -> Self:
        """Tell those made by operators of the operator's unit and below (ALL-5)."""
        return self.filter(by__unit__path__startswith=operator.unit.path) if operator.unit else self


class Scheduled(OrganizationRow):
    """予約: an order that the workers launch at its time, once. Written by `scheduling`."""

    #: None: the draft was deleted meanwhile.
    draft = models.ForeignKey(
        Draft, on_delete=models.SET_NULL, null=True, related_name="reservations", db_index=False
    )
    #: The order's idempotency key.
    key = models.TextField()
    #: `denrei.deliveries.packing`: what was asked for; people are selected at its time.
    order = models.JSONField()
    launch_at = models.DateTimeField()
    #: Not sent at all after this.
    not_after = models.DateTimeField()
    state = models.TextField(choices=ScheduledState.choices, default=ScheduledState.WAITING)
    #: Why it was not sent, "" otherwise.
    words = models.TextField(default="", db_default="")
    by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="reservations", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    #: When an operator took note that it was not sent.
    noted_at = models.DateTimeField(null=True)
    #: What it was sent as.
    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, null=True, related_name="reservations", db_index=False
    )

    objects = ScheduledQuerySet.as_manager()

    class Meta:
        db_table = "scheduled"
        constraints = [
            # a second press of the same revision is the same reservation
            models.UniqueConstraint(
                fields=["organization", "key"],
                condition=Q(state="waiting"),
                name="scheduled_once",
            ),
        ]
        indexes = [
            # what is due, and what waits
            models.Index(fields=["launch_at"], condition=Q(state="waiting"), name="scheduled_due"),
            # the list of reservations, newest first
            models.Index(fields=["organization", "-launch_at", "-id"], name="scheduled_newest"),
            # the reservation of a draft; may it be deleted
            models.Index(fields=["draft"], name="scheduled_draft"),
            # may this operator be deleted
            models.Index(fields=["by"], name="scheduled_by"),
            # how a broadcast was made
            models.Index(fields=["broadcast"], name="scheduled_broadcast"),
        ]

    @property
    def content(self) -> Content:
        """Return what will be said."""
        return Content.from_json(self.order["content"])

    @property
    def was_not_sent(self) -> bool:
        """Tell whether it was meant to be sent and was not."""
        return self.state in NOT_SENT
