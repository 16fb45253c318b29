"""Answers from the page: checked, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from denrei.broadcasts.content import Content
from denrei.domain import text
from denrei.domain.states import Evidence
from denrei.responses import keeping, pages
from denrei.responses.keeping import Answered, Heard
from denrei.responses.models import COMMENT_ROOM, Source
from denrei.responses.pages import Page

#: Characters of ひとこと, as people count them.
COMMENT_CHARACTERS = 100
_SOURCES = frozenset(Source.values)


class Fault(StrEnum):
    """Why an answer can't be taken as it is."""

    #: The delivery does not reach this person, or the broadcast is not for this person.
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


def find(token: str) -> Page | None:
    """Return the page that a token opens; None for any token that is not one of ours."""
    with pages.opened(token) as page:
        return page


def faults(page: Page, reply: Reply) -> tuple[Fault, ...]:
    """Return everything that is wrong with a reply, in the order of the page."""
    return wrong(page.content, reply, known=page.person(reply.recipient_id) is not None)


def wrong(content: Content, reply: Reply, *, known: bool) -> tuple[Fault, ...]:
    """Return what is wrong with an answer to a broadcast; `known`: it is for this person."""
    if known and not reply.comment and reply.source in _SOURCES and _is_choice(content, reply):
        return ()  # as nearly all are
    comment = cleaned(reply.comment)
    found = {
        Fault.STRANGER: not known,
        Fault.NO_CHOICE: bool(content.choices) and reply.choice is None,
        Fault.UNKNOWN_CHOICE: reply.choice is not None and content.choice(reply.choice) is None,
        Fault.UNKNOWN_SOURCE: reply.source not in _SOURCES,
        Fault.LONG_COMMENT: text.length(comment) > COMMENT_CHARACTERS
        or len(comment) > COMMENT_ROOM,
    }
    return tuple(fault for fault, is_so in found.items() if is_so)


def _is_choice(content: Content, reply: Reply) -> bool:
    if reply.choice is None:
        return not content.choices
    return content.choice(reply.choice) is not None


def cleaned(comment: str) -> str:
    """Return a comment as it is kept: nothing invisible, no space around it."""
    if not comment:
        return ""
    return text.clean(comment, multiline=True).text.strip()


def answer(page: Page, reply: Reply) -> Answered:
    """Take an answer, whenever it comes and whatever came before. Raises AnswerError.

    Runs in the caller's transaction, which must act for the organization (`pages.opened` does).
    """
    return keeping.keep(heard(page, reply))


def heard(page: Page, reply: Reply) -> Heard:
    """Return an answer that was checked, to be kept. Raises AnswerError."""
    found = faults(page, reply)
    person = page.person(reply.recipient_id)
    if found or person is None:
        raise AnswerError(found)
    return Heard(
        organization_id=page.organization_id,
        broadcast_id=page.broadcast_id,
        recipient_id=person.recipient_id,
        delivery_id=page.delivery_id,
        medium=page.medium,
        choice=page.content.choice(reply.choice) if reply.choice is not None else None,
        source=reply.source,
        comment=cleaned(reply.comment),
        late=page.ended,
        evidence=_evidence(page, reply, person),
    )


def together(answers: Sequence[Heard]) -> list[bool]:
    """Tell which of these can be kept at once with the first; the others follow in their order.

    At once is only what can't know of each other: one broadcast, because people and counters are
    locked in one order; one answer of a person; one by a delivery, because whether everybody at an
    address has answered is asked of the page as it was read.
    """
    people: set[int] = set()
    deliveries: set[int | None] = set()
    chosen = []
    for one in answers:
        alone = one.recipient_id not in people and one.delivery_id not in deliveries
        chosen.append(alone and one.broadcast_id == answers[0].broadcast_id)
        people.add(one.recipient_id)
        deliveries.add(one.delivery_id)
    return chosen


def _evidence(page: Page, reply: Reply, person: pages.Person) -> Evidence:
    """Return what the answer proves about the delivery itself.

    A delivery's evidence raises everybody whom it reaches. An address that others share is
    therefore 回答 only once all of them have answered; until then somebody there has read it.
    """
    others = (one for one in page.people if one.recipient_id != person.recipient_id)
    everybody = all(one.given and one.given.choice for one in others)
    return Evidence.ANSWERED if reply.choice is not None and everybody else Evidence.READ
