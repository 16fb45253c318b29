"""Changing the lists that an organization keeps itself, one way for all of them (MSG-1).

Every call runs in a transaction that acts for the organization. It holds the list until that ends,
so two who sort or number the same list come one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from psycopg.errors import UniqueViolation

from denrei.accounts import audit
from denrei.accounts.models import Master, Operator, Organization

#: What a row has beside what operators say of an entry.
_OURS = frozenset({"id", "organization_id"})


class TakenError(ValueError):
    """The code belongs to another entry of the list: `name`, "" where that is gone again."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list: its entries, and whose it is: the organization's, or one entry's of another."""

    entries: models.QuerySet[Any]
    owner: Organization | Master

    @property
    def kind(self) -> str:
        """Return what the trail calls an entry: the name of the table."""
        return str(self.entries.model._meta.db_table)

    @property
    def organization_id(self) -> int:
        """Return whose the list is in the end."""
        owner = self.owner
        return int(owner.pk if isinstance(owner, Organization) else owner.organization_id)

    def ids(self) -> list[int]:
        """Return the ids of all entries in the order shown."""
        return list(self.entries.order_by("order", "code", "id").values_list("id", flat=True))

    def place_of(self, entry_id: int) -> int | None:
        """Return where an entry stands, 1 the first; None for one that is not (any more) in it."""
        ids = self.ids()
        return ids.index(entry_id) + 1 if entry_id in ids else None


def add(listing: Listing, entry: Master, place: int, actor: Operator) -> None:
    """Store a new entry at a place of its list (1: the first).

    TakenError, and the owner's DoesNotExist where it was deleted meanwhile; nothing is stored then.
    """
    with _holding(listing, entry):
        if isinstance(listing.owner, Master):
            owners = type(listing.owner)._base_manager
            owners.select_for_update(no_key=True).get(pk=listing.owner.pk)
        entry.save(force_insert=True)
        _put(listing, entry, place)
    audit.record(
        entry.organization_id, f"{listing.kind}.added", entry, actor, after=described(entry)
    )


def change(listing: Listing, entry: Master, place: int | None, actor: Operator) -> None:
    """Store what changed in an entry; `place=None` leaves it where it stands.

    TakenError, and the model's DoesNotExist where it was deleted meanwhile; nothing is stored then.
    """
    with _holding(listing, entry):
        stored = listing.entries.select_for_update().get(pk=entry.pk)
        before = described(stored)
        entry.order = stored.order
        entry.save(force_update=True)
        if place is not None:
            _put(listing, entry, place)
    after = described(entry)
    if before != after:
        action = f"{listing.kind}.changed"
        audit.record(entry.organization_id, action, entry, actor, before=before, after=after)


def delete(
    listing: Listing, entry: Master, actor: Operator, beside: Mapping[str, object] | None = None
) -> None:
    """Delete an entry and all that hangs on it; `beside` tells the trail what that was.

    The model's DoesNotExist where somebody else deleted it meanwhile.
    """
    _hold(listing)
    listing.entries.select_for_update().get(pk=entry.pk)
    before = {**described(entry), **(beside or {})}
    audit.record(entry.organization_id, f"{listing.kind}.deleted", entry, actor, before=before)
    entry.delete()


def reorder(listing: Listing, wanted: Sequence[int], actor: Operator) -> None:
    """Give the named entries, in this order, the places that they hold together.

    All others stay where they are: entries of another page, and those added or deleted meanwhile.
    """
    with transaction.atomic():
        _hold(listing)
        _record_order(listing, wanted, actor)


def step(listing: Listing, entry_id: int, by: int, actor: Operator) -> None:
    """Move an entry by so many places, at most to an end. One that is gone is let be."""
    with transaction.atomic():
        _hold(listing)
        ids = listing.ids()
        if entry_id in ids:
            moved = _moved(ids, entry_id, ids.index(entry_id) + 1 + by)
            _record_order(listing, moved, actor)


def arranged(present: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Return the present ids with the wanted ones sorted among the places that these hold.

    >>> arranged([1, 2, 3, 4], [4, 1, 9])
    [4, 2, 3, 1]
    """
    known = set(present)
    named = [one for one in dict.fromkeys(wanted) if one in known]
    chosen, following = set(named), iter(named)
    return [next(following) if one in chosen else one for one in present]


def described(entry: Master) -> dict[str, object]:
    """Return what an entry says, as the trail keeps it."""
    columns = (field.attname for field in entry._meta.concrete_fields)
    return {name: getattr(entry, name) for name in columns if name not in _OURS}


def _record_order(listing: Listing, wanted: Sequence[int], actor: Operator) -> None:
    before = listing.ids()
    after = arranged(before, wanted)
    if after == before:
        return
    _number(listing, after)
    audit.record(
        listing.organization_id,
        f"{listing.kind}.reordered",
        listing.owner,
        actor,
        before={"ids": before},
        after={"ids": after},
    )


def _put(listing: Listing, entry: Master, place: int) -> None:
    _number(listing, _moved(listing.ids(), entry.pk, place))
    entry.refresh_from_db(fields=["order"])


def _moved(ids: Sequence[int], one: int, place: int) -> list[int]:
    others = [other for other in ids if other != one]
    at = min(max(place - 1, 0), len(others))
    return [*others[:at], one, *others[at:]]


def _number(listing: Listing, ids: Sequence[int]) -> None:
    entries = {entry.pk: entry for entry in listing.entries.only("order")}
    changed = []
    for order, one in enumerate(ids, 1):
        entry = entries.get(one)  # None: deleted just now, with its incident type
        if entry is not None and entry.order != order:
            entry.order = order
            changed.append(entry)
    listing.entries.model._base_manager.bulk_update(changed, ["order"], batch_size=1000)


@contextmanager
def _holding(listing: Listing, entry: Master) -> Iterator[None]:
    try:
        with transaction.atomic():
            _hold(listing)
            yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        holder = listing.entries.filter(code=entry.code).exclude(pk=entry.pk).first()
        raise TakenError(holder.name if holder else "") from error


def _hold(listing: Listing) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, current_organization()))",
            [f"list of {listing.kind}"],
        )
