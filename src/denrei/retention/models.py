"""The report of the nightly rounds: one row for each night, organization and kind (OPS-8)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from denrei.accounts.models import Organization


class RetentionRunQuerySet(models.QuerySet["RetentionRun"]):
    """Questions about the report."""

    def of_night(self, night: date) -> Self:
        """Tell what was, or is to be, done in one night."""
        return self.filter(night=night)

    def of(self, organization: int | None, kind: str) -> Self:
        """Tell those of one kind of one organization, or of none."""
        return self.of_organization(organization).filter(kind=kind)

    def newest_first(self) -> Self:
        """Sort as the page of the report shows them."""
        return self.order_by("-night", "id")

    def of_organization(self, organization: int | None) -> Self:
        """Tell those of one organization, or of none."""
        return self.filter(Q(organization=organization) if organization else Q(organization=None))

    def failing(self) -> Self:
        """Tell those that could not be brought to an end; they are tried again until they are."""
        return self.filter(ended_at=None).exclude(trouble="")


class RetentionRun(models.Model):
    """One kind of data of one organization in one night. Written by `rounds`, batch by batch."""

    #: None: what belongs to no organization; seen by the worker alone.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: By the installation's calendar; a night begins at `nights.BEGINS`.
    night = models.DateField()
    #: A key of `denrei.domain.retention.BOUNDS`, or `ARMED`.
    kind = models.TextField()
    #: What is older was deleted; of `ARMED`: nothing is deleted before.
    until = models.DateTimeField()
    began_at = models.DateTimeField(db_default=Now())
    #: Of the last batch.
    moved_at = models.DateTimeField(db_default=Now())
    #: None: it goes on at the next turn of the clock, or in the next night, which closes it here.
    ended_at = models.DateTimeField(null=True)
    #: It was not done when the next night closed it, and is that one's to do.
    handed_on = models.BooleanField(default=False, db_default=False)
    #: What an office counts: broadcasts, mails, people.
    removed = models.BigIntegerField(default=0, db_default=0)
    #: Rows of the database, those that hang on them as well.
    rows = models.BigIntegerField(default=0, db_default=0)
    #: Seconds of work, without the pauses.
    seconds = models.FloatField(default=0, db_default=0)
    #: What the last try failed with, "" where it did not.
    trouble = models.TextField(default="", db_default="")

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        db_table = "retention_run"
        constraints = [
            # also: what of a night is done
            models.UniqueConstraint(
                fields=["night", "organization", "kind"],
                name="retention_run_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            # the report of an organization, newest first
            models.Index(fields=["organization", "-night", "id"], name="retention_run_newest"),
            # the banner: what can't be brought to an end
            models.Index(
                fields=["organization"],
                condition=Q(ended_at=None) & ~Q(trouble=""),
                name="retention_run_failing",
            ),
        ]

    def __str__(self) -> str:
        return f"retention run {self.pk}"
