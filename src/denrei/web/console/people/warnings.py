"""What an operator should look at again after saving a person; none of it is refused."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from denrei.accounts.models import Operator
from denrei.directory import addresses, contacts
from denrei.directory.models import Contact, Recipient
from denrei.domain.states import Medium


def about(person: Recipient, operator: Operator) -> Iterator[str]:
    """Yield sentences about the contacts of a person."""
    for address, names in shared(person, operator).items():
        yield _(
            "%(address)sは、世帯の異なる方（%(names)s）も使っています。誤りがないか確認してください。"
        ) % {"address": address, "names": "、".join(names)}
    for contact in Contact.objects.filter(recipient=person, medium=Medium.MAIL).in_use():
        if addresses.is_legacy(contact.address):
            yield _(
                "%(address)sは古い形のアドレスです。このまま送れますが、つづりに誤りがないか確認してください。"
            ) % {"address": contact.address}


def shared(person: Recipient, operator: Operator) -> dict[str, list[str]]:
    """Return addresses that people outside the household use, too, with up to three names.

    Only of people whom the operator sees (ALL-5).
    """
    visible = Recipient.objects.visible_to(operator)
    others = contacts.elsewhere(person, Contact.objects.filter(recipient__in=visible))
    found: dict[str, list[str]] = {}
    for other in others.select_related("recipient").order_by("medium", "slot", "id")[:20]:
        names = found.setdefault(addresses.written(other.address, Medium(other.medium)), [])
        if other.recipient.name not in names and len(names) < 3:
            names.append(other.recipient.name)
    return found
