"""People of a broadcast by unit, as a tree with sums, and by group, as the watch counted them (ALL-4).

Reads in the caller's transaction, which must act for the organization.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from denrei.accounts import tree
from denrei.accounts.models import Unit
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.watch.models import Breakdown, BreakdownKind
from denrei.directory.models import ContactGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How the people of a place stand."""

    people: int = 0
    answered: int = 0
    reached: int = 0
    unreached: int = 0
    no_contact: int = 0
    needs_help: int = 0

    @classmethod
    def of(cls, row: Breakdown) -> Self:
        """Take what was counted."""
        return cls(
            people=row.people,
            answered=row.answered,
            reached=row.reached,
            unreached=row.unreached,
            no_contact=row.no_contact,
            needs_help=row.needs_help,
        )

    @property
    def unknown(self) -> int:
        """People of whom nothing shows that they were reached."""
        return self.unreached + self.no_contact

    def plus(self, other: Count) -> Count:
        """Return the sum."""
        return Count(
            people=self.people + other.people,
            answered=self.answered + other.answered,
            reached=self.reached + other.reached,
            unreached=self.unreached + other.unreached,
            no_contact=self.no_contact + other.no_contact,
            needs_help=self.needs_help + other.needs_help,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit with all below it, or a group."""

    #: Id of the unit or the group; 0: people without one.
    key: int
    #: "" for people without one.
    name: str
    #: How deep in the tree, from 0.
    depth: int
    count: Count
    #: Of those who belong to the place itself, none below it.
    own: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """All places of a broadcast where anybody is."""

    #: As the tree stands; each with the sum of all below it.
    units: Sequence[Place] = ()
    #: In the organization's order; who is in several is counted in each.
    groups: Sequence[Place] = ()
    counted_at: datetime | None = None


def counted_at(broadcast_id: int) -> datetime | None:
    """Return when the people of a broadcast were counted last; None: not yet."""
    found = Breakdown.objects.filter(broadcast_id=broadcast_id)
    return found.order_by("-counted_at").values_list("counted_at", flat=True).first()


def places(broadcast: Broadcast) -> Places:
    """Return the places of a broadcast; none where nobody has counted yet."""
    rows = list(Breakdown.objects.filter(broadcast_id=broadcast.pk))
    if not rows:
        return Places()
    by_kind: dict[int, dict[int, Count]] = {kind: {} for kind in BreakdownKind}
    for row in rows:
        by_kind[row.kind][row.key] = Count.of(row)
    return Places(
        units=_units(broadcast, by_kind[BreakdownKind.UNIT]),
        groups=_groups(by_kind[BreakdownKind.GROUP]),
        counted_at=min(row.counted_at for row in rows),
    )


def _units(broadcast: Broadcast, counts: Mapping[int, Count]) -> list[Place]:
    """Return the tree; who is outside of what the sender's unit sees stands with those of none."""
    visible = Unit.objects.below(broadcast.unit) if broadcast.unit else Unit.objects.all()
    rows = list(tree.in_order(visible))
    sums = _summed([unit for _, unit in rows], counts)
    found = [
        Place(
            key=unit.pk,
            name=unit.name,
            depth=depth,
            count=sums[unit.pk],
            own=counts.get(unit.pk, Count()),
        )
        for depth, unit in rows
        if sums[unit.pk].people
    ]
    return [*found, *_rest(counts, {unit.pk for _, unit in rows})]


def _summed(units: Iterable[Unit], counts: Mapping[int, Count]) -> dict[int, Count]:
    sums: dict[int, Count] = {}
    for unit in units:
        sums.setdefault(unit.pk, Count())
        own = counts.get(unit.pk)
        for above in (int(one) for one in unit.path.strip("/").split("/")) if own else ():
            sums[above] = sums.get(above, Count()).plus(own or Count())
    return sums


def _groups(counts: Mapping[int, Count]) -> list[Place]:
    groups = ContactGroup.objects.filter(pk__in=counts.keys())
    found = [
        Place(key=group.pk, name=group.name, depth=0, count=counts[group.pk], own=counts[group.pk])
        for group in groups
        if counts[group.pk].people
    ]
    return [*found, *_rest(counts, {group.pk for group in groups})]


def _rest(counts: Mapping[int, Count], known: set[int]) -> list[Place]:
    rest = Count()
    for key, count in counts.items():
        if key not in known:
            rest = rest.plus(count)
    return [Place(key=0, name="", depth=0, count=rest, own=rest)] if rest.people else []
