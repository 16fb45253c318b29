"""The table of テスト連絡: one row for each press (EMC-8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from denrei.accounts.models import Operator, OrganizationRow
from denrei.directory.models import Contact, Recipient
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of

#: A test whose end nobody wrote down by then has none: its worker died.
PATIENCE = timedelta(minutes=5)
#: A refusal that comes later than this is told by the mail that brings it, not by a page that waits.
WATCHED = timedelta(minutes=10)


class ContactTest(OrganizationRow):
    """One message to one contact, as it stands. Pressed by a page, sent by a worker."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="+")
    medium = models.SmallIntegerField()
    #: As it was when the test was pressed.
    address = models.TextField()
    address_key = models.TextField()
    #: `denrei.domain.states.State`: WAITING, ACCEPTED, BOUNCED, FAILED or UNKNOWN.
    state = models.SmallIntegerField(default=0, db_default=0)
    reason = models.SmallIntegerField(default=0, db_default=0)
    #: The words of the other side, or ours where nothing could be sent.
    reply = models.TextField(default="", db_default="")
    #: The address was suppressed, and this test ended that.
    has_released = models.BooleanField(default=False, db_default=False)
    pressed_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    pressed_at = models.DateTimeField(db_default=Now())
    #: A worker began to send: before its first byte.
    began_at = models.DateTimeField(null=True)
    #: When `state` was written.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_test"
        indexes = [
            # the latest of a contact
            models.Index(fields=["contact", "-id"], name="contact_test_latest"),
            # those whose time is over
            models.Index(fields=["pressed_at"], name="contact_test_pressed"),
            # may this operator be deleted
            models.Index(
                fields=["pressed_by"],
                condition=Q(pressed_by__isnull=False),
                name="contact_test_operator",
            ),
        ]

    @property
    def status(self) -> Status:
        """Return the status that people see, the same as a broadcast's (EMC-1)."""
        return status_of(
            Position(
                state=State(self.state),
                medium=Medium(self.medium),
                reason=Reason(self.reason),
                claimed=self.began_at is not None,
            )
        )

    def is_under_way(self, now: datetime) -> bool:
        """Tell whether its end is still to come."""
        return self.state == State.WAITING and now < self.pressed_at + PATIENCE

    def is_lost(self, now: datetime) -> bool:
        """Tell whether nobody will ever know its end."""
        return self.state == State.WAITING and not self.is_under_way(now)

    def may_change(self, now: datetime) -> bool:
        """Tell whether it is worth to look again soon: its end or its return may come."""
        if self.state == State.ACCEPTED:
            return now < self.pressed_at + WATCHED
        return self.is_under_way(now)
