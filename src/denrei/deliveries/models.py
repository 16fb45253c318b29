"""Lanes and gateways, and the ledger's tables for reading.

The ledger itself is made by `sql/schema.sql` and written by the verbs of this package only. What
waits for its time is in `appointed`.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Organization
from denrei.deliveries.appointed import Reminder, Scheduled
from denrei.deliveries.attention.models import Attention, AttentionState, Suppression
from denrei.deliveries.attention.silence import Silence
from denrei.deliveries.contact_tests.models import ContactTest
from denrei.deliveries.retained import Emptied, Hold
from denrei.deliveries.stages import Stage
from denrei.deliveries.watch.models import Alarm, Breakdown, Pulse
from denrei.domain.states import Medium

#: Also the tables of other modules: Django knows an application's by this one.
__all__ = [
    "Alarm",
    "Attempt",
    "Attention",
    "AttentionState",
    "Breakdown",
    "ContactTest",
    "Delivery",
    "Doubt",
    "Emptied",
    "Gateway",
    "Hold",
    "Lane",
    "Pulse",
    "Reminder",
    "Run",
    "Scheduled",
    "Silence",
    "Suppression",
    "WaveKind",
]


class Doubt(models.TextChoices):
    """What becomes of a message of which nobody knows whether it arrived."""

    #: Sent again with the same Message-ID: better twice than not at all.
    RESEND = "resend", "もう一度送る"
    #: Ends as 不明: better not at all than twice.
    LEAVE = "leave", "そのままにして表示する"


class LaneQuerySet(models.QuerySet["Lane"]):
    """Questions about lanes."""

    def usable(self) -> Self:
        """Tell those that are switched on, of the organization that the transaction acts for and of all.

        A worker's role sees every lane: without these words a wave that it starts could go by a stranger's.
        """
        own = models.Func(function="current_organization", output_field=models.BigIntegerField())
        return self.filter(
            models.Q(organization_id=None) | models.Q(organization_id=own), enabled=True
        )

    def serving(self, medium: Medium) -> Self:
        """Tell the lanes of a medium, the organization's own before those of all."""
        return (
            self.usable()
            .filter(medium=medium)
            .order_by(models.F("organization_id").asc(nulls_last=True), "id")
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

    def kept(self) -> Self:
        """Tell those that were not removed, by medium, the preferred first."""
        return self.filter(retired_at=None).order_by("lane__medium", "rank", "id")


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
    #: Removed then: kept for its name, which attempts and alarms lead to, without settings.
    retired_at = models.DateTimeField(null=True)

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


class WaveKind(models.TextChoices):
    """Why there is a wave."""

    #: 送信: the first of each broadcast.
    LAUNCH = "launch", _("送信")
    #: An operator asked for it (OPS-1).
    AGAIN = "again", _("再通知")
    #: By itself at a set time (OPS-1).
    REMINDER = "reminder", _("自動の再通知")


class RunQuerySet(models.QuerySet["Run"]):
    """Questions about waves under way."""

    def of(self, broadcast_id: int) -> Self:
        """Tell the waves of a broadcast, the first first."""
        return self.filter(broadcast_id=broadcast_id).order_by("wave")

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
    #: 対象; 0 in later waves, whose people are some of the first's.
    people = models.BigIntegerField()
    planned = models.BigIntegerField()
    steps = models.JSONField()
    kind = models.TextField(choices=WaveKind.choices)
    #: A `Grade`: people with better evidence are left out.
    most_grade = models.SmallIntegerField()
    #: Its own text as `Content`; None: the broadcast's.
    content = models.JSONField(null=True)
    started_by = models.BigIntegerField(null=True)
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
