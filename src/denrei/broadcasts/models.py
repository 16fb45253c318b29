"""Tables of the words an organization prepares (MSG-1), and of the broadcasts it sent."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Master, Operator, OrganizationRow, Role, Unit


class Priority(models.IntegerChoices):
    """How a broadcast stands in the queue of a lane; a lower number goes first."""

    #: 避難指示 and the like: passes everything.
    EVACUATION = 0, _("最優先")
    #: An emergency.
    EMERGENCY = 1, _("緊急")
    #: News, drills, requests.
    ROUTINE = 5, _("通常")


class SentBy(models.TextChoices):
    """Whose hands a kind of message is in (OPS-4)."""

    #: Whoever may send at all.
    SENDERS = "senders", _("発信者と管理者")
    #: Those whom no unit bounds.
    WHOLE = "whole", _("団体全体を担当する発信者と管理者")
    #: Administrators.
    ADMINS = "admins", _("管理者だけ")


class IncidentTypeQuerySet(models.QuerySet["IncidentType"]):
    """Questions about incident types."""

    def sent_by(self, operator: Operator) -> Self:
        """Tell what an operator may send, by role and by unit (OPS-4)."""
        mine = self if operator.role == Role.ADMIN else self.exclude(sent_by=SentBy.ADMINS)
        if operator.unit is None:
            return mine
        above = [int(one) for one in operator.unit.path.strip("/").split("/")]
        return mine.exclude(sent_by=SentBy.WHOLE).filter(Q(unit=None) | Q(unit__in=above))


class IncidentType(Master):
    """発生区分: becomes the mail's subject; decides priority and the time to give up (OPS-7)."""

    name_en = models.TextField(default="", db_default="")
    priority = models.SmallIntegerField(
        choices=Priority.choices, default=Priority.EMERGENCY, db_default=Priority.EMERGENCY
    )
    #: After this what still waits ends as 期限切れ.
    give_up_minutes = models.PositiveIntegerField(default=1440, db_default=1440)
    sent_by = models.TextField(
        choices=SentBy.choices, default=SentBy.SENDERS, db_default=SentBy.SENDERS
    )
    #: Only operators of this unit and below, and those whom no unit bounds. None: of all units.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="incident_types", db_index=False
    )

    objects = IncidentTypeQuerySet.as_manager()

    class Meta(Master.Meta):
        db_table = "incident_type"
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="incident_type_code"),
        ]
        indexes = [
            # may this unit be deleted
            models.Index(fields=["unit"], name="incident_type_unit"),
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

    def visible_to(self, operator: Operator) -> Self:
        """Tell those launched from the operator's unit and below; without a unit, all.

        Where whoever sent it works now does not matter. One that a wider unit sent is not shown to a narrower one, also where it went to its people:
        its figures are those of everybody (ALL-5).
        """
        if operator.unit is None:
            return self
        return self.filter(unit__path__startswith=operator.unit.path)

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
    #: In which unit that operator worked then: bounds who sees it. None: the whole organization.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="broadcasts", db_index=False
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
            # may this unit be deleted; the list of a unit
            models.Index(fields=["unit"], name="broadcast_unit"),
            # what corrects or withdraws this one
            models.Index(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="broadcast_corrected",
            ),
        ]


class DraftKind(models.TextChoices):
    """What becomes of a draft when it is sent."""

    #: Sent once (MSG-4).
    DRAFT = "draft", _("下書き")
    #: 定型連絡: kept, with its audience, to be sent again and again (OPS-2).
    TEMPLATE = "template", _("定型連絡")


class DraftQuerySet(models.QuerySet["Draft"]):
    """Questions about drafts."""

    def open(self) -> Self:
        """Tell the drafts that were not sent yet."""
        return self.filter(kind=DraftKind.DRAFT, broadcast=None)

    def templates(self) -> Self:
        """Tell the ready messages, in their order."""
        return self.filter(kind=DraftKind.TEMPLATE).order_by("name", "id")

    def visible_to(self, operator: Operator) -> Self:
        """Tell those of the operator's unit and below; without a unit, all (ALL-5)."""
        return self.filter(unit__path__startswith=operator.unit.path) if operator.unit else self


class Draft(OrganizationRow):
    """A broadcast that is being written. Written by `drafts`."""

    kind = models.TextField(choices=DraftKind.choices, default=DraftKind.DRAFT)
    #: What a 定型連絡 is called.
    name = models.TextField(default="", db_default="")
    #: Of who wrote it: bounds who sees it.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="drafts", db_index=False
    )
    #: The fields of the compose form as typed, right or wrong: nothing is lost.
    form = models.JSONField(default=dict)
    #: Rises with each change; with the id it is the idempotency key of the launch.
    revision = models.PositiveIntegerField(default=1, db_default=1)
    changed_by = models.ForeignKey(
        Operator, on_delete=models.SET_NULL, null=True, related_name="drafts", db_index=False
    )
    changed_at = models.DateTimeField(db_default=Now())
    #: What a draft was sent as; None for one that is still open, and for a 定型連絡.
    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.SET_NULL, null=True, related_name="drafts", db_index=False
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        db_table = "draft"
        indexes = [
            # the list of drafts, newest first
            models.Index(fields=["organization", "kind", "-changed_at"], name="draft_newest"),
            # may this unit be deleted
            models.Index(fields=["unit"], name="draft_unit"),
            # may this operator be deleted
            models.Index(fields=["changed_by"], name="draft_changed_by"),
            # from which draft a broadcast came
            models.Index(fields=["broadcast"], name="draft_broadcast"),
        ]

    @property
    def key(self) -> str:
        """Return the idempotency key: the same revision launches once."""
        return f"draft:{self.pk}:{self.revision}"


class DraftReader(OrganizationRow):
    """An operator has a draft open: two on one draft are told of each other. Written by `drafts`."""

    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, related_name="readers", db_index=False
    )
    operator = models.ForeignKey(
        Operator, on_delete=models.CASCADE, related_name="open_drafts", db_index=False
    )
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "draft_reader"
        constraints = [
            # also: who has a draft open
            models.UniqueConstraint(fields=["draft", "operator"], name="draft_reader_once"),
        ]
        indexes = [
            # may this operator be deleted
            models.Index(fields=["operator"], name="draft_reader_operator"),
        ]
