"""The board of one broadcast: both equations, statuses by medium, people by grade (ALL-4, NEW-1).

Read from counters in one snapshot, so that it costs the same for a hundred people and a million.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from denrei.accounts import tenancy
from denrei.deliveries.stages import Stage
from denrei.domain.conservation import Deliveries, People
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.states import Evidence, Grade, Look, Medium, State
from denrei.domain.status import Position, Status, status_of


class UnknownBroadcastError(LookupError):
    """There is no such broadcast in this organization."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many people stand alike."""

    grade: Grade
    looked: Look
    #: Code of the answer that counts; "": none, or 受信確認 only.
    choice: str
    needs_help: bool
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """How a broadcast stands at one moment."""

    broadcast_id: int
    #: 準備中, 連絡中, 停止 or 連絡終了 (OPS-7).
    words: str
    finished: bool
    #: An operator stopped it; what was on the wire may not have ended yet.
    stopped: bool
    people: People
    deliveries: Deliveries
    grades: Mapping[Grade, int]
    #: The same people by all that is counted of them.
    crowds: Sequence[Crowd]
    #: Deliveries by evidence, weakest first; never added up (NEW-2).
    evidence: Mapping[Evidence, int]
    #: (medium, status) → deliveries
    statuses: Mapping[tuple[Medium, Status], int]
    #: 送信待ち and 処理中 by medium; no 0.
    waiting: Mapping[Medium, int]
    in_work: Mapping[Medium, int]
    #: Reasons that are our own fault or the gateway's: an operator must hear of them (EMC-6).
    alarms: Mapping[Reason, int]
    started_at: datetime
    finished_at: datetime | None
    #: The audit found counters and ledger to differ.
    broken: bool

    @property
    def holds(self) -> bool:
        """Tell whether both equations hold and the audit found nothing."""
        return self.people.holds and self.deliveries.holds and not self.broken


@cache
def _statement() -> str:
    path = resources.files("denrei.reports") / "sql" / "board.sql"
    return path.read_text(encoding="utf-8")


def board(organization_id: int, broadcast_id: int) -> Board:
    """Return the board of a broadcast. Raises UnknownBroadcastError."""
    with tenancy.acting_for(organization_id), connection.cursor() as cursor:
        cursor.execute(_statement(), {"broadcast": broadcast_id})
        run, people, tally, work, halts = (json.loads(part or "[]") for part in cursor.fetchone())
    if run["people"] is None:
        raise UnknownBroadcastError(broadcast_id)
    return _board(broadcast_id, run, [_crowd(*row) for row in people], tally, work, halts)


def _crowd(grade: int, looked: int, choice: str, needs_help: bool, people: int) -> Crowd:
    return Crowd(
        grade=Grade(grade),
        looked=Look(looked),
        choice=choice,
        needs_help=needs_help,
        people=people,
    )


def _by_grade(crowds: Sequence[Crowd]) -> Counter[Grade]:
    by_grade: Counter[Grade] = Counter()
    for crowd in crowds:
        by_grade[crowd.grade] += crowd.people
    return by_grade


def _board(
    broadcast_id: int,
    run: Mapping[str, Any],
    crowds: Sequence[Crowd],
    tally: Sequence[tuple[int, int, int, int, int]],
    work: Sequence[tuple[int, int]],
    halts: Sequence[int],
) -> Board:
    by_grade = _by_grade(crowds)
    by_state: Counter[State] = Counter()
    by_evidence: Counter[Evidence] = Counter()
    by_reason: Counter[Reason] = Counter()
    in_work = {Medium(medium): n for medium, n in work}
    waiting: Counter[Medium] = Counter()
    for medium, state, evidence, reason, n in tally:
        if state == State.WAITING:
            waiting[Medium(medium)] += n
        by_reason[Reason(reason)] += n
        by_state[State(state)] += n
        by_evidence[Evidence(evidence)] += n
    waiting.subtract(in_work)
    return Board(
        broadcast_id=broadcast_id,
        words=stage_words(Stage(run["stage"]), halts),
        finished=run["stage"] == Stage.FINISHED,
        stopped=Reason.STOPPED in halts,
        people=People.counted(run["people"], by_grade),
        deliveries=Deliveries.counted(run["planned"], by_state, sum(in_work.values())),
        grades=dict(by_grade),
        crowds=crowds,
        evidence=dict(sorted(by_evidence.items())),
        statuses=_statuses(tally, in_work),
        waiting={medium: n for medium, n in waiting.items() if n},
        in_work=in_work,
        alarms={reason: n for reason, n in by_reason.items() if CONSEQUENCES[reason].alarm},
        started_at=datetime.fromisoformat(run["started"]),
        finished_at=datetime.fromisoformat(run["finished"]) if run["finished"] else None,
        broken=run["broken"] is not None,
    )


def stage_words(stage: Stage, halts: Sequence[int]) -> str:
    """Return the state of a broadcast as an operator reads it, in the language of the page (OPS-7).

    `halts`: the reasons why nothing more is sent to anybody.
    """
    if stage is Stage.FINISHED:
        return gettext("連絡終了")
    if Reason.STOPPED in halts:
        return gettext("停止")
    return {Stage.PREPARING: gettext("準備中"), Stage.RUNNING: gettext("連絡中")}[stage]


def _statuses(
    tally: Sequence[tuple[int, int, int, int, int]], in_work: Mapping[Medium, int]
) -> dict[tuple[Medium, Status], int]:
    """Count statuses; what workers hold is taken from those that wait, untried ones first."""
    counts: Counter[tuple[Medium, Status]] = Counter()
    held = dict(in_work)
    for number, state, _, reason, n in sorted(tally, key=lambda row: (row[0], row[1], row[3])):
        medium = Medium(number)
        position = Position(
            state=State(state), medium=medium, reason=Reason(reason), tries=int(reason != 0)
        )
        sending = min(n, held.get(medium, 0)) if state == State.WAITING else 0
        if sending:
            held[medium] -= sending
            claimed = Position(state=State.WAITING, medium=medium, claimed=True)
            counts[medium, status_of(claimed)] += sending
        counts[medium, status_of(position)] += n - sending
    return {key: n for key, n in counts.items() if n}
