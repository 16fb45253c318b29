"""Storing a mail before whoever brought it is told that it is here; nothing is looked into.

The same bytes to the same address are stored once, whatever brings them again: a peer that did not
hear our answer, a mailbox whose mails could not be deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from denrei.accounts import tenancy
from denrei.outcomes.models import ReceivedMail, Way

#: Octets of a mail that are kept: the reports in front, not the photographs behind.
KEPT = 256 << 10
#: Characters of an address of the envelope (RFC 5321, 4.5.3.1.3, and room for what breaks it).
_PATH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A mail as it came, for one address."""

    way: Way
    #: All of it, or its beginning where `size` is greater.
    raw: bytes
    size: int
    #: MAIL FROM and RCPT TO; "" in a mailbox.
    envelope_from: str = ""
    envelope_to: str = ""
    #: Whose mailbox or reply address it came to; None: nobody's in particular.
    came_to_id: int | None = None
    mailbox_id: int | None = None

    @property
    def key(self) -> bytes:
        """Same for the same bytes to the same address or mailbox."""
        place = f"{self.envelope_to.lower()}\0{self.mailbox_id or ''}\0{self.size}\0"
        return hashlib.sha256(place.encode("utf-8", "replace") + self.raw).digest()


def keep(mails: Sequence[Arrived]) -> None:
    """Store mails in one transaction. django.db.OperationalError: none of them is stored."""
    rows = [
        ReceivedMail(
            key=mail.key,
            way=mail.way,
            mailbox_id=mail.mailbox_id,
            came_to_id=mail.came_to_id,
            envelope_from=_storable(mail.envelope_from),
            envelope_to=_storable(mail.envelope_to),
            raw=mail.raw[:KEPT],
            size=mail.size,
        )
        for mail in mails
    ]
    with transaction.atomic():
        tenancy.as_worker()
        ReceivedMail.objects.bulk_create(rows, ignore_conflicts=True)


def _storable(path: str) -> str:
    return path[:_PATH].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
