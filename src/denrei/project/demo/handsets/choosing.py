"""Whose phones are on the bench: those asked for, else a few whose mails had different fates."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Count, QuerySet
from django.http import QueryDict

from denrei.accounts.models import Operator
from denrei.broadcasts.typed import ids
from denrei.directory import searching
from denrei.directory.models import Contact, Recipient
from denrei.directory.searching import Search
from denrei.domain import text
from denrei.domain.states import Medium
from denrei.project.demo.handsets.inbox import Inbox
from denrei.project.demo.handsets.wire import Fate
from denrei.responses.models import Response

#: Phones that stand beside each other at most, and people that a search shows.
MOST, FOUND = 6, 8
#: Of which fates one stands there before anybody chose, as far as they occurred.
_FIRST = (Fate.RECEIVED, Fate.DELAYED, Fate.REFUSED, Fate.FILTERED)
_NOT_THERE = frozenset({Fate.REFUSED, Fate.FILTERED})
#: Characters of a search; longer ones find nobody.
_LONGEST = 100


def chosen(operator: Operator, asked: QueryDict, inbox: Inbox) -> list[Recipient]:
    """Return the people whose phones are shown; whom the operator does not see is left out."""
    wanted = ids(asked.getlist("person"))[:MOST]
    if not wanted:
        return _first(operator, inbox)
    found = visible(operator).in_bulk(wanted)
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def search(operator: Operator, typed: str) -> Sequence[Recipient]:
    """Return people by a part of name, reading or address; () for an empty search."""
    typed = text.clean(typed).text[:_LONGEST]
    if not typed:
        return ()
    found = searching.people(operator, Search(text=typed))
    return list(found.select_related("unit").in_order()[:FOUND])


def visible(operator: Operator) -> QuerySet[Recipient]:
    """Return whose phones an operator may see."""
    return Recipient.objects.visible_to(operator)


def _first(operator: Operator, inbox: Inbox) -> list[Recipient]:
    shown: dict[int, Recipient] = {}
    for fate in _FIRST:
        met = _met(operator, inbox, fate)
        shown |= {one.pk: one for one in [one for one in met if one.pk not in shown][:1]}
    return list(shown.values())


def _met(operator: Operator, inbox: Inbox, fate: Fate) -> list[Recipient]:
    """Return whom a fate met, who has not answered yet before who has, then the newest first."""
    addresses = inbox.addresses(fate)
    if fate is Fate.RECEIVED:  # a mail that came after a refusal has a phone of its own
        late = set(inbox.addresses(Fate.DELAYED))
        addresses = [one for one in addresses if one not in late] or addresses
    places = {address: place for place, address in enumerate(addresses)}
    contacts = Contact.objects.in_use().filter(
        address__in=addresses, recipient__in=visible(operator)
    )
    people: dict[int, Recipient] = {}
    for contact in sorted(contacts.select_related("recipient"), key=lambda c: places[c.address]):
        people.setdefault(contact.recipient_id, contact.recipient)
    others = _with_several(people) if fate in _NOT_THERE else frozenset()
    answered = set(
        Response.objects.filter(recipient_id__in=list(people)).values_list(
            "recipient_id", flat=True
        )
    )
    return sorted(people.values(), key=lambda one: (one.pk in others, one.pk in answered))


def _with_several(people: Collection[int]) -> frozenset[int]:
    """Return who has another address too, by which the mail may have come."""
    counted = Contact.objects.in_use().filter(recipient__in=people, medium=Medium.MAIL)
    several = counted.values("recipient_id").annotate(n=Count("pk")).filter(n__gt=1)
    return frozenset(several.values_list("recipient_id", flat=True))
