"""Keeping answers: counted at once, sealed, and nothing more is sent to who gave them.

There is one way, for as many at once as come together: one answer is a batch of one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import LiteralString

from django.db import connection

from denrei.accounts.models import Operator
from denrei.audience import freezing
from denrei.audience.freezing import Counted, Known
from denrei.broadcasts.content import Choice
from denrei.deliveries import cancel, fold
from denrei.domain import folding
from denrei.domain.states import Evidence, Grade, Medium
from denrei.responses import helping
from denrei.responses.helping import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An answer that was checked."""

    organization_id: int
    broadcast_id: int
    recipient_id: int
    #: None: 受信確認, where nothing is asked.
    choice: Choice | None
    #: A value of `Source`.
    source: str
    #: Cleaned.
    comment: str
    late: bool
    #: What it proves about the delivery by which the question came.
    evidence: Evidence
    #: None: by no delivery of ours.
    delivery_id: int | None = None
    #: None: by no medium of ours.
    medium: Medium | None = None
    #: The operator who heard it; None: it came from the person's side.
    actor: Operator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that was taken."""

    response_id: int
    at: datetime
    late: bool
    #: The one before said that no help is needed, this one calls for it (NEW-4).
    worsened: bool
    #: This answer was the first to stop what waits for this person.
    halted: bool


def keep(heard: Heard) -> Answered:
    """Keep one answer, whenever it comes and whatever came before."""
    return keep_all([heard])[0]


def keep_all(heard: Sequence[Heard]) -> list[Answered]:
    """Keep answers of different people to one broadcast, whenever they come and whatever came before.

    All are from people, or all were heard by one operator. Runs in the caller's transaction, which
    must act for the organization. Locks in the ledger's one order: halt, people, event. The answers
    get their numbers while their people are locked, so that of two at the same time the one with the
    higher number is also the one that counts.
    """
    first = heard[0]
    halted = cancel.halt(
        first.organization_id,
        first.broadcast_id,
        [one.recipient_id for one in heard],
        actor_id=first.actor.pk if first.actor else None,
    )
    before = freezing.note_answers(
        first.broadcast_id, {one.recipient_id: _known(one) for one in heard}
    )
    kept = _write(heard, before)
    helping.follow(first.organization_id, first.broadcast_id, kept)
    fold.take_in(
        first.organization_id,
        [_event(one, answer) for one, answer in zip(heard, kept, strict=True)],
    )
    return [
        Answered(
            response_id=answer.response_id,
            at=answer.at,
            late=one.late,
            worsened=answer.worsened,
            halted=one.recipient_id in halted,
        )
        for one, answer in zip(heard, kept, strict=True)
    ]


def _known(heard: Heard) -> Known:
    choice = heard.choice
    return Known(
        answer=Counted(
            choice=choice.code if choice else "",
            needs_help=choice.needs_help if choice else False,
        ),
        grade=Grade.ANSWERED if choice else Grade.READ,
    )


def _write(heard: Sequence[Heard], before: Mapping[int, Counted]) -> list[Kept]:
    first = heard[0]
    worsened = [_worsens(one.choice, before[one.recipient_id]) for one in heard]
    rows = [
        _told(one) | {"delivery": one.delivery_id, "worsened": worse}
        for one, worse in zip(heard, worsened, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(),
            {
                "organization": first.organization_id,
                "broadcast": first.broadcast_id,
                "actor": first.actor.pk if first.actor else None,
                "heard": json.dumps(rows),
            },
        )
        numbered = {person: (number, at) for person, number, at in cursor.fetchall()}
    return [
        Kept(
            recipient_id=one.recipient_id,
            response_id=numbered[one.recipient_id][0],
            at=numbered[one.recipient_id][1],
            worsened=worse,
            needs_help=bool(one.choice and one.choice.needs_help),
            needed_help=before[one.recipient_id].needs_help,
        )
        for one, worse in zip(heard, worsened, strict=True)
    ]


def _told(heard: Heard) -> dict[str, object]:
    """Return what was answered, as the row and the seal have it."""
    choice = heard.choice
    return {
        "recipient": heard.recipient_id,
        "choice": choice.code if choice else "",
        "words": choice.words.ja if choice else "",
        "needs_help": choice.needs_help if choice else False,
        "medium": heard.medium,
        "source": heard.source,
        "comment": heard.comment,
        "late": heard.late,
    }


def _worsens(choice: Choice | None, before: Counted) -> bool:
    calls = choice is not None and choice.needs_help
    return calls and bool(before.choice) and not before.needs_help


def _event(heard: Heard, kept: Kept) -> fold.Event:
    """Return what the ledger seals: the whole answer, so that it can't be changed afterwards."""
    told = _told(heard) | {
        "response": kept.response_id,
        "actor": heard.actor.pk if heard.actor else None,
        "at": kept.at.isoformat(),
    }
    return fold.Event(
        source=fold.Source.ANSWER,
        key=b"response:%d" % kept.response_id,
        broadcast=heard.broadcast_id,
        delivery=heard.delivery_id,
        fold=folding.human(heard.evidence),
        raw=json.dumps(told, ensure_ascii=False, sort_keys=True),
    )


@cache
def _statement() -> LiteralString:
    path = resources.files("denrei.responses") / "sql" / "response.sql"
    return path.read_text(encoding="utf-8")
