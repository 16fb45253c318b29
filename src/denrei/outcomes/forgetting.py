"""Forgetting: mails of nobody after a month, the bytes of all others after a year (OPS-8)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.outcomes.models import ReceivedMail

#: Days that a mail is kept which belongs to no organization.
UNCLAIMED_DAYS = 30
#: Days that the text of a mail is kept; what was found in it stays, as the ledger does.
TEXT_DAYS = 365


def forget() -> None:
    """Delete and empty what is over."""
    with transaction.atomic():
        tenancy.as_worker()
        over = Now() - timedelta(days=UNCLAIMED_DAYS)
        ReceivedMail.objects.unclaimed().filter(arrived_at__lt=over).delete()
        organizations = list(Organization.objects.values_list("pk", flat=True))
    for organization in organizations:
        with tenancy.acting_for(organization):
            old = ReceivedMail.objects.filter(arrived_at__lt=Now() - timedelta(days=TEXT_DAYS))
            old.exclude(raw=b"").update(raw=b"")
