"""Which night a moment belongs to; without the tables, for the doctor as well."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

#: When a night begins, by the installation's clock.
BEGINS = timedelta(hours=2)


def night_of(now: datetime) -> date:
    """Return the night that a moment belongs to."""
    return (now.astimezone(ZoneInfo(settings.TIME_ZONE)) - BEGINS).date()
