"""How many people are in groups and hold positions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from denrei.accounts.models import Master, Operator
from denrei.directory.models import ContactGroup, Position, Recipient, RecipientState

#: How a person leads to the entries of a list.
_WAYS: Mapping[type[Master], str] = {
    ContactGroup: "memberships__group",
    Position: "positions_held__position",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """How many people an entry has: those who are written to, and those who left."""

    active: int = 0
    left: int = 0

    @property
    def all(self) -> int:
        """Return how many lose the entry when it is deleted."""
        return self.active + self.left


def headcounts(
    kind: type[Master], ids: Sequence[int], operator: Operator
) -> Mapping[int, Headcount]:
    """Count the people of groups or positions whom the operator sees (ALL-5); nobody: no key.

    Lists whose entries people do not have (`kind`) have no headcount.
    """
    way = _WAYS.get(kind)
    if way is None:
        return {}
    people = Recipient.objects.visible_to(operator).filter(**{f"{way}__in": ids})
    rows = people.values_list(way, "state").annotate(count=Count("pk")).order_by()
    counts: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for entry_id, state, count in rows:
        counts[entry_id][state] = count
    return {
        entry_id: Headcount(
            active=by_state.get(RecipientState.ACTIVE, 0), left=by_state.get(RecipientState.LEFT, 0)
        )
        for entry_id, by_state in counts.items()
    }
