"""Who else uses an address of a person: shown as a warning, never refused."""

from __future__ import annotations

from denrei.accounts.models import Operator
from denrei.directory import addresses, contacts
from denrei.directory.models import Contact, Recipient
from denrei.domain.states import Medium

#: Names that are told for one address, and contacts that are looked at.
_NAMES, _MOST = 3, 20


def shared(person: Recipient, operator: Operator) -> dict[str, list[str]]:
    """Return addresses that people outside the household use, too, with some of their names.

    Only of people whom the operator sees (ALL-5).
    """
    visible = Recipient.objects.visible_to(operator)
    others = contacts.elsewhere(person, Contact.objects.filter(recipient__in=visible))
    found: dict[str, list[str]] = {}
    for other in others.select_related("recipient").order_by("medium", "slot", "id")[:_MOST]:
        names = found.setdefault(addresses.written(other.address, Medium(other.medium)), [])
        if other.recipient.name not in names and len(names) < _NAMES:
            names.append(other.recipient.name)
    return found
