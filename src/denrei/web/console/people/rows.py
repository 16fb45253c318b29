"""One person as a row of the list, and one contact as pages show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from denrei.accounts.models import Organization
from denrei.deliveries import suppressed
from denrei.deliveries.suppressed import Period
from denrei.directory import addresses
from denrei.directory.models import Contact, ContactState, Recipient, RecipientState
from denrei.domain.failures import CONSEQUENCES
from denrei.domain.states import Medium
from denrei.web.console.people.trying import Trial

#: Symbols of the sprite.
ICONS = {Medium.MAIL: "mail", Medium.SMS: "sms", Medium.PHONE: "phone", Medium.APP: "app"}


def label(medium: Medium, slot: int) -> str:
    """Return what people call a contact: メール1."""
    return _("%(medium)s%(slot)s") % {"medium": _(medium.label), "slot": slot}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """One contact in use."""

    contact: Contact
    #: Known to be bad: nothing is sent to it (EMC-6).
    suppressed: bool
    #: Whether broadcasts go to it, as far as the contact and its slot decide (SCH-3, SCH-4).
    receives: bool
    #: Its open case of 要対応; None: none, or nobody asked.
    case: int | None = None
    #: For how long it is left out, or was; None: never, or nobody asked.
    period: Period | None = None
    #: Its latest test; None: none, or nobody asked.
    trial: Trial | None = None

    @property
    def why(self) -> str:
        """Why it is left out, "" where nobody asked."""
        return _(CONSEQUENCES[self.period.reason].words) if self.period else ""

    @property
    def medium(self) -> Medium:
        """The kind of contact."""
        return Medium(self.contact.medium)

    @property
    def icon(self) -> str:
        """Name of its symbol."""
        return ICONS[self.medium]

    @property
    def label(self) -> str:
        """What people call it: メール1."""
        return label(self.medium, self.contact.slot)

    @property
    def words(self) -> str:
        """The address as people read it; a device of the app has none."""
        return addresses.shown(self.contact.address, self.medium)

    @property
    def unconfirmed(self) -> bool:
        """Whether nobody answered from it yet (SCH-2); calls and SMS are not asked to."""
        return self.medium is Medium.MAIL and self.contact.state == ContactState.UNCONFIRMED

    @property
    def legacy(self) -> bool:
        """Whether it has the old form of docomo and au."""
        return self.medium is Medium.MAIL and addresses.is_legacy(self.contact.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of the list."""

    person: Recipient
    contacts: tuple[ContactRow, ...]

    @property
    def first(self) -> ContactRow | None:
        """The contact that is shown."""
        return self.contacts[0] if self.contacts else None

    @property
    def others(self) -> int:
        """How many more there are."""
        return max(0, len(self.contacts) - 1)

    @property
    def left(self) -> bool:
        """Whether the person left."""
        return self.person.state == RecipientState.LEFT

    @property
    def suppressed(self) -> int:
        """How many contacts are known to be bad."""
        return sum(contact.suppressed for contact in self.contacts)

    @property
    def unreachable(self) -> bool:
        """Whether no contact receives broadcasts, as `Standing.UNREACHABLE` finds it."""
        return not any(contact.receives for contact in self.contacts)

    @property
    def silent(self) -> bool:
        """Whether nothing at all is sent to the person now."""
        return not any(one.receives and not one.suppressed for one in self.contacts)

    @property
    def unconfirmed(self) -> int:
        """How many mail addresses nobody confirmed yet."""
        return sum(contact.unconfirmed for contact in self.contacts)


def of(people: Sequence[Recipient], organization: Organization) -> list[Row]:
    """Return rows of people by a fixed number of questions to the database."""
    prefetch_related_objects(
        people,
        "unit",
        Prefetch("contacts", queryset=Contact.objects.in_use().in_order(), to_attr="in_use"),
        "memberships__group",
        "positions_held__position",
    )
    bad = suppressed.among(contact for person in people for contact in _contacts(person))
    return [
        Row(
            person=person,
            contacts=tuple(
                _row(contact, bad, organization.receiving_slots) for contact in _contacts(person)
            ),
        )
        for person in people
    ]


def _contacts(person: Recipient) -> Iterator[Contact]:
    found: list[Contact] = getattr(person, "in_use", [])
    yield from found


def _row(contact: Contact, bad: frozenset[tuple[int, str]], slots: int) -> ContactRow:
    is_bad = (contact.medium, contact.address_key) in bad
    in_slots = contact.medium != Medium.MAIL or contact.slot <= slots
    return ContactRow(
        contact=contact,
        suppressed=is_bad,
        receives=contact.receives and in_slots,
    )
