"""Tables of imports that operators asked for: the import, its file, the fates of its rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, OrganizationRow, Unit
from denrei.directory.verdicts import Verdict

#: After so long without a sign of life a piece of work counts as dead; it gives one each second.
SILENCE = timedelta(seconds=30)
#: After so long nobody waits for a worker without a word.
PATIENCE = timedelta(seconds=8)
#: After so long without a beginning the request may have been lost with the queue's rows.
LOST = timedelta(minutes=5)
#: How long a file is kept that nobody decided about.
KEPT = timedelta(days=1)
#: How long a whole import can be undone.
REMEMBERED = timedelta(days=7)


class ImportState(models.TextChoices):
    """How far an import is."""

    #: For a worker, to be examined.
    WAITING = "waiting", _("確認待ち")
    #: A worker reads the file; nothing is written.
    EXAMINING = "examining", _("確認中")
    #: The fates are there; an operator decides.
    EXAMINED = "examined", _("確認済み")
    #: The file cannot be imported at all.
    UNUSABLE = "unusable", _("読み取れません")
    #: For a worker, to be written.
    ORDERED = "ordered", _("取り込み待ち")
    #: A worker writes it.
    APPLYING = "applying", _("取り込み中")
    #: It is in the address book.
    APPLIED = "applied", _("取り込み済み")
    #: An operator, or a day without a word, ended it.
    CANCELLED = "cancelled", _("取りやめ")
    #: For a worker, to be undone.
    UNDO_ORDERED = "undo_ordered", _("元に戻す待ち")
    #: A worker undoes it.
    UNDOING = "undoing", _("元に戻しています")
    #: The address book is as before it, but for those whom `ImportedPerson` names.
    UNDONE = "undone", _("元に戻しました")


WAITING = frozenset({ImportState.WAITING, ImportState.ORDERED, ImportState.UNDO_ORDERED})
RUNNING = frozenset({ImportState.EXAMINING, ImportState.APPLYING, ImportState.UNDOING})
#: Nothing will be done any more, unless somebody has an import undone.
ENDED = frozenset(
    {ImportState.UNUSABLE, ImportState.APPLIED, ImportState.CANCELLED, ImportState.UNDONE}
)


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    """Questions about imports."""

    def visible_to(self, operator: Operator) -> Self:
        """Tell those of the operator's unit and below; without a unit, all (ALL-5)."""
        return self.filter(unit__path__startswith=operator.unit.path) if operator.unit else self

    def newest_first(self) -> Self:
        """Sort as the list shows them."""
        return self.order_by("-id")


class PeopleImport(OrganizationRow):
    """One file of people. Written by `receiving`, `deciding` and `running`."""

    #: Nobody outside it is touched: that of the operator who brought the file. None: everybody.
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, related_name="people_imports", db_index=False
    )
    #: Who brought the file, then who ordered it to be written.
    actor = models.ForeignKey(
        Operator,
        on_delete=models.SET_NULL,
        null=True,
        related_name="people_imports",
        db_index=False,
    )
    actor_name = models.TextField(default="", db_default="")
    file_name = models.TextField()
    size = models.BigIntegerField()
    #: SHA-256 of the file, hexadecimal.
    digest = models.TextField()
    #: What a row names and nobody created is created.
    create_missing = models.BooleanField(default=False, db_default=False)
    state = models.TextField(choices=ImportState.choices, default=ImportState.WAITING)
    #: Rises with each piece of work that is asked for: only the last one counts.
    run = models.PositiveIntegerField(default=1, db_default=1)
    #: Rows judged by the present work, and about how many there are (0: nobody knows).
    rows_done = models.IntegerField(default=0, db_default=0)
    rows_expected = models.IntegerField(default=0, db_default=0)
    #: By `Verdict` value, how many rows.
    counts = models.JSONField(default=dict, db_default={})
    #: Rows that are taken with a warning.
    warned = models.IntegerField(default=0, db_default=0)
    #: Rows whose fate is another than at the last look; then it was examined anew by itself.
    differing = models.IntegerField(default=0, db_default=0)
    #: What a summary says of the whole file: encoding, header, columns, unknown, notes, created.
    findings = models.JSONField(default=dict, db_default={})
    #: Why the file cannot be imported: a sentence.
    fault = models.TextField(default="", db_default="")
    #: The present work ended before its end.
    is_broken = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())
    #: The last sign of life of whoever has it.
    moved_at = models.DateTimeField(db_default=Now())
    #: `updated_at` of everybody whom it wrote, and had not been written since; None: nothing was.
    written_at = models.DateTimeField(null=True)
    #: Who had it undone.
    undoer = models.ForeignKey(
        Operator,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    undoer_name = models.TextField(default="", db_default="")
    #: By `Outcome` value, how many people.
    undone = models.JSONField(default=dict, db_default={})

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        db_table = "people_import"
        indexes = [
            # the list of imports, newest first; those to be forgotten
            models.Index(fields=["organization", "-id"], name="people_import_newest"),
            # may this unit be deleted
            models.Index(fields=["unit"], name="people_import_unit"),
            # may this operator be deleted
            models.Index(fields=["actor"], name="people_import_actor"),
        ]

    @property
    def waits(self) -> bool:
        """Whether it waits for a worker."""
        return self.state in WAITING

    @property
    def runs(self) -> bool:
        """Whether a worker has it."""
        return self.state in RUNNING

    @property
    def has_ended(self) -> bool:
        """Whether nothing will be done any more."""
        return self.state in ENDED

    @property
    def may_be_cancelled(self) -> bool:
        """Whether it can be ended without a trace: until a worker writes."""
        return not (self.has_ended or self.is_undoing) and self.state != ImportState.APPLYING

    @property
    def is_undoing(self) -> bool:
        """Whether the work is, or will be, to undo it."""
        return self.state in {ImportState.UNDO_ORDERED, ImportState.UNDOING}

    def may_be_undone(self, now: datetime) -> bool:
        """Tell whether what was before is still known."""
        if self.state != ImportState.APPLIED or self.written_at is None:
            return False
        return now - self.written_at < REMEMBERED

    @property
    def is_writing(self) -> bool:
        """Whether the work is, or will be, the import itself."""
        return self.state in {ImportState.ORDERED, ImportState.APPLYING, ImportState.APPLIED}

    @property
    def taken(self) -> int:
        """Return how many people are new or change."""
        return self.count(Verdict.NEW) + self.count(Verdict.CHANGED)

    @property
    def rows(self) -> int:
        """Return how many rows the file has."""
        return sum(self.counts.values())

    def count(self, verdict: Verdict) -> int:
        """Return how many rows have a fate."""
        return int(self.counts.get(verdict.value, 0))

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether a worker should have begun long ago."""
        return self.waits and now - self.moved_at > PATIENCE

    def is_stuck(self, now: datetime) -> bool:
        """Tell whether nobody works on it although somebody should, so that it may begin anew."""
        silent = now - self.moved_at
        return self.is_broken or (self.runs and silent > SILENCE) or (self.waits and silent > LOST)


class ImportPiece(OrganizationRow):
    """A part of a file, in order; deleted as soon as the import ends. Written by `pieces`."""

    people_import = models.ForeignKey(
        PeopleImport, on_delete=models.CASCADE, related_name="pieces", db_index=False
    )
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "people_import_piece"
        constraints = [
            # also: the pieces of a file in order
            models.UniqueConstraint(
                fields=["people_import", "number"], name="people_import_piece_once"
            ),
        ]


class ImportFateQuerySet(models.QuerySet["ImportFate"]):
    """Questions about fates."""

    def warned(self) -> Self:
        """Tell rows that are taken with a warning."""
        return self.filter(has_warning=True)

    def troubled(self) -> Self:
        """Tell rows that are refused or taken with a warning."""
        return self.filter(Q(verdict=Verdict.REFUSED.value) | Q(has_warning=True))

    def differing(self) -> Self:
        """Tell rows whose fate changed between two looks."""
        return self.filter(differs=True)


class ImportFate(OrganizationRow):
    """What becomes of one row, as `Fate`; its retention is short. Written by `recording`."""

    people_import = models.ForeignKey(
        PeopleImport, on_delete=models.CASCADE, related_name="fates", db_index=False
    )
    line = models.IntegerField()
    verdict = models.TextField(choices=[(verdict.value, verdict.value) for verdict in Verdict])
    code = models.TextField(default="")
    name = models.TextField(default="")
    changed = ArrayField(models.TextField())
    reasons = ArrayField(models.TextField())
    warnings = ArrayField(models.TextField())
    #: Of a refused row: its cells as the file has them.
    cells = ArrayField(models.TextField())
    #: Taken, with a warning.
    has_warning = models.BooleanField()
    differs = models.BooleanField()

    objects = ImportFateQuerySet.as_manager()

    class Meta:
        db_table = "people_import_fate"
        constraints = [
            # also: all fates of an import in the order of the file
            models.UniqueConstraint(
                fields=["people_import", "line"], name="people_import_fate_once"
            ),
        ]
        indexes = [
            # the fates of one kind in the order of the file; refused rows to be corrected
            models.Index(
                fields=["people_import", "verdict", "line"], name="people_import_fate_verdict"
            ),
            # rows to be looked at: refused or warned
            models.Index(
                fields=["people_import", "line"],
                condition=Q(verdict="refused") | Q(has_warning=True),
                name="people_import_fate_trouble",
            ),
            # rows that are taken with a warning
            models.Index(
                fields=["people_import", "line"],
                condition=Q(has_warning=True),
                name="people_import_fate_warned",
            ),
            # rows that changed between two looks
            models.Index(
                fields=["people_import", "line"],
                condition=Q(differs=True),
                name="people_import_fate_differs",
            ),
        ]

    @property
    def kind(self) -> Verdict:
        """Return the verdict as what it is."""
        return Verdict(self.verdict)


class Outcome(models.TextChoices):
    """What undoing an import did about one person."""

    #: A person that it had added is gone.
    REMOVED = "removed", _("名簿から削除")
    #: A person that it had added was meant by a broadcast since, and left: the story stays.
    LEFT = "left", _("退会")
    #: A person that it had changed is as before.
    RESTORED = "restored", _("前の内容に戻した")
    #: Somebody changed the person since: nothing was done.
    KEPT = "kept", _("そのまま")


class ImportedPerson(OrganizationRow):
    """A person whom an import wrote: for his history, and to undo it. Written by `keeping`, `undoing`."""

    people_import = models.ForeignKey(
        PeopleImport, on_delete=models.CASCADE, related_name="people", db_index=False
    )
    recipient = models.ForeignKey(
        "directory.Recipient", on_delete=models.CASCADE, related_name="imports", db_index=False
    )
    is_new = models.BooleanField()
    #: What changed, as `Fate` says it.
    changed = ArrayField(models.TextField())
    #: What was before, as `keeping` writes it; None: forgotten after a week.
    before = models.JSONField(null=True)
    #: `Outcome`; "": the import was not undone.
    outcome = models.TextField(choices=Outcome.choices, default="", db_default="")

    class Meta:
        db_table = "people_import_person"
        constraints = [
            # also: the people of an import
            models.UniqueConstraint(
                fields=["people_import", "recipient"], name="people_import_person_once"
            ),
        ]
        indexes = [
            # the imports of a person
            models.Index(fields=["recipient"], name="people_import_person_of"),
            # what is to be forgotten after a week, asked every hour
            models.Index(
                fields=["people_import"],
                condition=models.Q(before__isnull=False),
                name="people_import_person_known",
            ),
        ]
