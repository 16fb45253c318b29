"""Ending what nobody decides about: files go after a day, what an undo needs after a week."""

from __future__ import annotations

from datetime import datetime

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.directory.intake import pieces
from denrei.directory.intake.models import (
    ENDED,
    KEPT,
    REMEMBERED,
    RUNNING,
    ImportedPerson,
    ImportState,
    PeopleImport,
)

_UNDOING = (ImportState.UNDO_ORDERED, ImportState.UNDOING)


def expire(now: datetime) -> None:
    """Do so in all organizations; to be run as `denrei_worker`, which sees them all."""
    for organization in Organization.objects.order_by("pk"):
        with tenancy.acting_for(organization.pk):
            _end_undecided(now)
            ImportedPerson.objects.exclude(before=None).filter(
                people_import__state__in=ENDED, people_import__written_at__lt=now - REMEMBERED
            ).update(before=None)


def _end_undecided(now: datetime) -> None:
    """End the imports that nobody decided about for a day; leave one that a worker has.

    One that nobody undid for a day stays as it was: in the address book.
    """
    PeopleImport.objects.filter(state__in=_UNDOING, moved_at__lt=now - KEPT).update(
        state=ImportState.APPLIED, is_broken=False
    )
    undecided = PeopleImport.objects.exclude(state__in=ENDED | RUNNING)
    dead = PeopleImport.objects.filter(state__in=RUNNING)
    for found in (undecided, dead):
        for one in found.filter(moved_at__lt=now - KEPT).select_for_update():
            pieces.forget(one)
            PeopleImport.objects.filter(pk=one.pk).update(
                state=ImportState.CANCELLED, is_broken=False
            )
