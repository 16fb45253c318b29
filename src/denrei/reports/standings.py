"""Lists of broadcasts: how each stands, in one question for a whole page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.db import connection

from denrei.deliveries.stages import Stage
from denrei.domain.failures import Reason
from denrei.reports.board import stage_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one broadcast stands."""

    #: 対象
    people: int
    #: 回答
    answered: int
    #: 到達のみ
    reached_only: int
    #: 準備中, 連絡中, 停止 or 連絡終了 (OPS-7).
    words: str
    finished: bool
    #: An operator stopped it; what was on the wire may not have ended yet.
    stopped: bool


@cache
def _statement() -> str:
    path = resources.files("denrei.reports") / "sql" / "standings.sql"
    return path.read_text(encoding="utf-8")


def standings(broadcast_ids: Sequence[int]) -> Mapping[int, Standing]:
    """Return broadcast → standing; the transaction must act for their organization."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"broadcasts": list(broadcast_ids)})
        rows = cursor.fetchall()
    return {row[0]: _standing(*row[1:]) for row in rows}


def _standing(people: int, stage: int, answered: int, reached: int, halts: str) -> Standing:
    reasons = json.loads(halts)
    return Standing(
        people=people,
        answered=answered,
        reached_only=reached,
        words=stage_words(Stage(stage), reasons),
        finished=stage == Stage.FINISHED,
        stopped=Reason.STOPPED in reasons,
    )
