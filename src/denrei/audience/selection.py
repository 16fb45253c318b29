"""Whom an operator means: groups, positions, units, persons, combined (MSG-3)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from denrei.accounts.models import Unit
from denrei.directory.models import Recipient, RecipientQuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Ids within one organization. What is named by several ways counts once."""

    everybody: bool = False
    groups: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    #: 両方: in one of the groups *and* in one of the positions; else いずれか.
    both: bool = False
    #: With all units below them.
    units: tuple[int, ...] = ()
    #: Person by person.
    recipients: tuple[int, ...] = ()
    #: The unit that bounds everything above: nobody outside it and those below it (ALL-5).
    within: int | None = None

    def people(self) -> RecipientQuerySet:
        """Return the active people meant; the transaction must act for their organization."""
        active = self._bounded()
        if self.everybody:
            return active
        return active.filter(self._condition())

    def _bounded(self) -> RecipientQuerySet:
        active = Recipient.objects.active()
        if self.within is None:
            return active
        unit = Unit.objects.filter(pk=self.within).first()
        return active.within(unit) if unit else active.none()

    def _condition(self) -> Q:
        groups = Q(pk__in=Recipient.objects.filter(memberships__group__in=self.groups).values("pk"))
        positions = Q(
            pk__in=Recipient.objects.filter(positions_held__position__in=self.positions).values(
                "pk"
            )
        )
        condition = Q(pk__in=self.recipients)
        if self.both and self.groups and self.positions:
            condition |= groups & positions
        else:
            condition |= groups if self.groups else Q(pk__in=())
            condition |= positions if self.positions else Q(pk__in=())
        for unit in Unit.objects.filter(pk__in=self.units):
            condition |= Q(unit__path__startswith=unit.path)
        return condition
