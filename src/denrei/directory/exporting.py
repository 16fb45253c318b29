"""The address book as rows of the very file that an import reads (docs/reference/import-format.md).

Cells are as they are: who writes the file makes them safe.

A file that goes out and comes in again unchanged changes nobody. Contacts and children beyond the
slots of the format stay out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import Prefetch

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.directory import addresses, households
from denrei.directory.importing.columns import COLUMNS, SLOTS, Column, Field
from denrei.directory.models import (
    Contact,
    GroupMember,
    PositionHolder,
    Recipient,
    RecipientQuerySet,
    Subject,
)
from denrei.domain.states import Medium

#: People that are held in memory at a time.
CHUNK = 1_000

_FIELDS = {Field.MAIL: Medium.MAIL, Field.SMS: Medium.SMS, Field.PHONE: Medium.PHONE}
_BESIDE = ((Field.MAIL, Field.RECEIVES), (Field.CHILD, Field.CHILD_KANA, Field.CHILD_CLASS))
Cells = dict[tuple[Field, int], str]


def _places() -> Iterator[tuple[Column, int]]:
    """Yield columns and slots; those that speak of one thing stand side by side."""
    beside = {field: fields for fields in _BESIDE for field in fields}
    by_field = {column.field: column for column in COLUMNS}
    for column in COLUMNS:
        together = beside.get(column.field, (column.field,))
        if together[0] is not column.field:
            continue
        for slot in range(1, SLOTS + 1) if column.slots else (0,):
            for field in together:
                yield by_field[field], slot


_PLACES = tuple(_places())


def record(operator: Operator, query: str, count: str) -> None:
    """Note in the trail that people left the house as a file: which, and how many."""
    organization = operator.organization
    told = {"filter": query, "people": count}
    audit.record(organization.pk, "people.exported", organization, operator, after=told)


def heading() -> list[str]:
    """Return the titles, in the order of the cells."""
    return [f"{column.title}{slot or ''}" for column, slot in _PLACES]


def rows(people: RecipientQuerySet, operator: Operator) -> Iterator[list[str]]:
    """Yield the cells of each person, in order of reading; memory is bounded by `CHUNK`."""
    ordered = people.in_order().select_related("unit", "household")
    members, holders = (
        GroupMember.objects.select_related("group").order_by("group__order", "group__code"),
        PositionHolder.objects.select_related("position").order_by(
            "position__order", "position__code"
        ),
    )
    # into attributes: else each person gets query sets of his own, three times as slow
    prefetched = ordered.prefetch_related(
        Prefetch("contacts", queryset=Contact.objects.in_use().in_order(), to_attr="in_use"),
        Prefetch("memberships", queryset=members, to_attr="member_of"),
        Prefetch("positions_held", queryset=holders, to_attr="holds"),
    )
    found = prefetched.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield from _written(chunk, operator)


def _written(people: Sequence[Recipient], operator: Operator) -> Iterator[list[str]]:
    children = _children(people, operator)
    for person in people:
        cells = {**_facts(person), **_contacts(person)}
        if person.household_id:
            cells.update(_children_cells(children.get(person.household_id, [])))
        said = (cells.get((column.field, slot), "") for column, slot in _PLACES)
        yield list(said)


def _facts(person: Recipient) -> Cells:
    unit, household = person.unit, person.household
    groups: list[GroupMember] = getattr(person, "member_of", [])
    held: list[PositionHolder] = getattr(person, "holds", [])
    return {
        (Field.CODE, 0): person.code,
        (Field.NAME, 0): person.name,
        (Field.KANA, 0): person.kana,
        (Field.UNIT_CODE, 0): unit.code if unit else "",
        (Field.UNIT_NAME, 0): unit.name if unit else "",
        # by code: names may be alike, and may hold what separates them in a cell
        (Field.GROUPS, 0): "；".join(row.group.code for row in groups),
        (Field.POSITIONS, 0): "；".join(row.position.code for row in held),
        (Field.HOUSEHOLD, 0): household.code if household else "",
        (Field.LANGUAGE, 0): person.language,
        (Field.STATE, 0): _STATES[person.state],
    }


#: The file's own words, in any language of the console.
_STATES = {1: "在籍", 2: "退会"}


def _contacts(person: Recipient) -> Cells:
    cells: Cells = {}
    in_use: list[Contact] = getattr(person, "in_use", [])
    for field, medium in _FIELDS.items():
        for contact in in_use:
            if contact.medium != medium or contact.slot > SLOTS:
                continue
            cells[field, contact.slot] = addresses.written(contact.address, medium)
            if field is Field.MAIL:
                cells[Field.RECEIVES, contact.slot] = "○" if contact.receives else "×"
    return cells


def _children(people: Sequence[Recipient], operator: Operator) -> dict[int, list[Subject]]:
    homes = {person.household_id for person in people if person.household_id}
    found: defaultdict[int, list[Subject]] = defaultdict(list)
    for child in households.children_in(homes, operator):
        found[child.household_id].append(child)
    return found


def _children_cells(children: Sequence[Subject]) -> Cells:
    cells: Cells = {}
    for slot, child in enumerate(children[:SLOTS], start=1):
        cells[Field.CHILD, slot] = child.name
        cells[Field.CHILD_KANA, slot] = child.kana
        cells[Field.CHILD_CLASS, slot] = child.class_name
    return cells
