"""Vouch for an address that had been left out (EMC-6)."""

from __future__ import annotations

from django.db import connection

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator
from denrei.deliveries import bell, turns
from denrei.deliveries.attention import acting
from denrei.deliveries.attention.models import AttentionState
from denrei.deliveries.statements import statement
from denrei.directory.models import Contact
from denrei.domain.states import Medium


def waiting(organization_id: int, medium: Medium, address_key: str) -> int:
    """Return how many deliveries of open broadcasts a release would send now."""
    named: dict[str, str | int] = {
        "organization": organization_id,
        "medium": int(medium),
        "address_key": address_key,
    }
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(statement("release_counted"), named)
        return int(cursor.fetchone()[0])


def release(
    organization_id: int,
    medium: Medium,
    address_key: str,
    actor: Operator | None = None,
    *,
    is_tested: bool = False,
) -> int | None:
    """Send to an address again; what an open broadcast had left out goes out as well.

    `is_tested`: a test to it arrived (EMC-8); else the operator knows better.
    Returns how many deliveries that were, or None where the address was not suppressed.
    """
    named: dict[str, str | int | None] = {
        "organization": organization_id,
        "medium": int(medium),
        "address_key": address_key,
        "actor": actor.pk if actor else None,
    }
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(statement("release_address"), named)
        if not cursor.fetchall():
            return None
        cursor.execute(statement("release_waiting"), named)
        freed = [row[0] for row in cursor.fetchall()]
        for name, parameters in turns.passed_on(freed):
            cursor.execute(statement(name), parameters)
        contacts = list(Contact.objects.filter(medium=medium, address_key=address_key))
        ending = AttentionState.TESTED if is_tested else AttentionState.RELEASED
        acting.released(actor, (contact.pk for contact in contacts), ending)
        action = "address.tested" if is_tested else "address.released"
        for contact in contacts:
            audit.record(organization_id, action, contact, actor, after={"sent": len(freed)})
        bell.ring()
        return len(freed)
