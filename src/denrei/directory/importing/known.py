"""What the address book knows of the people that a batch of rows speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F

from denrei.directory.importing.wanted import Wanted
from denrei.directory.models import (
    Contact,
    ContactState,
    GroupMember,
    PositionHolder,
    Recipient,
    Subject,
)
from denrei.domain import text


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEntry:
    """One contact as it is, or as it shall be."""

    #: None: it does not exist yet.
    id: int | None
    medium: int
    address: str
    key: str
    slot: int
    receives: bool
    state: int

    @property
    def in_use(self) -> bool:
        """Whether it is the person's still."""
        return self.state != ContactState.RETIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One recipient with all that an import may change."""

    id: int
    code: str
    name: str
    kana: str
    unit_id: int | None
    household_id: int | None
    language: str
    state: int
    contacts: list[ContactEntry] = field(default_factory=list)
    groups: set[int] = field(default_factory=set)
    positions: set[int] = field(default_factory=set)

    @property
    def first_contact(self) -> tuple[int, str] | None:
        """By what the person is recognized without a code, beside the name: medium and key."""
        in_use = (entry for entry in self.contacts if entry.in_use)
        first = min(in_use, key=lambda entry: (entry.medium, entry.slot), default=None)
        return None if first is None else (first.medium, first.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEntry:
    """One child of a household, as it is or as it shall be."""

    #: None: not registered yet.
    id: int | None
    name: str
    kana: str
    class_name: str
    #: None: of no unit, or that of the row where it is new.
    unit_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The people, contacts and children that a batch may mean."""

    by_code: dict[str, Person]
    #: Who uses an address or number now.
    by_contact: dict[tuple[int, str], list[Person]]
    #: Household -> folded name -> child.
    children: dict[int, dict[str, ChildEntry]]


_PERSON = ("id", "code", "name", "kana", "unit_id", "household_id", "language", "state")
_ENTRY = ("id", "medium", "address", "key", "slot", "receives", "state")


def load(batch: Sequence[Wanted], households: Iterable[int]) -> Known:
    """Read what a batch of rows may mean: seven statements, whatever its size."""
    codes = {wanted.code for wanted in batch if wanted.code}
    by_code = {
        code: pk
        for pk, code in Recipient.objects.filter(code__in=codes)
        .exclude(code="")
        .values_list("id", "code")
    }
    keys = {
        wanted.first_contact[1]
        for wanted in batch
        if wanted.first_contact and wanted.code not in by_code
    }
    users = Contact.objects.in_use().filter(address_key__in=keys)
    people = _people({*by_code.values(), *users.values_list("recipient_id", flat=True)})
    by_contact: defaultdict[tuple[int, str], list[Person]] = defaultdict(list)
    for person in people.values():
        for contact in person.contacts:
            if contact.in_use:
                by_contact[contact.medium, contact.key].append(person)
    homes = {*households, *(person.household_id for person in people.values())} - {None}
    return Known(
        by_code={code: people[pk] for code, pk in by_code.items()},
        by_contact=by_contact,
        children=_children(homes) if any(wanted.children for wanted in batch) else {},
    )


def _people(ids: Collection[int]) -> dict[int, Person]:
    people = {
        row["id"]: Person(**row) for row in Recipient.objects.filter(pk__in=ids).values(*_PERSON)
    }
    entries = Contact.objects.filter(recipient__in=ids).annotate(key=F("address_key"))
    for row in entries.values("recipient_id", *_ENTRY):
        people[row.pop("recipient_id")].contacts.append(ContactEntry(**row))
    members = GroupMember.objects.filter(recipient__in=ids)
    for recipient_id, group_id in members.values_list("recipient_id", "group_id"):
        people[recipient_id].groups.add(group_id)
    holders = PositionHolder.objects.filter(recipient__in=ids)
    for recipient_id, position_id in holders.values_list("recipient_id", "position_id"):
        people[recipient_id].positions.add(position_id)
    return people


def _children(households: Collection[int | None]) -> dict[int, dict[str, ChildEntry]]:
    children: defaultdict[int, dict[str, ChildEntry]] = defaultdict(dict)
    for subject in Subject.objects.filter(household__in=households):
        children[subject.household_id][text.fold(subject.name)] = ChildEntry(
            id=subject.pk,
            name=subject.name,
            kana=subject.kana,
            class_name=subject.class_name,
            unit_id=subject.unit_id,
        )
    return children
