"""Cases as the page shows them: each with what happened, what can be done, and what to tell the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from denrei.accounts import senders
from denrei.accounts.models import Operator, Organization, Unit
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.attention import facts
from denrei.deliveries.models import Attention, Suppression
from denrei.directory import addresses
from denrei.directory.models import Contact, Language, Recipient
from denrei.domain.states import Medium
from denrei.web.console.attention import letters, words
from denrei.web.console.people import rows
from denrei.web.console.statuses.looks import LOOKS, anchor

#: How a link calls somebody or writes to him, by medium; no link where denrei alone can.
_LINKS = {Medium.MAIL: "mailto:", Medium.SMS: "tel:", Medium.PHONE: "tel:"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A contact by which an operator can reach the person instead."""

    contact: Contact

    @property
    def label(self) -> str:
        """What people call it."""
        return rows.label(Medium(self.contact.medium), self.contact.slot)

    @property
    def words(self) -> str:
        """The address as people read it."""
        return addresses.written(self.contact.address, Medium(self.contact.medium))

    @property
    def link(self) -> str:
        """What a telephone or a mail program opens."""
        return f"{_LINKS[Medium(self.contact.medium)]}{self.contact.address}"

    @property
    def icon(self) -> str:
        """Name of its symbol."""
        return rows.ICONS[Medium(self.contact.medium)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One case."""

    case: Attention
    #: Why the address is left out; None where it is not.
    origin: Suppression | None
    #: What the other side said, "" for nothing.
    reply: str
    #: The broadcast of the last time with its title; None where the operator does not see it.
    broadcast: Broadcast | None
    ways: Sequence[Way]
    letter: str
    now: datetime

    @property
    def person(self) -> Recipient:
        """Whose contact it is."""
        return self.case.recipient

    @property
    def status(self) -> str:
        """Name of the status."""
        return self.case.told_status.value

    @property
    def anchor(self) -> str:
        """Where its help is (EMC-2)."""
        return anchor(self.case.told_status)

    @property
    def look(self) -> str:
        """Class of its tag."""
        return LOOKS[self.case.told_status][0]

    @property
    def icon(self) -> str:
        """Symbol of its tag."""
        return LOOKS[self.case.told_status][1]

    @property
    def since(self) -> str:
        """How long it has been so."""
        return words.since(self.case.since, self.now)

    @property
    def is_old(self) -> bool:
        """Whether it has waited long."""
        return self.now - self.case.since >= words.OLD

    @property
    def label(self) -> str:
        """What people call the contact: メール1."""
        return rows.label(self.case.kind, self.case.contact.slot)

    @property
    def address(self) -> str:
        """The contact as people read it; a device of the app has none."""
        return addresses.shown(self.case.contact.address, self.case.kind)

    @property
    def happened(self) -> str:
        """What happened."""
        return words.happened(self.case, self.origin)

    @property
    def is_over(self) -> bool:
        """Whether nobody has to act any more."""
        lapsed = self.case.until is not None and self.case.until <= self.now
        return bool(self.case.state) or lapsed

    @property
    def ending(self) -> str:
        """By what it ended."""
        return words.ending(self.case)

    @property
    def over_at(self) -> datetime | None:
        """When it ended."""
        return self.case.handled_at if self.case.state else self.case.until

    @property
    def is_asleep(self) -> bool:
        """Whether it is put off."""
        return self.case.snoozed_until is not None and self.case.snoozed_until > self.now

    @property
    def standing(self) -> str:
        """How the work on it stands."""
        return str(words.standing(self.case, is_over=self.is_over, is_asleep=self.is_asleep))

    @property
    def title(self) -> str:
        """Title of the broadcast."""
        return Content.from_json(self.broadcast.content).incident.ja if self.broadcast else ""


def of(
    cases: Sequence[Attention], organization: Organization, operator: Operator, now: datetime
) -> list[Card]:
    """Return cards, by a number of questions to the database that follows their units only."""
    origins = facts.origins(cases)
    others = facts.others({case.recipient_id for case in cases})
    spoken = {case.pk: _spoken(case, origins) for case in cases}
    replies = facts.replies(set(spoken.values()))
    visible = Broadcast.objects.visible_to(operator)
    broadcasts = visible.in_bulk([case.broadcast_id for case in cases])
    sending = senders_of([case.recipient for case in cases], organization)
    return [
        Card(
            case=case,
            origin=origins.get((case.medium, case.address_key)),
            reply=replies.get(spoken[case.pk], ""),
            broadcast=broadcasts.get(case.broadcast_id),
            ways=ways(others.get(case.recipient_id, []), case.contact_id),
            letter=_letter(case, organization, sending[case.recipient.unit_id]),
            now=now,
        )
        for case in cases
    ]


def ways(others: Sequence[Contact], contact_id: int) -> list[Way]:
    """Return a person's contacts without the one that a card is about."""
    return [Way(contact=contact) for contact in others if contact.pk != contact_id]


def _spoken(case: Attention, origins: Mapping[facts.Place, Suppression]) -> int:
    """Return the delivery of which the other side said something: nothing was sent to one left out."""
    origin = origins.get((case.medium, case.address_key))
    return origin.delivery_id if origin and origin.delivery_id else case.delivery_id


def senders_of(
    people: Sequence[Recipient], organization: Organization
) -> dict[int | None, tuple[str, ...]]:
    """Return by unit where its people's mail comes from: their unit, the organization, or its gateways."""
    own = organization.sender_address
    whole = [own] if own else facts.gateway_senders()
    units: dict[int | None, Unit | None] = {person.unit_id: person.unit for person in people}
    return {
        pk: tuple(
            dict.fromkeys(filter(None, (senders.identity(organization, unit).address, *whole)))
        )
        for pk, unit in units.items()
    }


def _letter(case: Attention, organization: Organization, sending: Sequence[str]) -> str:
    return letters.letter(
        case.told_status,
        Language(case.recipient.language),
        name=case.recipient.name,
        address=addresses.written(case.contact.address, case.kind),
        organization=organization.name,
        senders=sending,
    )
