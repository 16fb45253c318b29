"""The tables of the watch for reading, made by `schema.sql`, written by this package only."""

from __future__ import annotations

from enum import IntEnum
from typing import Self

from django.db import models

from denrei.deliveries.statements import statement
from denrei.domain.completion import Point


class PulseQuerySet(models.QuerySet["Pulse"]):
    """Questions about curves."""

    def of(self, broadcast_id: int) -> Self:
        """Tell the curve of a broadcast, beginning with the launch."""
        return self.filter(broadcast_id=broadcast_id).order_by("at")


class Pulse(models.Model):
    """The counters of a broadcast as they were at a moment: people by grade, deliveries that wait."""

    pk = models.CompositePrimaryKey("broadcast_id", "at")
    organization_id = models.BigIntegerField()
    broadcast_id = models.BigIntegerField()
    at = models.DateTimeField()
    answered = models.BigIntegerField()
    read = models.BigIntegerField()
    device = models.BigIntegerField()
    handed_over = models.BigIntegerField()
    unreached = models.BigIntegerField()
    no_contact = models.BigIntegerField()
    #: People: アクセスあり(未確認), without evidence of a human.
    looked = models.BigIntegerField()
    #: People whose latest answer calls for help.
    needs_help = models.BigIntegerField()
    #: Deliveries: 送信待ち, of which none is 処理中.
    waiting = models.BigIntegerField()
    #: Deliveries: 処理中.
    in_work = models.BigIntegerField()
    #: The next retry or later medium; None: there is none, or others have a thousand before it.
    next_at = models.DateTimeField(null=True)

    objects = PulseQuerySet.as_manager()

    class Meta:
        db_table = "pulse"
        managed = False

    def __str__(self) -> str:
        return f"pulse {self.broadcast_id}"

    @property
    def point(self) -> Point:
        """Return what an estimate of the end needs (`denrei.domain.completion`)."""
        return Point(at=self.at, left=self.waiting + self.in_work, next_at=self.next_at)


class BreakdownKind(IntEnum):
    """By what people are counted; stored in `breakdown.kind`."""

    #: 部署・学校 as frozen at launch.
    UNIT = 1
    #: 連絡グループ as people are in it when it is counted; who is in several counts in each.
    GROUP = 2


class BreakdownQuerySet(models.QuerySet["Breakdown"]):
    """Questions about counts."""

    def of(self, broadcast_id: int, kind: BreakdownKind) -> Self:
        """Tell the counts of a broadcast by unit or by group."""
        return self.filter(broadcast_id=broadcast_id, kind=kind).order_by("key")


class Breakdown(models.Model):
    """People of a broadcast in one unit or one group, as counted at `counted_at`."""

    pk = models.CompositePrimaryKey("broadcast_id", "kind", "key")
    organization_id = models.BigIntegerField()
    broadcast_id = models.BigIntegerField()
    kind = models.SmallIntegerField(choices=[(kind.value, kind.name) for kind in BreakdownKind])
    #: The id of the unit or group; 0: people without one.
    key = models.BigIntegerField()
    people = models.BigIntegerField()
    answered = models.BigIntegerField()
    #: 到達のみ
    reached = models.BigIntegerField()
    unreached = models.BigIntegerField()
    no_contact = models.BigIntegerField()
    looked = models.BigIntegerField()
    needs_help = models.BigIntegerField()
    counted_at = models.DateTimeField()

    objects = BreakdownQuerySet.as_manager()

    class Meta:
        db_table = "breakdown"
        managed = False

    def __str__(self) -> str:
        return f"breakdown {self.broadcast_id}/{self.kind}/{self.key}"


class AlarmKind(models.TextChoices):
    """What is wrong (OPS-5); the words are in `watch.words`."""

    #: Something is due, and for a minute no delivery ended.
    STALL = "stall"
    #: A gateway can't be used.
    GATEWAY = "gateway"
    #: The audit found counters and ledger to differ.
    BROKEN = "broken"
    #: An operator's own mail comes back: he does not hear of alarms.
    OPERATOR_MAIL = "operator_mail"
    #: No worker looks after an unfinished broadcast. Seen when a page asks; never a row.
    NO_WORKER = "no_worker"
    #: What is past its time can't be deleted (OPS-8). Seen when a page asks; never a row.
    RETENTION = "retention"
    #: Nothing is deleted until a human says that the clock is right (OPS-8). Seen when a page asks; never a row.
    RETENTION_ASKS = "retention_asks"


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Questions about alarms."""

    def open(self) -> Self:
        """Tell what is wrong at this moment, the oldest first."""
        return self.filter(ended_at=None).order_by("since", "id")

    def wrong_now(self) -> list[Alarm]:
        """Return the open ones, and that no worker runs although one must; in one query."""
        return sorted(self.raw(statement("wrong_now")), key=lambda alarm: alarm.since)


class Alarm(models.Model):
    """Something is wrong, from when to when; at most one open row for each thing it is about."""

    id = models.BigAutoField(primary_key=True)
    organization_id = models.BigIntegerField()
    #: `AlarmKind`
    kind = models.TextField()
    broadcast_id = models.BigIntegerField(null=True)
    gateway_id = models.BigIntegerField(null=True)
    operator_id = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    #: Facts for the sentence.
    words = models.JSONField()
    ended_at = models.DateTimeField(null=True)
    #: Administrators were told by mail.
    told_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True)
    #: To tell the next of the two.
    tries = models.SmallIntegerField()
    #: Why the last try to tell them failed, "" where it did not.
    refusal = models.TextField()

    objects = AlarmQuerySet.as_manager()

    class Meta:
        db_table = "alarm"
        managed = False

    def __str__(self) -> str:
        return f"alarm {self.pk}"
