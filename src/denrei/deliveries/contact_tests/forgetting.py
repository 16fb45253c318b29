"""Forgetting tests of contacts: the trail tells for longer who pressed one."""

from __future__ import annotations

from datetime import datetime, timedelta

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries.contact_tests.models import ContactTest

#: A message may come back for days; what an operator tried is of interest for a season.
KEPT = timedelta(days=90)


def forget(now: datetime) -> None:
    """Do so in all organizations; to be run as `denrei_worker`, which sees them all."""
    for organization in Organization.objects.order_by("pk"):
        with tenancy.acting_for(organization.pk):
            ContactTest.objects.filter(pressed_at__lt=now - KEPT).delete()
