"""Pressing テスト連絡, and what a page asks of the tests there are (EMC-8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.deliveries import direct, tasks
from denrei.deliveries.contact_tests.models import ContactTest
from denrei.directory.models import Contact
from denrei.domain.states import Medium


def press(operator: Operator, contact: Contact, now: datetime) -> ContactTest:
    """Ask a worker for a test; one that is under way is not begun twice.

    The transaction must act for the organization. Raises Contact.DoesNotExist where the contact is
    not used any more.
    """
    with transaction.atomic():
        locked = Contact.objects.in_use().select_for_update(of=("self",)).get(pk=contact.pk)
        latest = ContactTest.objects.filter(contact=locked).order_by("-pk").first()
        if latest is not None and latest.is_under_way(now):
            return latest
        test = ContactTest.objects.create(
            organization_id=locked.organization_id,
            contact=locked,
            recipient_id=locked.recipient_id,
            medium=locked.medium,
            address=locked.address,
            address_key=locked.address_key,
            pressed_by=operator,
            pressed_at=now,
        )
        audit.record(locked.organization_id, "address.tried", locked, operator)
        tasks.test_contact.defer(organization=locked.organization_id, contact_test=test.pk)
        return test


def latest(contacts: Collection[Contact]) -> Mapping[int, ContactTest]:
    """Return the latest test of each contact that has one of its present address."""
    newest = ContactTest.objects.filter(contact=OuterRef("contact")).order_by("-pk")
    keys = {contact.pk: contact.address_key for contact in contacts}
    found = ContactTest.objects.filter(contact__in=keys, pk=Subquery(newest.values("pk")[:1]))
    return {one.contact_id: one for one in found if one.address_key == keys[one.contact_id]}


def media() -> frozenset[Medium]:
    """Return the media by which a test can be sent now."""
    return frozenset(medium for medium in Medium if direct.ways(medium))
