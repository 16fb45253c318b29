"""Keeping an answer: counted at once, sealed, and nothing more is sent to who gave it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from denrei.accounts.models import Operator
from denrei.audience import freezing
from denrei.audience.freezing import Counted
from denrei.broadcasts.content import Choice
from denrei.deliveries import cancel, fold
from denrei.domain import folding
from denrei.domain.states import Evidence, Grade, Medium
from denrei.responses import helping
from denrei.responses.models import Response


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
    """Keep an answer, whenever it comes and whatever came before.

    Runs in the caller's transaction, which must act for the organization. Locks in the ledger's one
    order: halt, people, event. The answer gets its number while its person is locked, so that of
    two at the same time the one with the higher number is also the one that counts.
    """
    halted = cancel.halt(
        heard.organization_id,
        heard.broadcast_id,
        [heard.recipient_id],
        actor_id=heard.actor.pk if heard.actor else None,
    )
    before = _count(heard)
    response = _write(heard, before)
    helping.follow(response, before)
    fold.take_in(heard.organization_id, [_event(heard, response)])
    return Answered(
        response_id=response.pk,
        at=response.at,
        late=response.late,
        worsened=response.worsened,
        halted=bool(halted),
    )


def _count(heard: Heard) -> Counted:
    choice = heard.choice
    return freezing.note_answer(
        heard.broadcast_id,
        heard.recipient_id,
        Counted(
            choice=choice.code if choice else "",
            needs_help=choice.needs_help if choice else False,
        ),
        Grade.ANSWERED if choice else Grade.READ,
    )


def _write(heard: Heard, before: Counted) -> Response:
    choice = heard.choice
    needs_help = choice.needs_help if choice else False
    return Response.objects.create(
        organization_id=heard.organization_id,
        broadcast_id=heard.broadcast_id,
        recipient_id=heard.recipient_id,
        delivery_id=heard.delivery_id,
        medium=heard.medium,
        choice=choice.code if choice else "",
        choice_words=choice.words.ja if choice else "",
        needs_help=needs_help,
        worsened=needs_help and bool(before.choice) and not before.needs_help,
        comment=heard.comment,
        source=heard.source,
        late=heard.late,
        actor=heard.actor,
    )


def _event(heard: Heard, response: Response) -> fold.Event:
    """Return what the ledger seals: the whole answer, so that it can't be changed afterwards."""
    told = {
        "response": response.pk,
        "recipient": response.recipient_id,
        "choice": response.choice,
        "words": response.choice_words,
        "needs_help": response.needs_help,
        "medium": response.medium,
        "source": response.source,
        "comment": response.comment,
        "late": response.late,
        "actor": response.actor_id,
        "at": response.at.isoformat(),
    }
    return fold.Event(
        source=fold.Source.ANSWER,
        key=b"response:%d" % response.pk,
        broadcast=heard.broadcast_id,
        delivery=heard.delivery_id,
        fold=folding.human(heard.evidence),
        raw=json.dumps(told, ensure_ascii=False, sort_keys=True),
    )
