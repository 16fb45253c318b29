"""One piece of work on an import: begin, examine, write or undo, end; each once, whoever runs it twice.

The queue may hand a job out twice, or hand out one that was cancelled: what begins is asked of the
row under its lock, and what ends is written only where the row still says so (`run` and state).
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import IntegrityError
from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.directory import importing
from denrei.directory.importing import Between
from denrei.directory.importing.fates import Fate, Summary
from denrei.directory.importing.faults import ImportConflictError, ImportFileError
from denrei.directory.intake import keeping, pieces, undoing
from denrei.directory.intake.beating import Beat, LostError, beating
from denrei.directory.intake.models import RUNNING, WAITING, ImportState, PeopleImport
from denrei.directory.intake.recording import Record
from denrei.domain import text

_BEGINS = {
    ImportState.WAITING: ImportState.EXAMINING,
    ImportState.EXAMINING: ImportState.EXAMINING,
    ImportState.ORDERED: ImportState.APPLYING,
    ImportState.APPLYING: ImportState.APPLYING,
    ImportState.UNDO_ORDERED: ImportState.UNDOING,
    ImportState.UNDOING: ImportState.UNDOING,
}
_HANDED_BACK = {
    ImportState.EXAMINING: ImportState.WAITING,
    ImportState.APPLYING: ImportState.ORDERED,
    ImportState.UNDOING: ImportState.UNDO_ORDERED,
}


def work(organization_id: int, import_id: int, run: int) -> None:
    """Do the piece of work that was asked for as `run`; nothing where it is wanted no longer."""
    one = _begin(organization_id, import_id, run)
    if one is None:
        return
    try:
        if one.state == ImportState.UNDOING:
            _undo(one)
            return
        with pieces.whole(one) as file, beating(one) as beat:
            if one.state == ImportState.APPLYING:
                _apply(one, file, beat)
            else:
                _examine(one, file, beat)
    except ImportFileError as error:
        _give_up(one, str(error))
    except LostError:
        return


def hand_back(organization_id: int, import_id: int, run: int) -> None:
    """Let the next worker begin anew what is at work; what ended meanwhile stays ended."""
    with tenancy.acting_for(organization_id):
        mine = PeopleImport.objects.filter(pk=import_id, run=run)
        for at_work, before in _HANDED_BACK.items():
            mine.filter(state=at_work).update(state=before)


def broke(organization_id: int, import_id: int, run: int) -> None:
    """Note that whoever worked on it ended before its end."""
    with tenancy.acting_for(organization_id):
        found = PeopleImport.objects.filter(pk=import_id, run=run, state__in=RUNNING | WAITING)
        found.update(is_broken=True)


def _begin(organization_id: int, import_id: int, run: int) -> PeopleImport | None:
    with tenancy.acting_for(organization_id):
        one = PeopleImport.objects.select_for_update().filter(pk=import_id, run=run).first()
        if one is None or one.state not in _BEGINS:
            return None
        one.state = _BEGINS[ImportState(one.state)]
        _set(one, state=one.state, rows_done=0, is_broken=False, moved_at=Now())
        return one


def _examine(one: PeopleImport, file: BinaryIO, beat: Beat) -> None:
    """Tell and store each row's fate; write nobody."""
    with tenancy.acting_for(one.organization_id):
        record = Record(one)
        summary = importing.dry_run(
            one.organization,
            file,
            _teller(record, beat),
            create_missing=one.create_missing,
            actor=one.actor,
            within=one.unit,
            expect=beat.expect,
        )
        warned, differing = record.compare()
        record.store()
        _end(one, ImportState.EXAMINED, summary, warned=warned, differing=differing)


def _apply(one: PeopleImport, file: BinaryIO, beat: Beat) -> None:
    """Write what was looked at; where the address book changed since, only look again."""
    try:
        with tenancy.acting_for(one.organization_id):
            _write(one, file, beat)
    except (ImportConflictError, IntegrityError):
        _set(one, state=ImportState.EXAMINING)
        one.state = ImportState.EXAMINING
        _examine(one, file, beat)


def _write(one: PeopleImport, file: BinaryIO, beat: Beat) -> None:
    record = Record(one)
    compared: list[tuple[int, int]] = []

    def agree() -> bool:
        compared.append(record.compare())
        return compared[-1][1] == 0

    moments: list[datetime] = []
    summary = importing.apply(
        one.organization,
        file,
        _teller(record, beat),
        expected_digest=one.digest,
        create_missing=one.create_missing,
        actor=one.actor,
        within=one.unit,
        between=Between(agree=agree, keep=lambda: moments.append(keeping.keep(one))),
    )
    ((warned, differing),) = compared
    if summary.written:
        pieces.forget(one)
        _end(one, ImportState.APPLIED, summary, warned=warned, differing=0)
        _set(one, written_at=moments[0])
    else:
        record.store()
        _end(one, ImportState.EXAMINED, summary, warned=warned, differing=differing)


def _undo(one: PeopleImport) -> None:
    with beating(one) as beat, tenancy.acting_for(one.organization_id):
        beat.expected = one.people.count()
        undone = undoing.undo(one, beat.row)
        _set(
            one,
            state=ImportState.UNDONE,
            undone=undone,
            rows_done=sum(undone.values()),
            moved_at=Now(),
        )


def _teller(record: Record, beat: Beat) -> importing.Tell:
    def tell(fate: Fate) -> None:
        record.tell(fate)
        beat.row()

    return tell


def _give_up(one: PeopleImport, fault: str) -> None:
    """End an import whose file cannot be imported at all."""
    with tenancy.acting_for(one.organization_id):
        pieces.forget(one)
        _set(one, state=ImportState.UNUSABLE, fault=fault)


def _end(
    one: PeopleImport, state: ImportState, summary: Summary, *, warned: int, differing: int
) -> None:
    """Write how it ended, in the transaction of the work itself. Raises LostError."""
    _set(
        one,
        state=state,
        rows_done=summary.rows,
        rows_expected=summary.rows,
        counts={verdict.value: count for verdict, count in summary.counts.items()},
        warned=warned,
        differing=differing,
        findings=_findings(summary),
        moved_at=Now(),
    )


def _findings(summary: Summary) -> dict[str, object]:
    return {
        "encoding": summary.encoding,
        "header": [text.clean(title).text for title in summary.header],
        "columns": list(summary.columns.items()),
        "unknown": list(summary.unknown_columns),
        "notes": list(summary.notes),
        "created": {kind: list(names) for kind, names in summary.created.items()},
    }


def _set(one: PeopleImport, **values: object) -> None:
    """Change the row where this work is still the one that is wanted. Raises LostError."""
    with tenancy.acting_for(one.organization_id):
        mine = PeopleImport.objects.filter(pk=one.pk, run=one.run).exclude(
            state=ImportState.CANCELLED
        )
        if not mine.update(**values):
            raise LostError
