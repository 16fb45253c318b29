"""The nightly round: what is over is deleted, in small transactions that give way to any sending (OPS-8).

A night begins at two o'clock and lasts until all is done, however often it is interrupted: by a
broadcast, by the death of the process, by a night without power. How far it came stands in the
report, written in the transaction of each batch. Only `denrei_worker` may delete what is append-only.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error, connection
from django.db.models import F
from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries import seal
from denrei.retention import policy
from denrei.retention.kinds import KINDS, Kind
from denrei.retention.models import RetentionRun
from denrei.retention.steps import MOST, NOTHING, Removed, Scope

_log = logging.getLogger(__name__)

#: When a night begins, by the installation's clock.
BEGINS = timedelta(hours=2)
#: A lock is not waited for, and no commit waits for the disk: whatever is lost is deleted again.
_QUIET = {"lock_timeout": "1s", "synchronous_commit": "off", "statement_timeout": "60s"}
#: Something is being sent at this moment, or written to be sent. Names nobody.
_BUSY = """
SELECT EXISTS (SELECT FROM run WHERE stage = 0)
    OR EXISTS (SELECT FROM chunk WHERE state = 1) OR EXISTS (SELECT FROM chunk WHERE state = 0 AND not_before <= now())
"""


class End(Enum):
    """How a turn of the round ended."""

    #: Nothing of the night is left.
    DONE = "done"
    #: A broadcast is being sent: the next turn goes on.
    GAVE_WAY = "gave_way"
    #: Some of it failed and is tried again.
    FAILED = "failed"


class GaveWayError(Exception):
    """A broadcast is being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a turn may do."""

    night: date
    #: Rows of a transaction.
    most: int = MOST
    #: What is done of the night is done once more: what came over since.
    again: bool = False


def night_of(now: datetime) -> date:
    """Return the night that a moment belongs to."""
    return (now.astimezone(ZoneInfo(settings.TIME_ZONE)) - BEGINS).date()


def tonight() -> date:
    """Return the night that it is, or was last, by the database's clock."""
    return night_of(_now())


def work(turn: Turn) -> End:
    """Do what is left of a night, organization by organization and kind by kind."""
    end = End.DONE
    # what an earlier night left undone is this one's to do: nothing of it is over less than before
    RetentionRun.objects.filter(night__lt=turn.night, ended_at=None).update(ended_at=Now())
    try:
        for organization, kind in _left(turn):
            if not _bring_to_an_end(turn, organization, kind):
                end = End.FAILED
    except GaveWayError:
        return End.GAVE_WAY
    return end


def is_busy() -> bool:
    """Tell whether anything of any organization is being sent."""
    with connection.cursor() as cursor:
        cursor.execute(_BUSY)
        return bool(cursor.fetchone()[0])


def _left(turn: Turn) -> Iterator[tuple[int | None, Kind]]:
    """Yield what is not done of a night; what no organization has comes last."""
    runs = RetentionRun.objects.of_night(turn.night)
    if turn.again:
        runs.update(ended_at=None)
    done = set(runs.exclude(ended_at=None).values_list("organization_id", "kind"))
    organizations = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    for organization in (*organizations, None):
        for kind in KINDS:
            is_mine = kind.is_shared == (organization is None)
            if is_mine and (organization, kind.code) not in done:
                yield organization, kind


def _bring_to_an_end(turn: Turn, organization: int | None, kind: Kind) -> bool:
    """Delete batch by batch until nothing is left; False: it failed, and says so in the report."""
    try:
        if organization is not None:
            seal.seal(organization)
        while _batch(turn, organization, kind):
            pass
    except Error as error:
        _log.warning("retention failed", extra={"kind": kind.code, "why": type(error).__name__})
        _tell(turn.night, organization, kind, str(error))
        return False
    return True


def _batch(turn: Turn, organization: int | None, kind: Kind) -> bool:
    """Delete one batch and note it in the same transaction; False: the kind is done for this night."""
    if is_busy():
        raise GaveWayError
    began = time.monotonic()
    with _acting(organization):
        scope = scope_of(organization, kind)
        if scope is None:  # 無期限, perhaps since a moment ago
            begun = RetentionRun.objects.of_night(turn.night).of(organization, kind.code)
            begun.filter(ended_at=None).update(ended_at=Now(), trouble="")
            return False
        run = _held(turn.night, organization, kind, scope)
        if run is None or run.ended_at is not None:
            return False
        removed = _removed(kind, scope, turn.most)
        RetentionRun.objects.filter(pk=run.pk).update(
            until=scope.until,
            moved_at=Now(),
            ended_at=None if removed else Now(),
            removed=F("removed") + removed.things,
            rows=F("rows") + removed.rows,
            seconds=F("seconds") + (time.monotonic() - began),
            trouble="",
        )
    return bool(removed)


def scope_of(organization: int | None, kind: Kind) -> Scope | None:
    """Return until when a kind is over at this moment; None: never.

    Read anew for each batch, so that an organization that prolongs a period is heeded at once.
    """
    if organization is None:
        period = policy.default(kind.code)
    else:
        period = policy.of(Organization.objects.get(pk=organization))[kind.code]
    until = period.before(_now())
    return Scope(organization=organization, until=until, kept=period.code) if until else None


def _removed(kind: Kind, scope: Scope, most: int) -> Removed:
    """Let the first step work that finds anything to do."""
    for step in kind.steps:
        if removed := step.batch(scope, most):
            return removed
    return NOTHING


def _held(night: date, organization: int | None, kind: Kind, scope: Scope) -> RetentionRun | None:
    """Return the row of the report, locked; None: another process is at it."""
    row = RetentionRun(night=night, organization_id=organization, kind=kind.code, until=scope.until)
    RetentionRun.objects.bulk_create([row], ignore_conflicts=True)
    rows = RetentionRun.objects.of_night(night).of(organization, kind.code)
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _tell(night: date, organization: int | None, kind: Kind, words: str) -> None:
    with _acting(organization):
        scope = scope_of(organization, kind)
        run = scope and _held(night, organization, kind, scope)
        if run:
            RetentionRun.objects.filter(pk=run.pk).update(trouble=words[:500], moved_at=Now())


def _acting(organization: int | None) -> AbstractContextManager[None]:
    """Open the transaction of a batch; no organization has the number 0."""
    return tenancy.acting_for(organization or 0, _QUIET)


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        found: datetime = cursor.fetchone()[0]
    return found
