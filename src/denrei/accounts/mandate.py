"""What an administrator may do to others, as of now: held while he does it.

Changes of operators and units of one organization happen one after the other, so that two
administrators who demote each other at once don't leave it without any.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from denrei.accounts import rights, tenancy
from denrei.accounts.models import Operator, Organization, Unit
from denrei.accounts.refusal import Refusal, RefusedError
from denrei.accounts.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Whom and what the holder reaches; `actor` None is a command of the system's administrator."""

    actor: Operator | None

    def operator(self, asked: Operator) -> Operator:
        """Return the operator as he is now; GONE where the holder doesn't reach him."""
        reached = Operator.objects.select_related("unit")
        if self.actor:
            reached = reached.visible_to(self.actor)
        found = reached.filter(pk=asked.pk).first()
        if found is None:
            raise RefusedError(Refusal.GONE)
        return found

    def another(self, asked: Operator) -> Operator:
        """Return the operator as he is now; YOURSELF where he is the holder."""
        if self.actor and self.actor.pk == asked.pk:
            raise RefusedError(Refusal.YOURSELF)
        return self.operator(asked)

    def unit(self, asked: Unit | None) -> Unit | None:
        """Return the unit as it is now; BEYOND where it isn't the holder's to give.

        None, the whole organization, is given by who has it himself.
        """
        if asked is None:
            if self.actor and self.actor.unit:
                raise RefusedError(Refusal.BEYOND)
            return None
        reached = Unit.objects.visible_to(self.actor) if self.actor else Unit.objects.all()
        found = reached.filter(pk=asked.pk).first()
        if found is None:
            raise RefusedError(Refusal.BEYOND)
        return found


@contextmanager
def held(organization_id: int, actor: Operator | None, right: Right) -> Iterator[Mandate]:
    """Open a transaction in which nobody else holds a mandate of this organization.

    RefusedError NO_LONGER where the actor lost the right since his page was opened. The lock is
    the weaker one of the two for updates: rows that refer to the organization can still be added.
    """
    with tenancy.acting_for(organization_id):
        Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
        yield Mandate(actor=_as_of_now(actor, right))


def _as_of_now(actor: Operator | None, right: Right) -> Operator | None:
    if actor is None:
        return None
    now = Operator.objects.active().select_related("unit").filter(pk=actor.pk).first()
    if now is None or not rights.may(now, right):
        raise RefusedError(Refusal.NO_LONGER)
    return now
