"""The nightly round: what is over is deleted, in small transactions that give way to any sending (OPS-8).

A night begins at two o'clock and lasts until all is done, however often it is interrupted: by a
broadcast, by the death of the process, by a night without power. How far it came stands in the
report, written in the transaction of each batch. Only `denrei_worker` may delete what is append-only.
A night deletes only where the night before is known as well (`arming`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.db import Error, connection
from django.db.models import F
from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries import seal
from denrei.domain.retention import ARMED, Standing
from denrei.retention import arming, policy
from denrei.retention.kinds import KINDS, Kind
from denrei.retention.models import RetentionRun
from denrei.retention.nights import night_of
from denrei.retention.steps import MOST, NOTHING, Removed, Scope

_log = logging.getLogger(__name__)

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
    #: Nothing was deleted: it was made ready only, or a human must say that the clock is right.
    HELD_BACK = "held_back"


class GaveWayError(Exception):
    """A broadcast is being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a turn may do."""

    night: date
    #: Rows of a transaction.
    most: int = MOST
    #: A human orders it: what is done of the night is done once more, and nothing needs to be made ready.
    again: bool = False


def tonight() -> date:
    """Return the night that it is, or was last, by the database's clock."""
    return night_of(_now())


def work(turn: Turn) -> End:
    """Do what is left of a night, organization by organization and kind by kind."""
    every = (*Organization.objects.order_by("pk").values_list("pk", flat=True), None)
    begun = [organization for organization in every if _begin(turn, organization)]
    end = End.DONE if begun else End.HELD_BACK
    try:
        for organization, kind in _left(turn, begun):
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


def _begin(turn: Turn, organization: int | None) -> bool:
    """Note what a night has to do for an organization, before any of it is done; False: nothing yet."""
    now = _now()
    with _acting(organization):
        if turn.again:
            arming.override(organization)
        else:
            standing = arming.standing(organization, turn.night, now)
            if standing is Standing.UNARMED:
                arming.arm(organization, turn.night, now)
            if standing is not Standing.READY:
                return False
        runs = RetentionRun.objects.of_organization(organization)
        # what an earlier night left undone is this one's to do: nothing of it is over less than before
        runs.filter(night__lt=turn.night, ended_at=None).update(ended_at=Now(), handed_on=True)
        tonight = runs.of_night(turn.night)
        if turn.again:
            tonight.exclude(kind=ARMED).update(ended_at=None)
        noted = set(tonight.values_list("kind", flat=True))
        missing = [kind for kind in _kinds(organization) if kind.code not in noted]
        scopes = [(kind, scope_of(organization, kind)) for kind in missing]
        rows = [_row(turn.night, kind, scope) for kind, scope in scopes if scope]
        RetentionRun.objects.bulk_create(rows, ignore_conflicts=True)
    return True


def _left(turn: Turn, begun: Iterable[int | None]) -> Iterator[tuple[int | None, Kind]]:
    """Yield what is not done of a night; what no organization has comes last."""
    runs = RetentionRun.objects.of_night(turn.night)
    done = set(runs.exclude(ended_at=None).values_list("organization_id", "kind"))
    for organization in begun:
        for kind in _kinds(organization):
            if (organization, kind.code) not in done:
                yield organization, kind


def _kinds(organization: int | None) -> Iterator[Kind]:
    """Yield the kinds of data of an organization, or those that none has."""
    return (kind for kind in KINDS if kind.is_shared == (organization is None))


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
    RetentionRun.objects.bulk_create([_row(night, kind, scope)], ignore_conflicts=True)
    rows = RetentionRun.objects.of_night(night).of(organization, kind.code)
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _row(night: date, kind: Kind, scope: Scope) -> RetentionRun:
    return RetentionRun(
        night=night, organization_id=scope.organization, kind=kind.code, until=scope.until
    )


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
