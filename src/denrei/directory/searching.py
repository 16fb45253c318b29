"""Who of the address book is meant by a search: text, unit, group, position, standing (MSG-5).

Fast at a million people (ADR 0027): where nothing but text, unit and state narrows, the database's own
functions tell a page (`ordered`) and a count (`having`) by indexes that the wall hides from everybody else.
Otherwise a text that few have is a list of ids, one that many have a condition person by person.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
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

#: People that a text is told of by their ids; above it by a condition.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A search by nothing but text, units and states: what the functions of the database answer."""

    parts: tuple[str, ...]
    #: None: of all.
    units: list[int] | None
    #: None: in any.
    states: list[int] | None


_STATES = {
    Standing.ACTIVE: [int(RecipientState.ACTIVE)],
    Standing.LEFT: [int(RecipientState.LEFT)],
    Standing.ANY: None,
}


def plain(operator: Operator, search: Search) -> Plain | None:
    """Return the search in plain terms; None where it says more, or nothing, about the text."""
    parts = parts_of(search.text)
    others = search.group or search.position or search.also is not None
    if not parts or others or search.standing not in _STATES:
        return None
    if _named(ContactGroup, parts[0]) or _named(Position, parts[0]):
        return None
    return Plain(parts=parts, units=_units(operator, search), states=_STATES[search.standing])


def people(operator: Operator, search: Search) -> RecipientQuerySet:
    """Return the people meant, of those whom the operator sees (ALL-5), in no order."""
    slots = operator.organization.receiving_slots
    found = _standing(Recipient.objects.visible_to(operator), search.standing, slots)
    units = _units(operator, search)
    if units is not None:
        found = found.filter(unit__in=units)
    if search.group:
        found = found.filter(_among(GroupMember.objects.filter(group=search.group)))
    if search.position:
        found = found.filter(_among(PositionHolder.objects.filter(position=search.position)))
    if search.also is not None:
        found = found.filter(search.also)
    parts = parts_of(search.text)
    return found.filter(_having(parts, units)) if parts else found


def _units(operator: Operator, search: Search) -> list[int] | None:
    """Return the units meant that the operator sees; None: everybody, of a unit or not."""
    within = search.unit or operator.unit
    if within is None:
        return None
    return list(Unit.objects.visible_to(operator).below(within).values_list("pk", flat=True))


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


def _among(rows: QuerySet[GroupMember] | QuerySet[PositionHolder]) -> Q:
    """Return the condition that one of these rows is the person's: by ids where they are few.

    The planner would walk the wanted order and ask of each person, as if those meant stood everywhere in it.
    """
    ids = list(rows.values_list("recipient", flat=True)[: CAP + 1])
    return _one_of(ids) if len(ids) <= CAP else Q(_in(rows))


def _one_of(ids: Collection[int]) -> Q:
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


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
        return _one_of(ids)
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
    return set(having(Plain(parts=parts, units=units, states=None), CAP + 1))


def having(meant: Plain, most: int) -> list[int]:
    """Return ids of so many of the people meant, whichever."""
    asked = "SELECT people_having(%s, %s::bigint[], %s::smallint[], %s)"
    return _ids(asked, list(meant.parts), meant.units, meant.states, most)


def ordered(
    meant: Plain, order: str, *, descending: bool, beside: int | None, most: int
) -> list[int]:
    """Return ids of the first of the people meant in an order (a column), after a person or not."""
    asked = "SELECT people_ordered(%s, %s::bigint[], %s::smallint[], %s, %s, %s, %s)"
    told = (list(meant.parts), meant.units, meant.states, order, descending, beside, most)
    return _ids(asked, *told)


def _ids(asked: str, *told: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(asked, told)
        return [row[0] for row in cursor.fetchall()]
