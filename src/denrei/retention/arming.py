"""Making a round ready a day before it deletes: after an upgrade, a restore, or nights that nobody knows of (OPS-8).

Who restores a backup has lost what was put on hold since; who upgrades has not chosen yet; and a clock
that jumped makes everything old. None of them may find the details gone before anybody could look.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Q
from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.domain.retention import ARMED, NOTICE, Standing
from denrei.retention.models import RetentionRun

#: Marked at the newest night that the backup knows: where that is long ago, a human is asked all the same.
_DISARM = """
INSERT INTO retention_run (organization_id, night, kind, until, ended_at)
SELECT organization_id, max(night), %(armed)s, now() + make_interval(secs => %(seconds)s), now() FROM retention_run
 WHERE night <= %(night)s GROUP BY organization_id
ON CONFLICT (night, organization_id, kind) DO UPDATE SET until = EXCLUDED.until
"""


def standing(organization: int | None, night: date, now: datetime) -> Standing:
    """Tell what a night's round may do for an organization, or for what belongs to none."""
    known = RetentionRun.objects.of_organization(organization).filter(night__lte=night)
    found = known.aggregate(
        newest=Max("night"), ready_at=Max("until", filter=Q(kind=ARMED), default=now)
    )
    return Standing.of(night, found["newest"], found["ready_at"] > now)


def arm(organization: int | None, night: date, now: datetime) -> None:
    """Note that a night only made ready what the next one deletes."""
    row = RetentionRun(
        organization_id=organization, night=night, kind=ARMED, until=now + NOTICE, ended_at=now
    )
    RetentionRun.objects.bulk_create([row], ignore_conflicts=True)


def override(organization: int | None) -> None:
    """Wait no longer: a human says so."""
    marks = RetentionRun.objects.of(organization, ARMED)
    marks.filter(until__gt=Now()).update(until=Now())


def disarm(night: date) -> None:
    """Let no round delete anything for a day, after a restore; the report of earlier nights stays."""
    with tenancy.acting_for(0), connection.cursor() as cursor:
        tenancy.as_worker()  # who sees the nights of all
        cursor.execute(_DISARM, {"armed": ARMED, "seconds": NOTICE.total_seconds(), "night": night})
