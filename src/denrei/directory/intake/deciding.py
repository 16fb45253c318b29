"""What an operator decides about an import: write it, end it, begin a dead piece of work anew.

Each takes the row's lock and looks at its state again, so that a second press does nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.accounts.models import Operator
from denrei.directory.intake import pieces, queueing
from denrei.directory.intake.models import WAITING, ImportState, PeopleImport


class ImportMovedError(Exception):
    """The import is no longer where the operator saw it; nothing was done."""


def order(one: PeopleImport, actor: Operator, *, run: int) -> None:
    """Have what was examined by `run` written. Raises ImportMovedError."""
    with tenancy.acting_for(one.organization_id):
        present = _locked(one)
        if present.state != ImportState.EXAMINED or present.run != run or not present.taken:
            raise ImportMovedError
        present.actor, present.actor_name = actor, actor.name
        _begin_anew(present, ImportState.ORDERED)


def cancel(one: PeopleImport) -> None:
    """End an import before anything was written, and forget its file. Raises ImportMovedError."""
    with tenancy.acting_for(one.organization_id):
        present = _locked(one)
        if not present.may_be_cancelled:
            raise ImportMovedError
        present.state = ImportState.CANCELLED
        present.is_broken = False
        present.save(update_fields=["state", "is_broken"])
        pieces.forget(present)


def again(one: PeopleImport, now: datetime) -> None:
    """Begin a piece of work anew that nobody works on. Raises ImportMovedError."""
    with tenancy.acting_for(one.organization_id):
        present = _locked(one)
        if not present.is_stuck(now):
            raise ImportMovedError
        _begin_anew(present, _before(present))


def undo(one: PeopleImport, actor: Operator, *, run: int, now: datetime) -> None:
    """Have an import undone whose end was shown as `run`. Raises ImportMovedError."""
    with tenancy.acting_for(one.organization_id):
        present = _locked(one)
        if present.run != run or not present.may_be_undone(now):
            raise ImportMovedError
        present.undoer, present.undoer_name = actor, actor.name
        present.rows_expected = present.taken
        _begin_anew(present, ImportState.UNDO_ORDERED)


def _before(present: PeopleImport) -> ImportState:
    """Return the state in which a dead piece of work waits again."""
    if present.is_undoing:
        return ImportState.UNDO_ORDERED
    return ImportState.ORDERED if present.is_writing else ImportState.WAITING


def _locked(one: PeopleImport) -> PeopleImport:
    found = PeopleImport.objects.select_for_update().filter(pk=one.pk).first()
    if found is None:
        raise ImportMovedError
    return found


def _begin_anew(present: PeopleImport, state: ImportState) -> None:
    assert state in WAITING
    present.state = state
    present.run += 1
    present.rows_done = 0
    present.is_broken = False
    present.save()
    PeopleImport.objects.filter(pk=present.pk).update(moved_at=Now())
    queueing.ask_for(present)
