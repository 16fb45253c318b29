"""Forgetting what imports keep of people: files after a day, fates and what was before after a week.

Counts stay, and whom an import wrote, for their histories.
"""

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
    ImportFate,
    ImportState,
    PeopleImport,
)

_UNDOING = (ImportState.UNDO_ORDERED, ImportState.UNDOING)


def forget(now: datetime) -> None:
    """Do so in all organizations; to be run as `denrei_worker`, which sees them all."""
    for organization in Organization.objects.order_by("pk"):
        with tenancy.acting_for(organization.pk):
            _end_undecided(now)
            ImportFate.objects.filter(
                people_import__state__in=ENDED, people_import__created_at__lt=now - REMEMBERED
            ).delete()
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
