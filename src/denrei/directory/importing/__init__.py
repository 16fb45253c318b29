"""Importing people from a CSV file or a workbook: first a dry run that tells each row's fate, then the import.

Both read the file alike and judge alike; the import writes, in one transaction. Fates are handed
over as they are judged, so memory grows only by what recognizes a second row of one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.db import IntegrityError

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator, Organization, Unit
from denrei.directory.importing import applying, examining, reading, workbook
from denrei.directory.importing.fates import Fate, Summary, Verdict
from denrei.directory.importing.faults import FileFault, ImportConflictError, ImportFileError
from denrei.directory.importing.identity import RowsAbove
from denrei.directory.importing.judging import Desk, Final
from denrei.directory.importing.masters import Masters
from denrei.directory.importing.reading import Source, Survey
from denrei.directory.importing.rules import Rules

Tell = Callable[[Fate], None]
Expect = Callable[[int], None]


def look(organization: Organization, file: BinaryIO) -> Survey:
    """Survey a file and, where it is text, understand its header. Raises ImportFileError.

    What a page can say at once; a workbook is opened by the dry run alone.
    """
    surveyed = reading.survey(file)
    if surveyed.encoding != workbook.ENCODING:
        with reading.opened(file, surveyed) as source:
            examining.heading_of(source.rows, examining.own_words(organization))
    return surveyed


def dry_run(
    organization: Organization,
    file: BinaryIO,
    tell: Tell,
    *,
    create_missing: bool = False,
    actor: Operator | None = None,
    within: Unit | None = None,
    expect: Expect = lambda _: None,
) -> Summary:
    """Tell the fate of each row; write nothing. Raises ImportFileError.

    `file` is seekable and stays open. `create_missing`: what units, groups, positions and
    households a row names and nobody created are created; else the row is refused. Nobody outside
    `within` is touched, which is the actor's unit unless said. `expect` learns about how many rows
    there are.
    """
    surveyed = reading.survey(file)
    with tenancy.acting_for(organization.pk), reading.opened(file, surveyed) as source:
        expect(source.expected)
        desk = _desk(create_missing, within or _unit_of(actor))
        return Examination(organization, surveyed, source, desk).run(tell, lambda _: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What whoever imports does between judging and writing, in the same transaction."""

    #: Asked when all fates are told and nothing is written yet; if it says no, nothing will be.
    agree: Callable[[], bool] = lambda: True
    #: Called when it is staged who will be written.
    keep: Callable[[], None] = lambda: None


_NOTHING = Between()


def apply(
    organization: Organization,
    file: BinaryIO,
    tell: Tell = lambda _: None,
    *,
    expected_digest: str | None = None,
    create_missing: bool = False,
    actor: Operator | None = None,
    within: Unit | None = None,
    between: Between = _NOTHING,
) -> Summary:
    """Import the rows that are not refused, all or none, and record it in the audit trail.

    `expected_digest`: that of the dry run; another file is refused. Raises ImportFileError, and
    ImportConflictError where somebody changed the same people meanwhile.
    """
    surveyed = reading.survey(file)
    if expected_digest not in {None, surveyed.digest}:
        raise ImportFileError(FileFault.OTHER_FILE)
    try:
        with tenancy.acting_for(organization.pk), reading.opened(file, surveyed) as source:
            applying.begin(organization.pk)
            desk = _desk(create_missing, within or _unit_of(actor))
            summary = Examination(organization, surveyed, source, desk).run(tell, applying.stage)
            if not between.agree():
                applying.leave()
                return summary
            applying.write(organization, desk.masters, desk.rules.within, between.keep)
            _record(organization, actor, summary)
    except IntegrityError as error:
        raise ImportConflictError from error
    return replace(summary, written=True)


def _unit_of(actor: Operator | None) -> Unit | None:
    return actor.unit if actor else None


def _desk(create_missing: bool, within: Unit | None) -> Desk:
    masters = Masters()
    masters.load()
    rules = Rules(create_missing=create_missing, within=within)
    return Desk(rules=rules, masters=masters, above=RowsAbove())


@dataclass(frozen=True, slots=True)
class Examination:
    """One pass over an open file."""

    organization: Organization
    surveyed: Survey
    source: Source
    desk: Desk

    def run(self, tell: Tell, stage: Callable[[list[Final]], None]) -> Summary:
        """Tell the fate of each row; hand over what accepted rows make of people."""
        counts = Counter(dict.fromkeys(Verdict, 0))
        own = examining.own_words(self.organization)
        heading = examining.heading_of(self.source.rows, own)
        numbers = examining.NumberCells(heading)
        rows = numbers.watch(self.source.rows)
        for batch in examining.judgements(rows, heading, self.desk):
            for judgement in batch:
                counts[judgement.fate.verdict] += 1
                tell(judgement.fate)
            stage([judgement.final for judgement in batch if judgement.final])
        return Summary(
            digest=self.surveyed.digest,
            encoding=self.surveyed.encoding,
            counts=counts,
            header=heading.cells,
            columns=heading.meanings,
            unknown_columns=heading.unknown,
            notes=(*self.source.notes, *numbers.notes()),
            created=examining.created(self.desk),
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
