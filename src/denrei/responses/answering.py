"""Taking answers: kept for ever, counted at once, and nothing more is sent to who answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from denrei.accounts.models import Operator
from denrei.audience import freezing
from denrei.deliveries import cancel, fold
from denrei.domain import folding, text
from denrei.domain.states import Evidence, Grade
from denrei.responses import pages
from denrei.responses.models import COMMENT_ROOM, Kind, PageView, Response, Source
from denrei.responses.pages import Page

#: Characters of ひとこと, as people count them.
COMMENT_CHARACTERS = 100
_AGENT_CHARACTERS = 200


class Fault(StrEnum):
    """Why an answer can't be taken as it is."""

    #: The delivery does not reach this person.
    STRANGER = "stranger"
    #: Something is asked and nothing was chosen.
    NO_CHOICE = "no choice"
    #: It is none of the broadcast's choices.
    UNKNOWN_CHOICE = "unknown choice"
    #: It is none of `Source`.
    UNKNOWN_SOURCE = "unknown source"
    #: More than COMMENT_CHARACTERS.
    LONG_COMMENT = "long comment"


class AnswerError(Exception):
    """An answer was refused and nothing was kept; `faults` says why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody answered, as told and not yet checked."""

    recipient_id: int | None
    #: None: 受信確認, where nothing is asked.
    choice: str | None = None
    #: A value of `Source`.
    source: str = Source.SELF
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that was taken."""

    response_id: int
    at: datetime
    late: bool
    #: The one before said that all is well, this one needs help (NEW-4).
    worsened: bool
    #: This answer was the first to stop what waits for this person.
    halted: bool


def find(token: str) -> Page | None:
    """Return the page that a token opens; None for any token that is not one of ours."""
    with pages.opened(token) as page:
        return page


def record_view(page: Page, kind: Kind, user_agent: str) -> None:
    """Note a look at the page; it confirms nothing (NEW-3). Runs in the caller's transaction."""
    if kind is Kind.OPEN and page.fresh:
        kind = Kind.EARLY
    PageView.objects.create(
        organization_id=page.organization_id,
        broadcast_id=page.broadcast_id,
        delivery_id=page.delivery_id,
        kind=kind,
        user_agent=text.clean(user_agent).text[:_AGENT_CHARACTERS],
    )


def faults(page: Page, reply: Reply) -> tuple[Fault, ...]:
    """Return everything that is wrong with a reply, in the order of the page."""
    comment = _cleaned(reply.comment)
    wrong = {
        Fault.STRANGER: page.person(reply.recipient_id) is None,
        Fault.NO_CHOICE: bool(page.content.choices) and reply.choice is None,
        Fault.UNKNOWN_CHOICE: reply.choice is not None
        and page.content.choice(reply.choice) is None,
        Fault.UNKNOWN_SOURCE: reply.source not in Source.values,
        Fault.LONG_COMMENT: text.length(comment) > COMMENT_CHARACTERS
        or len(comment) > COMMENT_ROOM,
    }
    return tuple(fault for fault, found in wrong.items() if found)


def answer(page: Page, reply: Reply, actor: Operator | None = None) -> Answered:
    """Take an answer, whenever it comes and whatever came before. Raises AnswerError.

    Runs in the caller's transaction, which must act for the organization (`pages.opened` does).
    Locks in the ledger's one order: halt, people, event.
    """
    wrong = faults(page, reply)
    person = page.person(reply.recipient_id)
    if wrong or person is None:
        raise AnswerError(wrong)
    response = _keep(page, person, reply, actor)
    halted = cancel.halt(
        page.organization_id,
        page.broadcast_id,
        [person.recipient_id],
        actor_id=actor.pk if actor else None,
    )
    grade = Grade.ANSWERED if response.choice else Grade.READ
    freezing.raise_grade(page.broadcast_id, [person.recipient_id], grade)
    fold.take_in(page.organization_id, [_event(page, response)])
    return Answered(
        response_id=response.pk,
        at=response.at,
        late=response.late,
        worsened=_worsened(person, response),
        halted=bool(halted),
    )


def _keep(page: Page, person: pages.Person, reply: Reply, actor: Operator | None) -> Response:
    choice = page.content.choice(reply.choice) if reply.choice is not None else None
    return Response.objects.create(
        organization_id=page.organization_id,
        broadcast_id=page.broadcast_id,
        recipient_id=person.recipient_id,
        delivery_id=page.delivery_id,
        medium=page.medium,
        choice=choice.code if choice else "",
        choice_words=choice.words.ja if choice else "",
        needs_help=choice.needs_help if choice else False,
        comment=_cleaned(reply.comment),
        source=reply.source,
        late=page.ended,
        actor=actor,
    )


def _cleaned(comment: str) -> str:
    return text.clean(comment, multiline=True).text.strip()


def _worsened(person: pages.Person, response: Response) -> bool:
    before = person.given
    return response.needs_help and bool(before and before.choice and not before.needs_help)


def _event(page: Page, response: Response) -> fold.Event:
    """Return what the ledger seals: the whole answer, so that it can't be changed afterwards."""
    told = {
        "response": response.pk,
        "recipient": response.recipient_id,
        "choice": response.choice,
        "words": response.choice_words,
        "needs_help": response.needs_help,
        "source": response.source,
        "comment": response.comment,
        "late": response.late,
        "actor": response.actor_id,
        "at": response.at.isoformat(),
    }
    return fold.Event(
        source=fold.Source.ANSWER,
        key=b"response:%d" % response.pk,
        broadcast=page.broadcast_id,
        delivery=page.delivery_id,
        fold=folding.human(_evidence(page, response)),
        raw=json.dumps(told, ensure_ascii=False, sort_keys=True),
    )


def _evidence(page: Page, response: Response) -> Evidence:
    """Return what the answer proves about the delivery itself.

    A delivery's evidence raises everybody whom it reaches. An address that others share is
    therefore 回答 only once all of them have answered; until then somebody there has read it.
    """
    others = (one for one in page.people if one.recipient_id != response.recipient_id)
    everybody = all(one.given and one.given.choice for one in others)
    return Evidence.ANSWERED if response.choice and everybody else Evidence.READ
