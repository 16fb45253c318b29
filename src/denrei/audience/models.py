"""The frozen audience, for reading; the table is made by the files in `sql`, written by `freezing`."""

from __future__ import annotations

from typing import Self

from django.db import models

from denrei.accounts.models import Operator, Unit
from denrei.broadcasts.models import Broadcast
from denrei.domain.states import Grade, Look


class AudienceQuerySet(models.QuerySet["AudienceMember"]):
    """Questions about an audience."""

    def of(self, broadcast_id: int) -> Self:
        """Tell everybody who was meant by a broadcast."""
        return self.filter(broadcast_id=broadcast_id)

    def visible_to(self, operator: Operator) -> Self:
        """Tell whom an operator sees: all, or those who were of his unit and below then (ALL-5)."""
        if operator.unit is None:
            return self
        return self.filter(unit_id__in=Unit.objects.visible_to(operator).values("pk"))

    def weakest_first(self) -> Self:
        """Sort as lists of people show them: unreached first."""
        return self.order_by("grade", "recipient_id")


class AudienceMember(models.Model):
    """One person as meant by one broadcast, with the best evidence of having been reached."""

    pk = models.CompositePrimaryKey("broadcast", "recipient_id")
    organization_id = models.BigIntegerField()
    broadcast = models.ForeignKey(Broadcast, on_delete=models.DO_NOTHING, related_name="audience")
    recipient_id = models.BigIntegerField()
    household_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    grade = models.SmallIntegerField(choices=[(grade.value, grade.name) for grade in Grade])
    language = models.TextField()
    name = models.TextField()
    #: Who looked at the answer page of any delivery to this person.
    looked = models.SmallIntegerField(
        choices=[(look.value, look.name) for look in Look], default=Look.NOBODY
    )
    #: `denrei.broadcasts.content.Choice.code` of the latest answer; "": none, or 受信確認 only.
    choice = models.TextField(default="")
    #: The latest answer calls for help.
    needs_help = models.BooleanField(default=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        db_table = "audience"
        managed = False

    def __str__(self) -> str:
        return f"audience {self.broadcast_id}/{self.recipient_id}"
