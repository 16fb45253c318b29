"""Who of the address book is meant by a search: text, unit, group, position, standing (MSG-5).

Fast at a million people: a search that finds few takes the index of trigrams (`people_found`) and
sorts what it found; one that finds many walks the wanted order and stops when a page is full.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from denrei.accounts.models import Master, Operator, Unit
from denrei.directory.models import (
    Contact,
    ContactGroup,
    ContactState,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
    RecipientQuerySet,
    RecipientState,
)
from denrei.directory.search import parts_of
from denrei.domain import text
from denrei.domain.states import Medium

#: People that are counted and sorted; above it lists say "以上" and walk an index.
CAP = 10_000


class Standing(StrEnum):
    """How people stand; what a list can be narrowed to."""

    #: 在籍
    ACTIVE = "active"
    #: 退会
    LEFT = "left"
    #: Both.
    ANY = "any"
    #: 在籍, with an address that was not confirmed yet (SCH-2).
    UNCONFIRMED = "unconfirmed"
    #: 在籍, with no contact that broadcasts may use.
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a list of people is narrowed by; all of it holds at once."""

    #: A part of name, reading, code, address or number, or of a group's or position's name.
    text: str = ""
    #: With all units below it.
    unit: Unit | None = None
    group: ContactGroup | None = None
    position: Position | None = None
    standing: Standing = Standing.ACTIVE
    #: What only the layers above can tell, as a condition on recipients.
    also: Q | None = None


def people(operator: Operator, search: Search) -> RecipientQuerySet:
    """Return the people meant, of those whom the operator sees (ALL-5), in no order."""
    slots = operator.organization.receiving_slots
    found = _standing(Recipient.objects.visible_to(operator), search.standing, slots)
    within = search.unit or operator.unit
    units = None
    if within:
        units = list(Unit.objects.below(within).values_list("pk", flat=True))
        found = found.filter(unit__in=units)
    if search.group:
        found = found.filter(_in(GroupMember.objects.filter(group=search.group)))
    if search.position:
        found = found.filter(_in(PositionHolder.objects.filter(position=search.position)))
    if search.also is not None:
        found = found.filter(search.also)
    parts = parts_of(search.text)
    return found.filter(_having(parts, units)) if parts else found


def _standing(people: RecipientQuerySet, standing: Standing, slots: int) -> RecipientQuerySet:
    match standing:
        case Standing.ANY:
            return people
        case Standing.LEFT:
            return people.filter(state=RecipientState.LEFT)
        case Standing.ACTIVE:
            return people.active()
        case Standing.UNCONFIRMED:
            unsure = Contact.objects.filter(state=ContactState.UNCONFIRMED, medium=Medium.MAIL)
            return people.active().filter(_in(unsure))
        case Standing.UNREACHABLE:
            beyond = Q(medium=Medium.MAIL, slot__gt=slots)
            return people.active().exclude(_in(Contact.objects.receiving().exclude(beyond)))


def _in(rows: object) -> Exists:
    """Return the condition that one of these rows is the person's."""
    return Exists(rows.filter(recipient=OuterRef("pk")))  # type: ignore[attr-defined] # any queryset


def _having(parts: tuple[str, ...], units: list[int] | None) -> Q:
    """Return the condition of the text: by ids where they are few, else row by row."""
    groups = _named(ContactGroup, parts[0])
    positions = _named(Position, parts[0])
    members = GroupMember.objects.filter(group__in=groups)
    holders = PositionHolder.objects.filter(position__in=positions)
    ids = found(parts, units)
    for rows in (members, holders):
        if len(ids) <= CAP:
            ids.update(rows.values_list("recipient", flat=True)[: CAP + 1])
    if len(ids) <= CAP:
        return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))
    condition = Q(Exists(members.filter(recipient=OuterRef("pk")))) if groups else Q()
    if positions:
        condition |= Q(Exists(holders.filter(recipient=OuterRef("pk"))))
    for part in parts:
        condition |= Q(search__contains=part)
    return condition


def _named(masters: type[Master], part: str) -> list[int]:
    """Return those whose folded name has the part; an organization has some hundreds at most."""
    rows = masters._default_manager.values_list("pk", "name")
    return [pk for pk, name in rows if part in text.fold(name)]


def found(parts: tuple[str, ...], units: list[int] | None) -> set[int]:
    """Return ids of people, of these units or of all, who have one of the parts: `CAP` + 1 at most."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_found(%s, %s::bigint[], %s)", [list(parts), units, CAP + 1])
        return {row[0] for row in cursor.fetchall()}
