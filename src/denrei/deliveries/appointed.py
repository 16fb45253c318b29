"""What the workers' clock launches at its time: 予約, and reminders of a broadcast that was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, OrganizationRow
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast, Draft


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


class ReminderState(models.TextChoices):
    """How a reminder stands."""

    #: Its time has not come.
    WAITING = "waiting", _("予定")
    #: It went out as a wave.
    SENT = "sent", _("送信済")
    #: An operator took it back, or stopped the broadcast.
    CANCELLED = "cancelled", _("取消")
    #: Everybody had answered.
    NEEDLESS = "needless", _("不要")
    #: denrei was not running at its time, and a later one went out for both.
    MERGED = "merged", _("まとめて送信")
    #: A medium of the launch has no way any more: not sent.
    FAILED = "failed", _("送信不可")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Questions about reminders."""

    def of(self, broadcast_id: int) -> Self:
        """Tell the reminders of a broadcast, the earliest first."""
        return self.filter(broadcast_id=broadcast_id).order_by("due_at")

    def waiting(self) -> Self:
        """Tell those whose time has not come."""
        return self.filter(state=ReminderState.WAITING)


class Reminder(OrganizationRow):
    """再通知 by itself at a set time, to those without an answer (OPS-1). Written by `reminding`."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, related_name="reminders", db_index=False
    )
    due_at = models.DateTimeField()
    state = models.TextField(choices=ReminderState.choices, default=ReminderState.WAITING)
    #: The wave that it went out as.
    wave = models.SmallIntegerField(null=True)
    #: Who asked for it; None: no operator launched the broadcast.
    by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="reminders", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        db_table = "reminder"
        constraints = [
            # once at a time; the reminders of a broadcast
            models.UniqueConstraint(fields=["broadcast", "due_at"], name="reminder_once"),
        ]
        indexes = [
            # what is due
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="reminder_due"),
            # may this operator be deleted
            models.Index(fields=["by"], name="reminder_by"),
        ]
