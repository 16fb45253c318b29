"""Importing people from a CSV file: first a dry run that tells each row's fate, then the import.

Both read the file alike and judge alike; the import writes, in one transaction. Fates are handed
over as they are judged, so memory grows only by what recognizes a second row of one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import BinaryIO

from django.db import IntegrityError

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.directory.importing import applying, examining, reading
from denrei.directory.importing.fates import Fate, Summary, Verdict
from denrei.directory.importing.faults import FileFault, ImportConflictError, ImportFileError
from denrei.directory.importing.identity import RowsAbove
from denrei.directory.importing.judging import Desk, Final
from denrei.directory.importing.masters import Masters
from denrei.directory.importing.reading import Survey
from denrei.directory.importing.rules import Rules

Tell = Callable[[Fate], None]


def dry_run(
    organization: Organization,
    file: BinaryIO,
    tell: Tell,
    *,
    create_missing: bool = False,
    actor: Operator | None = None,
) -> Summary:
    """Tell the fate of each row; write nothing. Raises ImportFileError.

    `file` is seekable and stays open. `create_missing`: what units, groups, positions and
    households a row names and nobody created are created; else the row is refused. An `actor` who
    belongs to a unit touches nobody outside it.
    """
    surveyed = reading.survey(file)
    with tenancy.acting_for(organization.pk):
        desk = _desk(create_missing=create_missing, actor=actor)
        return _examine(file, surveyed, desk, tell, lambda _: None)


def apply(
    organization: Organization,
    file: BinaryIO,
    tell: Tell = lambda _: None,
    *,
    expected_digest: str | None = None,
    create_missing: bool = False,
    actor: Operator | None = None,
) -> Summary:
    """Import the rows that are not refused, all or none, and record it in the audit trail.

    `expected_digest`: that of the dry run; another file is refused. Raises ImportFileError, and
    ImportConflictError where somebody changed the same people meanwhile.
    """
    surveyed = reading.survey(file)
    if expected_digest not in {None, surveyed.digest}:
        raise ImportFileError(FileFault.OTHER_FILE)
    try:
        with tenancy.acting_for(organization.pk):
            applying.begin(organization.pk)
            desk = _desk(create_missing=create_missing, actor=actor)
            summary = _examine(file, surveyed, desk, tell, applying.stage)
            applying.write(organization, desk.masters, desk.rules.within)
            _record(organization, actor, summary)
    except IntegrityError as error:
        raise ImportConflictError from error
    return summary


def _desk(*, create_missing: bool, actor: Operator | None) -> Desk:
    masters = Masters()
    masters.load()
    rules = Rules(create_missing=create_missing, within=actor.unit if actor else None)
    return Desk(rules=rules, masters=masters, above=RowsAbove())


def _examine(
    file: BinaryIO, surveyed: Survey, desk: Desk, tell: Tell, stage: Callable[[list[Final]], None]
) -> Summary:
    counts = Counter(dict.fromkeys(Verdict, 0))
    rows = reading.rows(file, surveyed)
    try:
        heading = examining.heading_of(rows)
        for batch in examining.judgements(rows, heading, desk):
            for judgement in batch:
                counts[judgement.fate.verdict] += 1
                tell(judgement.fate)
            stage([judgement.final for judgement in batch if judgement.final])
    finally:
        rows.close()
    return Summary(
        digest=surveyed.digest,
        encoding=surveyed.encoding,
        counts=counts,
        unknown_columns=heading.unknown,
        created=examining.created(desk),
    )


def _record(organization: Organization, actor: Operator | None, summary: Summary) -> None:
    audit.record(
        organization.pk,
        "people.imported",
        organization,
        actor,
        after={
            "digest": summary.digest,
            "rows": dict(summary.counts),
            "created": {kind: len(names) for kind, names in summary.created.items()},
        },
    )
