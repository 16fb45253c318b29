"""起きたこと: the newest lines of the mail servers' log and of the people's own record."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from denrei.accounts.models import Operator
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.models import Delivery
from denrei.directory.models import Contact, Recipient
from denrei.project.demo import worldlog
from denrei.project.demo.handsets import wire
from denrei.project.demo.handsets.inbox import Inbox
from denrei.project.demo.handsets.wire import Arrival

#: Lines that are shown, and lines that are looked through for them.
_SHOWN, _READ = 20, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer that the server took from the people, or from who plays one of them."""

    at: datetime
    words: str
    #: Somebody chose it on this page.
    is_played: bool
    #: It is another answer than before.
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line: when, whose phone, and what happened to it."""

    person: Recipient
    event: Arrival | Answered

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.at


def happenings(inbox: Inbox, answers: Path, operator: Operator) -> list[Happening]:
    """Return what happened last to people whom the operator sees, the newest first."""
    found = [*_arrived(inbox.newest(), operator), *_answered(answers, operator)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:_SHOWN]


def _arrived(arrivals: Iterable[Arrival], operator: Operator) -> Iterator[Happening]:
    arrivals = list(arrivals)
    contacts = Contact.objects.filter(
        address__in={one.address for one in arrivals},
        recipient__in=Recipient.objects.visible_to(operator),
    )
    people = {one.address: one.recipient for one in contacts.select_related("recipient")}
    for one in arrivals:
        if one.address in people:
            yield Happening(person=people[one.address], event=one)


def _answered(answers: Path, operator: Operator) -> Iterator[Happening]:
    events = list(deque(worldlog.events(answers), maxlen=_READ)) if answers.exists() else []
    deliveries = Delivery.objects.in_bulk(
        [pk for event in events if (pk := wire.delivery_of(str(event["url"]))) is not None]
    )
    broadcasts = Broadcast.objects.in_bulk({one.broadcast_id for one in deliveries.values()})
    contents = {pk: Content.from_json(one.content) for pk, one in broadcasts.items()}
    whose = {pk: one.recipient_id for pk, one in deliveries.items()}
    people = Recipient.objects.visible_to(operator).in_bulk(
        {_person(event, whose) for event in events}
    )
    for event in events:
        person = people.get(_person(event, whose))
        delivery = deliveries.get(wire.delivery_of(str(event["url"])) or 0)
        if person is not None and delivery is not None:
            yield Happening(person=person, event=_event(event, contents[delivery.broadcast_id]))


def _person(event: Mapping[str, object], whose: Mapping[int, int]) -> int:
    """Return who answered: the page of a household says it, any other is one person's."""
    named = str(event["person"])
    return (
        int(named) if named.isdecimal() else whose.get(wire.delivery_of(str(event["url"])) or 0, 0)
    )


def _event(event: Mapping[str, object], content: Content) -> Answered:
    choice = content.choice(str(event["choice"]))
    return Answered(
        at=datetime.fromtimestamp(float(str(event["at"])), UTC),
        words=choice.words.ja if choice else "",
        is_played="played" in event,
        is_changed=event["purpose"] == "change",
    )
