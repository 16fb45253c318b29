"""Phones of people: what the wire brought to each, and beside it what the console says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from denrei.accounts.models import Operator
from denrei.broadcasts.content import Choice, Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.models import Delivery
from denrei.directory.models import Contact, Recipient
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from denrei.project.demo.handsets.inbox import Inbox
from denrei.project.demo.handsets.kinds import KINDS, Kind
from denrei.project.demo.handsets.wire import Arrival, Fate
from denrei.responses.models import Response
from denrei.web.console.statuses.looks import LOOKS, anchor

#: A phone shows so many of the newest messages.
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A status as the console shows it."""

    status: Status
    look: str
    icon: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person answered last."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One delivery at one phone."""

    delivery: int
    address: str
    #: None: nothing lies in the inbox.
    letter: Arrival | None
    #: What the server said when it did not take it, the newest first.
    refusals: tuple[Arrival, ...]
    #: None: the operator does not see the broadcast.
    broadcast: int | None
    tag: Tag | None
    #: By the ledger it may still be sent.
    is_waiting: bool
    choices: tuple[Choice, ...]
    #: The page asks nothing and is confirmed by a button.
    is_confirmed: bool
    answer: Answer | None

    @property
    def at(self) -> datetime | None:
        """When something happened last."""
        return max(
            (one.at for one in (self.letter, *self.refusals) if one is not None), default=None
        )

    @property
    def refusal(self) -> Arrival | None:
        """Return why it is not there, where a server said so."""
        return self.refusals[0] if self.refusals and self.letter is None else None

    @property
    def is_hidden(self) -> bool:
        """Whether the server took it and shows it to nobody."""
        return self.letter is not None and self.letter.fate is Fate.HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One person's phone of one kind."""

    kind: Kind
    person: Recipient
    addresses: tuple[str, ...]
    #: The newest first.
    slips: tuple[Slip, ...]

    @property
    def slip(self) -> Slip | None:
        """Return what is on its screen."""
        return self.slips[0] if self.slips else None

    @property
    def has_letter(self) -> bool:
        """Whether what is on its screen came by another address of the person."""
        return any(
            one.broadcast == self.slips[0].broadcast and one.letter and not one.is_hidden
            for one in self.slips
        )


def phones(
    inbox: Inbox, operator: Operator, people: Sequence[Recipient], kinds: Sequence[Kind] = KINDS
) -> list[Phone]:
    """Return the phones of people, in their order; who has no contact of a kind has none of it."""
    return [phone for kind in kinds for phone in _of_kind(inbox, operator, people, kind)]


def _of_kind(
    inbox: Inbox, operator: Operator, people: Sequence[Recipient], kind: Kind
) -> Iterator[Phone]:
    contacts = Contact.objects.in_use().filter(recipient__in=people, medium=kind.medium)
    addresses: dict[int, list[str]] = {}
    for contact in contacts.in_order():
        addresses.setdefault(contact.recipient_id, []).append(contact.address)
    arrivals = {
        person.pk: [one for address in addresses.get(person.pk, ()) for one in kind.arrivals(inbox, address)]
        for person in people
    }  # fmt: skip
    ledger = _Ledger(operator, people, kind.medium, arrivals)
    for person in people:
        found = tuple(addresses.get(person.pk, ()))
        if found:
            slips = ledger.slips(person, arrivals[person.pk])
            yield Phone(kind=kind, person=person, addresses=found, slips=slips)


class _Ledger:
    """What the console knows of the deliveries of some people, asked for at once."""

    def __init__(
        self,
        operator: Operator,
        people: Sequence[Recipient],
        medium: Medium,
        arrivals: Mapping[int, Sequence[Arrival]],
    ) -> None:
        named = {one.delivery for found in arrivals.values() for one in found if one.delivery}
        newest = Broadcast.objects.visible_to(operator).newest_first()[:_SHOWN]
        ids = [broadcast.pk for broadcast in newest]
        rows = [
            *Delivery.objects.filter(pk__in=named, medium=medium),
            *Delivery.objects.filter(
                broadcast_id__in=ids, recipient_id__in=[one.pk for one in people], medium=medium
            ),
        ]
        self._deliveries = {row.pk: row for row in rows}
        seen = Broadcast.objects.visible_to(operator)
        self._broadcasts = seen.in_bulk({row.broadcast_id for row in rows})
        self._answers = _answers(people, self._broadcasts)

    def slips(self, person: Recipient, arrivals: Sequence[Arrival]) -> tuple[Slip, ...]:
        """Return what one phone shows, the newest first."""
        by_delivery: dict[int, list[Arrival]] = {
            row.pk: [] for row in self._deliveries.values() if row.recipient_id == person.pk
        }
        for one in arrivals:
            if one.delivery is not None and one.delivery in self._deliveries:
                by_delivery.setdefault(one.delivery, []).append(one)
        found = [self._slip(person, pk, here) for pk, here in by_delivery.items()]
        return tuple(sorted(found, key=self._place, reverse=True)[:_SHOWN])

    def _place(self, slip: Slip) -> tuple[int, bool, int]:
        """Sort by broadcast, then what came before what did not, then as the contacts go."""
        return self._deliveries[slip.delivery].broadcast_id, bool(slip.letter), -slip.delivery

    def _slip(self, person: Recipient, pk: int, arrivals: Iterable[Arrival]) -> Slip:
        row = self._deliveries[pk]
        inside = [one for one in arrivals if one.fate in {Fate.RECEIVED, Fate.HIDDEN}]
        broadcast = self._broadcasts.get(row.broadcast_id)
        content = Content.from_json(broadcast.content) if broadcast else None
        return Slip(
            delivery=pk,
            address=row.address,
            letter=inside[0] if inside else None,
            refusals=tuple(one for one in arrivals if one not in inside),
            broadcast=broadcast.pk if broadcast else None,
            tag=_tag(row) if broadcast else None,
            is_waiting=row.state == State.WAITING,
            choices=content.choices if content else (),
            is_confirmed=content is not None and content.has_page and not content.choices,
            answer=self._answers.get((row.broadcast_id, person.pk)),
        )


def _tag(row: Delivery) -> Tag:
    position = Position(
        state=State(row.state),
        medium=Medium(row.medium),
        reason=Reason(row.reason),
        tries=row.tries,
    )
    status = status_of(position)
    look, icon = LOOKS[status]
    return Tag(status=status, look=look, icon=icon, anchor=anchor(status))


def _answers(
    people: Sequence[Recipient], broadcasts: Iterable[int]
) -> dict[tuple[int, int], Answer]:
    given = Response.objects.filter(
        broadcast_id__in=list(broadcasts), recipient_id__in=[one.pk for one in people]
    )
    return {
        (one.broadcast_id, one.recipient_id): Answer(words=one.choice_words, at=one.at)
        for one in given.order_by("id")
    }


def digest(shown: Sequence[Phone]) -> str:
    """Return a word that is another one when any of the phones shows something else."""
    said = repr([(phone.kind.template, phone.person.pk, phone.slips) for phone in shown])
    return hashlib.sha256(said.encode()).hexdigest()[:16]
