"""A person's contacts as a row leaves them.

An address that gives way to another is retired, not overwritten: what was sent to it keeps its
story, and the new one has to be confirmed by itself (SCH-2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from denrei.directory.importing.columns import COLUMNS, Field
from denrei.directory.importing.known import ContactEntry
from denrei.directory.importing.wanted import CONTACT_FIELDS, WantedContact
from denrei.directory.models import ContactState

_TITLES = {column.field: column.title for column in COLUMNS}
_TITLE_OF_MEDIUM = {int(medium): _TITLES[field] for field, medium in CONTACT_FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All contacts of a person after a row, and which of them it touched."""

    contacts: tuple[ContactEntry, ...]
    touched: tuple[ContactEntry, ...]
    #: Which columns changed something, by our titles.
    titles: tuple[str, ...]


def merge(known: Sequence[ContactEntry], wanted: Sequence[WantedContact]) -> Merged:
    """Return what a row makes of the contacts of a person."""
    before = {entry.id: entry for entry in known}
    after = (*_placed(known, wanted), *_remaining(known, wanted))
    touched = tuple(entry for entry in after if entry != before.get(entry.id))
    titles = (_title(before.get(entry.id), entry) for entry in touched)
    return Merged(contacts=after, touched=touched, titles=tuple(sorted(set(titles))))


def _placed(
    known: Sequence[ContactEntry], wanted: Sequence[WantedContact]
) -> Iterator[ContactEntry]:
    """Yield the contacts whose addresses the row names, in the slots that it names."""
    by_key = {(entry.medium, entry.key): entry for entry in known}
    for contact in wanted:
        if not contact.address:
            continue
        entry = by_key.get((contact.medium, contact.key)) or ContactEntry(
            id=None,
            medium=contact.medium,
            address=contact.address,
            key=contact.key,
            slot=contact.slot,
            receives=True,
            state=ContactState.UNCONFIRMED,
        )
        yield replace(
            entry,
            address=contact.address,
            slot=contact.slot,
            receives=entry.receives if contact.receives is None else contact.receives,
            state=entry.state if entry.in_use else ContactState.UNCONFIRMED,
        )


def _remaining(
    known: Sequence[ContactEntry], wanted: Sequence[WantedContact]
) -> Iterator[ContactEntry]:
    """Yield the contacts that the row does not name; those that must give way are retired."""
    named = {(contact.medium, contact.key) for contact in wanted if contact.address}
    by_slot = {(int(contact.medium), contact.slot): contact for contact in wanted}
    for entry in known:
        if (entry.medium, entry.key) in named:
            continue
        said = by_slot.get((entry.medium, entry.slot)) if entry.in_use else None
        if said is None:
            yield entry
        elif said.address is not None:
            yield replace(entry, state=int(ContactState.RETIRED))
        else:
            yield replace(entry, receives=bool(said.receives))


def _title(before: ContactEntry | None, after: ContactEntry) -> str:
    if before is not None and replace(before, receives=after.receives) == after:
        return f"{_TITLES[Field.RECEIVES]}{after.slot}"
    return f"{_TITLE_OF_MEDIUM[after.medium]}{after.slot}"
