"""What else is known of cases: what the server said, what came before, by what else people are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import connection
from django.db.models.functions import Now

from denrei.deliveries.attention.models import Attention, Suppression, usable
from denrei.directory.models import Contact

Place = tuple[int, str]

_REPLIES = """
SELECT DISTINCT ON (delivery_id) delivery_id, raw FROM (
  SELECT delivery_id, received_at AS at, raw FROM event WHERE delivery_id = ANY (%(ids)s) AND fold_rank > 0
   UNION ALL SELECT delivery_id, at, reply FROM attempt WHERE delivery_id = ANY (%(ids)s)) told
 WHERE raw <> '' ORDER BY delivery_id, at DESC
"""

_SENDERS = """
SELECT DISTINCT settings->>'sender_address' FROM gateway
 WHERE enabled AND settings->>'sender_address' <> '' ORDER BY 1
"""


def origins(cases: Sequence[Attention]) -> Mapping[Place, Suppression]:
    """Return the suppressions in force of the cases' addresses, by place."""
    keys = [case.address_key for case in cases]
    found = Suppression.objects.filter(address_key__in=keys, until__gt=Now())
    return {(one.medium, one.address_key): one for one in found}


def replies(deliveries: Collection[int]) -> Mapping[int, str]:
    """Return what the other side said last of each delivery, raw."""
    with connection.cursor() as cursor:
        cursor.execute(_REPLIES, {"ids": list(deliveries)})
        return dict(cursor.fetchall())


def others(people: Collection[int]) -> Mapping[int, list[Contact]]:
    """Return by person the contacts in use by which an operator can reach him, as far as we know."""
    found: defaultdict[int, list[Contact]] = defaultdict(list)
    for contact in usable().filter(recipient__in=people).in_order():
        found[contact.recipient_id].append(contact)
    return found


def gateway_senders() -> list[str]:
    """Return the senders of the gateways in use: whom receivers see where nobody else is named."""
    with connection.cursor() as cursor:
        cursor.execute(_SENDERS)
        return [row[0] for row in cursor.fetchall()]
