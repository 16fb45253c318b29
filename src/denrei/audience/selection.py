"""Whom an operator means: groups, positions, units, persons, combined (MSG-3)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from denrei.accounts.models import Unit
from denrei.directory.models import Recipient, RecipientQuerySet

#: What waits may be on the wire at this moment; what was ever in doubt may have arrived, whatever became of it afterwards;
#: who opened the page has the message. Of states 3 to 8 it is sure otherwise: nothing arrived, or it came back.
_REACHED = """
SELECT a.recipient_id FROM audience a WHERE a.broadcast_id = %s AND (
  a.grade > 0 OR a.looked > 0
  OR EXISTS (SELECT FROM delivery d WHERE d.broadcast_id = a.broadcast_id AND d.recipient_id = a.recipient_id
                AND (d.state IN (0, 1, 2, 9) OR d.doubts > 0))
  OR EXISTS (SELECT FROM cover c JOIN delivery d ON d.id = c.delivery_id
              WHERE c.broadcast_id = a.broadcast_id AND c.recipient_id = a.recipient_id
                AND (d.state IN (0, 1, 2, 9) OR d.doubts > 0)))
"""
_MEANT = """
SELECT recipient_id FROM audience WHERE broadcast_id = %s
UNION ALL SELECT unnest(people) FROM roster WHERE broadcast_id = %s
"""


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
    #: Whom an earlier broadcast may have reached (NEW-13): everybody but those of whom it is sure that nothing was handed over.
    reached_by: int | None = None
    #: Whom an earlier broadcast meant.
    meant_by: int | None = None
    #: The unit that bounds everything above: nobody outside it and those below it (ALL-5).
    within: int | None = None

    def people(self) -> RecipientQuerySet:
        """Return the active people meant; the transaction must act for their organization."""
        active = self._bounded()
        if self.everybody:
            return active
        if self.reached_by is not None:
            return active.filter(pk__in=RawSQL(_REACHED, [self.reached_by]))  # noqa: S611 - ours
        if self.meant_by is not None:
            return active.filter(pk__in=RawSQL(_MEANT, [self.meant_by] * 2))  # noqa: S611 - ours
        return active.filter(self._condition())

    def asked(self) -> dict[str, Any]:
        """Return what is selected, without what no earlier version knew and this one does not use."""
        later = {name for name in ("reached_by", "meant_by") if getattr(self, name) is None}
        return {name: value for name, value in asdict(self).items() if name not in later}

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
