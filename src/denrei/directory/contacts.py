"""A person's contacts as a form leaves them.

An address that gives way to another is retired, not overwritten: what was sent to it keeps its
story, and the new one has to be confirmed by itself (SCH-2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from denrei.directory.models import Contact, ContactQuerySet, ContactState, Recipient
from denrei.domain.states import Medium

#: Contacts of one medium that a person can hold.
SLOTS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One contact that a person shall have."""

    medium: Medium
    #: As `addresses.read` returns them.
    address: str
    key: str
    #: 1..9, each once within the medium.
    slot: int
    receives: bool = True
    #: Whether the operator knows it to be the person's. Another address than before is unconfirmed.
    confirmed: bool = False


def settle(recipient: Recipient, wanted: Sequence[Wanted]) -> None:
    """Write what a person's contacts shall be: those that are not named are retired.

    Devices of the app stay as they are: only they themselves come and go.
    """
    known = {(contact.medium, contact.address_key): contact for contact in recipient.contacts.all()}
    named = {(int(one.medium), one.key) for one in wanted}
    Contact.objects.bulk_update(
        [*_changed(known, wanted), *_retired(known, named)],
        ["address", "slot", "receives", "state"],
    )
    Contact.objects.bulk_create(
        Contact(
            organization_id=recipient.organization_id,
            recipient=recipient,
            medium=one.medium,
            address=one.address,
            address_key=one.key,
            slot=one.slot,
            receives=one.receives,
            state=_state(one),
        )
        for one in wanted
        if (int(one.medium), one.key) not in known
    )


def elsewhere(recipient: Recipient, visible: ContactQuerySet) -> ContactQuerySet:
    """Return contacts in use that are the same place as one of this person's.

    Of people outside the household; within one a shared address is usual (NEW-5). `visible`: those
    that the operator may know of.
    """
    own = recipient.contacts.in_use().exclude(medium=Medium.APP)
    others = visible.in_use().filter(address_key__in=own.values("address_key"))
    others = others.exclude(recipient=recipient)
    if recipient.household_id:
        others = others.exclude(recipient__household=recipient.household_id)
    return others


def _state(wanted: Wanted) -> ContactState:
    return ContactState.CONFIRMED if wanted.confirmed else ContactState.UNCONFIRMED


def _changed(known: dict[tuple[int, str], Contact], wanted: Sequence[Wanted]) -> Iterator[Contact]:
    for one in wanted:
        contact = known.get((int(one.medium), one.key))
        if contact is None:
            continue
        contact.address, contact.slot = one.address, one.slot
        contact.receives, contact.state = one.receives, _state(one)
        yield contact


def _retired(
    known: dict[tuple[int, str], Contact], named: set[tuple[int, str]]
) -> Iterator[Contact]:
    for place, contact in known.items():
        if place in named or contact.medium == Medium.APP:
            continue
        contact.state = ContactState.RETIRED
        yield contact
