"""Tables of the words an organization prepares (MSG-1), and of the broadcasts it sent."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Now

from denrei.accounts.models import Master, Operator, OrganizationRow


class Priority(models.IntegerChoices):
    """How a broadcast stands in the queue of a lane; a lower number goes first."""

    #: 避難指示 and the like: passes everything.
    EVACUATION = 0, "最優先"
    #: An emergency.
    EMERGENCY = 1, "緊急"
    #: News, drills, requests.
    ROUTINE = 5, "通常"


class IncidentType(Master):
    """発生区分: becomes the mail's subject; decides priority and the time to give up (OPS-7)."""

    name_en = models.TextField(default="", db_default="")
    priority = models.SmallIntegerField(
        choices=Priority.choices, default=Priority.EMERGENCY, db_default=Priority.EMERGENCY
    )
    #: After this what still waits ends as 期限切れ.
    give_up_minutes = models.PositiveIntegerField(default=1440, db_default=1440)

    class Meta(Master.Meta):
        db_table = "incident_type"
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="incident_type_code"),
        ]


class Situation(Master):
    """状況区分: under one incident type."""

    incident_type = models.ForeignKey(
        IncidentType, on_delete=models.CASCADE, related_name="situations", db_index=False
    )
    name_en = models.TextField(default="", db_default="")

    class Meta(Master.Meta):
        db_table = "situation"
        constraints = [
            # also: the situations of an incident type
            models.UniqueConstraint(fields=["incident_type", "code"], name="situation_code"),
        ]


class Instruction(Master):
    """指示区分: under one incident type."""

    incident_type = models.ForeignKey(
        IncidentType, on_delete=models.CASCADE, related_name="instructions", db_index=False
    )
    name_en = models.TextField(default="", db_default="")

    class Meta(Master.Meta):
        db_table = "instruction"
        constraints = [
            # also: the instructions of an incident type
            models.UniqueConstraint(fields=["incident_type", "code"], name="instruction_code"),
        ]


class AnswerChoice(Master):
    """回答区分: one list for the organization. `code` is the key pressed in a call, too."""

    name_en = models.TextField(default="", db_default="")
    #: 要救助 and the like: somebody must act; 無事 followed by it alarms (NEW-4).
    needs_help = models.BooleanField(default=False, db_default=False)

    class Meta(Master.Meta):
        db_table = "answer_choice"
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="answer_choice_code"),
        ]


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    """Questions about broadcasts."""

    def newest_first(self) -> Self:
        """Sort as the list of broadcasts shows them."""
        return self.order_by("-id")


class Broadcast(OrganizationRow):
    """One message to many, as it was when 送信 was pressed; never changed after. Written by launch.

    How it goes stands in the ledger (`run`, `tally`), not here.
    """

    #: The draft's revision: the same press twice is one broadcast.
    idempotency_key = models.TextField()
    #: SHA-256 of everything that was asked for: the same key with other content is a conflict.
    request_sha256 = models.BinaryField()
    #: `denrei.broadcasts.content.Content` as JSON.
    content = models.JSONField()
    drill = models.BooleanField(default=False, db_default=False)
    priority = models.SmallIntegerField(choices=Priority.choices)
    give_up_at = models.DateTimeField()
    launched_at = models.DateTimeField(db_default=Now())
    launched_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="broadcasts", db_index=False
    )
    #: The broadcast that this one corrects or withdraws (NEW-13).
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections", db_index=False
    )

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        db_table = "broadcast"
        constraints = [
            # LAUNCH finds an earlier press
            models.UniqueConstraint(
                fields=["organization", "idempotency_key"], name="broadcast_once"
            ),
        ]
        indexes = [
            # the list of broadcasts, newest first
            models.Index(fields=["organization", "-id"], name="broadcast_newest"),
        ]
