"""Whether anybody must take mails in or read them."""

from __future__ import annotations

from django.db import transaction

from denrei.accounts import tenancy
from denrei.outcomes.models import Mailbox, ReceivedMail


def is_needed() -> bool:
    """Tell whether there is a mailbox to ask, or a mail that nobody has read."""
    with transaction.atomic():
        tenancy.as_worker()
        return (
            Mailbox.objects.filter(enabled=True).exists() or ReceivedMail.objects.unread().exists()
        )
