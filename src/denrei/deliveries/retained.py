"""What became of a broadcast's details (OPS-8): emptied when their time was over, or held against it.

Whoever empties or holds a broadcast locks its waves first, so that neither happens beside the other
nor beside a wave that begins.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Now

from denrei.accounts.models import Operator, OrganizationRow
from denrei.broadcasts.models import Broadcast
from denrei.domain.retention import Period


class Emptied(OrganizationRow):
    """A broadcast whose people, deliveries and answers are deleted; its figures and seals stay.

    From the moment that there is a row, nothing of it is shown or answered any more, also while the
    deletion goes on. Written by `denrei.retention.emptying`.
    """

    broadcast = models.OneToOneField(
        Broadcast, on_delete=models.PROTECT, related_name="emptied", primary_key=True
    )
    #: `Period.code` that was in force.
    kept = models.TextField()
    begun_at = models.DateTimeField(db_default=Now())
    #: None: some of it is still there.
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "emptied"
        indexes = [
            # EMPTY: what is to be gone on with
            models.Index(
                fields=["organization"], condition=models.Q(done_at=None), name="emptied_open"
            ),
        ]

    @property
    def period(self) -> Period:
        """Return how long it was kept."""
        return Period.of(self.kept)


class HoldQuerySet(models.QuerySet["Hold"]):
    """Questions about holds."""

    def of(self, broadcast_id: int) -> Self:
        """Tell the hold of a broadcast, if there is one."""
        return self.filter(broadcast_id=broadcast_id)


class Hold(OrganizationRow):
    """保留: the details of this broadcast are not deleted, however old. Written by `holding`."""

    broadcast = models.OneToOneField(
        Broadcast, on_delete=models.PROTECT, related_name="hold", primary_key=True
    )
    #: Why, as the administrator wrote it.
    reason = models.TextField()
    since = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        db_table = "hold"
        indexes = [
            # may this operator be deleted
            models.Index(fields=["by"], name="hold_by"),
        ]


def emptied(broadcast_id: int) -> Emptied | None:
    """Return that a broadcast was emptied; None: its details are there."""
    return Emptied.objects.filter(pk=broadcast_id).first()
