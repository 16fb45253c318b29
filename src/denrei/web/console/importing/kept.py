"""Whom undoing an import leaves alone, because somebody changed them since."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from denrei.accounts.models import Operator
from denrei.directory.intake import undoing
from denrei.directory.intake.models import ImportedPerson, ImportState, Outcome, PeopleImport
from denrei.directory.models import Recipient

#: Names that a page shows.
_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Some of them, and how many more there are."""

    people: tuple[Recipient, ...]
    rest: int


def of(one: PeopleImport, operator: Operator, number: int | None = None) -> Kept:
    """Return those who were left alone, or would be; of them the operator is shown whom he sees (ALL-5).

    `number`: how many they are; None: as the import says.
    """
    is_done = one.state == ImportState.UNDONE
    condition = Q(outcome=Outcome.KEPT) if is_done else undoing.CHANGED_SINCE
    found = ImportedPerson.objects.filter(condition, people_import=one).values("recipient")
    shown = Recipient.objects.visible_to(operator).filter(pk__in=found).in_order()[:_SHOWN]
    people = tuple(shown)
    whole = one.undone.get(Outcome.KEPT.value, 0) if number is None else number
    return Kept(people=people, rest=whole - len(people))
