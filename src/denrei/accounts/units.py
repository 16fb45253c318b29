"""Adding units to an organization's tree; the only writer of `unit.path`."""

from __future__ import annotations

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Unit


def add(organization: Organization, code: str, name: str, parent: Unit | None = None) -> Unit:
    """Add a unit under `parent`, or at the top. IntegrityError when the code is taken."""
    with tenancy.acting_for(organization.pk):
        unit = Unit.objects.create(organization=organization, code=code, name=name, parent=parent)
        unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
        unit.save(update_fields=["path"])
    return unit
