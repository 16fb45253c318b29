"""Undoing an import: everybody whom it wrote as before, but for those who were changed since (MSG-5).

One transaction, in slices: a worker that dies leaves everything as it was, and the next one begins anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import islice

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.directory.importing import applying
from denrei.directory.intake.models import ImportedPerson, Outcome, PeopleImport
from denrei.directory.models import Contact, ContactState, Recipient, RecipientState
from denrei.domain.states import Medium

#: People at a time.
_SLICE = 1_000
#: In this order, for a slice of `people_import_person`.
_RESTORES = (
    "people",
    "contacts",
    "leave_groups",
    "join_groups",
    "leave_positions",
    "join_positions",
)
_SQL = resources.files("denrei.directory.intake") / "sql"
#: On `ImportedPerson`: somebody changed the person since.
CHANGED_SINCE = ~Q(recipient__updated_at=F("people_import__written_at"))

#: Of people, those whom something above the address book has named: they leave instead of being removed.
Namer = Callable[[Sequence[int]], Iterable[int]]
_namers: list[Namer] = []


def named_by(namer: Namer) -> None:
    """Let a room above say whom it has named (the audience of broadcasts)."""
    _namers.append(namer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What undoing does about the people of one slice: ids of recipients."""

    removed: tuple[int, ...]
    left: tuple[int, ...]
    restored: tuple[int, ...]
    kept: tuple[int, ...]
    #: Ids of children who are kept, too.
    kept_children: tuple[int, ...]

    @property
    def people(self) -> int:
        """How many there are, without the children."""
        return sum(len(getattr(self, outcome.value)) for outcome in Outcome)

    def counts(self) -> Counter[str]:
        """Return how many there are, by `Outcome` value; children who are kept among the kept."""
        counts = {outcome.value: len(getattr(self, outcome.value)) for outcome in Outcome}
        return Counter(counts) + Counter({Outcome.KEPT.value: len(self.kept_children)})


def foreseen(one: PeopleImport) -> dict[str, int]:
    """Return what undoing would do now, by `Outcome` value."""
    found: Counter[str] = Counter({outcome.value: 0 for outcome in Outcome})
    for fate in _fates(one):
        found.update(fate.counts())
    return dict(found)


def undo(one: PeopleImport, row: Callable[[], None]) -> dict[str, int]:
    """Do it in the surrounding transaction, and record it; `row` is called for each person.

    Returns how many people had each `Outcome`.
    """
    applying.wait_for_others(one.organization_id)
    found: Counter[str] = Counter({outcome.value: 0 for outcome in Outcome})
    for fate in _fates(one, lock=True):
        _carry_out(one, fate)
        found.update(fate.counts())
        for _ in range(fate.people):
            row()
    ImportedPerson.objects.filter(people_import=one).update(before=None)
    audit.record(
        one.organization_id,
        "people.import_undone",
        one.organization,
        one.undoer,
        after={"file": one.file_name, "digest": one.digest, "rows": dict(found)},
    )
    return dict(found)


def _fates(one: PeopleImport, *, lock: bool = False) -> Iterator[Fate]:
    ids = ImportedPerson.objects.filter(people_import=one).order_by("recipient")
    all_of_them = iter(ids.values_list("recipient", flat=True))
    while people := tuple(islice(all_of_them, _SLICE)):
        if lock:
            people_then = Recipient.objects.filter(pk__in=people).order_by("pk")
            list(people_then.select_for_update().values_list("pk", flat=True))
        yield _fate(one, people)


def _fate(one: PeopleImport, people: Sequence[int]) -> Fate:
    mine = ImportedPerson.objects.filter(people_import=one, recipient__in=people)
    kept = set(mine.filter(CHANGED_SINCE).values_list("recipient", flat=True))
    kept |= _without_unit(one, people)
    new = set(mine.filter(is_new=True).values_list("recipient", flat=True)) - kept
    named = _named(sorted(new))
    undone = [pk for pk in people if pk not in kept]
    return Fate(
        removed=tuple(sorted(new - named)),
        left=tuple(sorted(new & named)),
        restored=tuple(pk for pk in undone if pk not in new),
        kept=tuple(sorted(kept)),
        kept_children=tuple(_run("kept_children", one, undone)),
    )


def _without_unit(one: PeopleImport, people: Sequence[int]) -> set[int]:
    """Return those whose unit of before is gone: without it, whoever cares for them would lose sight of them."""
    return set(_run("without_unit", one, people))


def _named(people: Sequence[int]) -> set[int]:
    return {pk for namer in _namers for pk in namer(people)} & set(people)


def _carry_out(one: PeopleImport, fate: Fate) -> None:
    undone = (*fate.removed, *fate.left, *fate.restored)
    _run("children", one, undone, kept=fate.kept_children)
    _drop_contacts(one, fate.restored)
    for name in _RESTORES:
        _run(name, one, fate.restored)
    leaving = Recipient.objects.filter(pk__in=fate.left)
    leaving.update(state=RecipientState.LEFT, updated_at=Now())
    for outcome in Outcome:
        people = getattr(fate, outcome.value)
        mine = ImportedPerson.objects.filter(people_import=one, recipient__in=people)
        mine.update(outcome=outcome)
    Recipient.objects.filter(pk__in=fate.removed).delete()


def _drop_contacts(one: PeopleImport, people: Collection[int]) -> None:
    """Take away the contacts that the import gave; those that may have been written to are retired."""
    added = Contact.objects.filter(pk__in=_run("added_contacts", one, people)).exclude(
        medium=Medium.APP
    )
    named = _named(sorted(people))
    added.filter(recipient__in=named).update(state=ContactState.RETIRED)
    added.exclude(recipient__in=named).delete()


def _run(
    name: str, one: PeopleImport, people: Collection[int], *, kept: Collection[int] = ()
) -> list[int]:
    """Run a statement of `sql` for some people (and children who are kept); return the ids that it tells."""
    statement = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": one.pk, "people": list(people), "kept": list(kept)})
        return [row[0] for row in cursor.fetchall()] if cursor.description else []
