"""Which addresses the next broadcasts leave out as エラーアドレス (EMC-6), for pages about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from denrei.directory.models import Contact, ContactState
from denrei.domain.failures import Reason

_HOLDERS = """
SELECT c.recipient_id FROM suppression s
  JOIN contact c ON c.address_key = s.address_key AND c.medium = s.medium AND c.organization_id = s.organization_id
 WHERE s.until > statement_timestamp() AND c.state <> %s
"""
_AMONG = """
SELECT medium, address_key FROM suppression
 WHERE address_key = ANY (%s) AND until > statement_timestamp()
"""
# Not those that were counted only, nor those that somebody released: the trail tells of them.
_PERIODS = """
SELECT medium, address_key, reason, since, until, until <= statement_timestamp() FROM suppression
 WHERE address_key = ANY (%s) AND until > '-infinity' AND released_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """For how long an address is left out, or was until its time had passed."""

    reason: Reason
    since: datetime
    until: datetime
    #: It ended by itself.
    is_over: bool


def periods(contacts: Iterable[Contact]) -> Mapping[tuple[int, str], Period]:
    """Return the latest period of each of the contacts' places that has one."""
    keys = [contact.address_key for contact in contacts]
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, [keys])
        return {
            (medium, key): Period(reason=Reason(reason), since=since, until=until, is_over=is_over)
            for medium, key, reason, since, until, is_over in cursor.fetchall()
        }


def holders() -> Q:
    """Return the condition on recipients of having such an address in use."""
    return Q(pk__in=RawSQL(_HOLDERS, [int(ContactState.RETIRED)]))  # noqa: S611 - no text of others


def among(contacts: Iterable[Contact]) -> frozenset[tuple[int, str]]:
    """Return those of the contacts' places that are left out: medium and key."""
    keys = [contact.address_key for contact in contacts]
    with connection.cursor() as cursor:
        cursor.execute(_AMONG, [keys])
        return frozenset((medium, key) for medium, key in cursor.fetchall())
