"""Which imports came after one that is to be undone: what they only confirmed is taken back with it.

A row that says what is there already writes nobody, so nothing tells of it but the counts of its file.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from denrei.accounts.models import Operator, Unit
from denrei.directory.intake.models import ImportState, PeopleImport
from denrei.directory.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The imports since, newest first."""

    #: Those whose file an operator may see (ALL-5).
    shown: tuple[PeopleImport, ...]
    #: How many more there are.
    rest: int
    #: The id of the newest of all, which tells whether there is another one by now; 0: there is none.
    newest: int

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.shown) + self.rest


def of(one: PeopleImport, operator: Operator) -> Since:
    """Return the imports since `one` that may mean the same people.

    They are written by now; or nobody wrote them, as all of their file was there already.
    """
    since = PeopleImport.objects.filter(
        Q(state=ImportState.APPLIED, written_at__gt=one.written_at)
        | Q(state__in=(ImportState.EXAMINED, ImportState.CANCELLED), moved_at__gt=one.written_at)
    )
    found = [
        later
        for later in since.exclude(pk=one.pk).select_related("unit").newest_first()
        if _share_people(one.unit, later.unit) and (later.written_at or _only_confirms(later))
    ]
    seen = set(
        PeopleImport.objects.visible_to(operator)
        .filter(pk__in=[later.pk for later in found])
        .values_list("pk", flat=True)
    )
    shown = tuple(later for later in found if later.pk in seen)
    newest = found[0].pk if found else 0
    return Since(shown=shown, rest=len(found) - len(shown), newest=newest)


def _only_confirms(later: PeopleImport) -> bool:
    return later.taken == 0 and later.count(Verdict.UNCHANGED) > 0


def _share_people(one: Unit | None, other: Unit | None) -> bool:
    if one is None or other is None:
        return True
    return one.path.startswith(other.path) or other.path.startswith(one.path)
