"""Adding units to an organization's tree and moving them; the only writer of `unit.path`.

Both hold the organization's row: a unit that is added under another one while that moves would
keep a path that leads nowhere.
"""

from __future__ import annotations

from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Unit
from denrei.accounts.refusal import Refusal, RefusedError


def add(organization: Organization, code: str, name: str, parent: Unit | None = None) -> Unit:
    """Add a unit under `parent`, or at the top. IntegrityError when the code is taken.

    What administrators add goes by `tree.add`, which records it; an import records itself.
    """
    with tenancy.acting_for(organization.pk):
        _hold(organization.pk)
        unit = Unit.objects.create(organization=organization, code=code, name=name, parent=parent)
        unit.path = f"{_path_of(parent)}{unit.pk}/"
        unit.save(update_fields=["path"])
    return unit


def move(unit: Unit, parent: Unit | None) -> None:
    """Put a unit with all below it under another one, or at the top. RefusedError CYCLE.

    The paths of the whole subtree are rewritten by one statement.
    """
    with tenancy.acting_for(unit.organization_id):
        _hold(unit.organization_id)
        unit.refresh_from_db(fields=["path"])
        above = _path_of(parent)
        if above.startswith(unit.path):
            raise RefusedError(Refusal.CYCLE)
        rest = Substr(F("path"), Length(Value(unit.path)) + 1)
        Unit.objects.below(unit).update(path=Concat(Value(f"{above}{unit.pk}/"), rest))
        Unit.objects.filter(pk=unit.pk).update(parent=parent)
        unit.refresh_from_db(fields=["path", "parent"])


def _hold(organization_id: int) -> None:
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _path_of(parent: Unit | None) -> str:
    """Return the path of a unit as it is now, "/" for the top."""
    if parent is None:
        return "/"
    return Unit.objects.values_list("path", flat=True).get(pk=parent.pk)
