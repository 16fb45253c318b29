"""Answers that people send back as a mail (MSG-8): read, kept beside those of the page, or left to a human.

Kept at once is only what can't be misread (`domain.written_answers`), from somebody who surely had
the mail: he names its Message-ID or its answer page, which we signed, or wrote to its return path. An
address alone proves nothing, since anybody can write it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.broadcasts.content import Content
from denrei.domain import text, written_answers
from denrei.domain.bounces import Kind
from denrei.domain.written_answers import Option, Read
from denrei.outcomes import opening
from denrei.outcomes.matching import Placed
from denrei.outcomes.models import ReceivedMail
from denrei.responses import answering, keeping, pages
from denrei.responses.answering import AnswerError, Reply
from denrei.responses.keeping import Heard
from denrei.responses.models import Response
from denrei.responses.pages import Page

#: A mail that was written so long before the answer that counts does not replace it.
_CLOCKS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one mail that a person wrote."""

    #: Code of the choice that it names, or only mentions; "" for none.
    choice: str = ""
    #: Kept as this answer; None: a human decides.
    response_id: int | None = None
    #: A human must look at it: it is no answer, or says more than one.
    waits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A mail beside the page of the delivery that it replies to."""

    placed: Placed
    page: Page
    said: Read

    @property
    def heard(self) -> Heard | None:
        """What can be kept without a human; None: nothing can."""
        is_one = len(self.page.people) == 1
        if not (
            is_one
            and self.placed.is_proven(self.page.organization_id)
            and self.said.code is not None
        ):
            return None
        if self._is_outdated():
            return None
        (person,) = self.page.people
        try:
            return answering.heard(self.page, _reply(person.recipient_id, self.said))
        except AnswerError:
            return None

    def _is_outdated(self) -> bool:
        """Tell whether the person answered otherwise after this was written: it was long on its way."""
        given, written_at = self.page.people[0].given, self.placed.letter.written_at
        return bool(given and written_at and written_at < given.at - _CLOCKS)


def take(organization_id: int, mails: Iterable[Placed]) -> dict[int, Taken]:
    """Keep the answers among mails that are about a delivery; return what became of each, by its id.

    The transaction must act for the organization.
    """
    replies = [one for one in mails if _is_reply(one)]
    found: dict[int, Taken] = {}
    waiting: defaultdict[int, list[Placed]] = defaultdict(list)
    for one in replies:
        if one.sent:
            waiting[one.sent.broadcast_id].append(one)
    for _, some in sorted(waiting.items()):
        _take(organization_id, some, found)
    return found


def _is_reply(placed: Placed) -> bool:
    kinds = {finding.kind for finding in placed.findings}
    return kinds == {Kind.OTHER} and placed.sent is not None and not placed.sent.is_test


def _take(organization_id: int, mails: Sequence[Placed], found: dict[int, Taken]) -> None:
    """Keep answers to one broadcast, each person's in their order."""
    while mails:
        asked = _asked(organization_id, mails)
        heards = [(one, heard) for one in asked if (heard := one.heard)]
        at_once = answering.together([heard for _, heard in heards]) if heards else []
        now = [pair for pair, chosen in zip(heards, at_once, strict=True) if chosen]
        kept = keeping.keep_all([heard for _, heard in now]) if now else []
        for (one, _), answer in zip(now, kept, strict=True):
            found[_id(one.placed)] = Taken(
                choice=one.said.code or "",
                response_id=answer.response_id,
                waits=bool(one.said.rest),
            )
        later = {_id(one.placed) for one, _ in heards} - found.keys()
        for one in asked:
            if _id(one.placed) not in found.keys() | later:
                found[_id(one.placed)] = Taken(choice=one.said.code or one.said.mentioned or "")
        mails = [one for one in mails if _id(one) in later]


def _id(placed: Placed) -> int:
    return placed.letter.mail.pk


def _asked(organization_id: int, mails: Sequence[Placed]) -> list[_Asked]:
    by_delivery = pages.load_all(organization_id, {one.sent.id for one in mails if one.sent})
    return [
        _Asked(placed=one, page=page, said=said(one.letter.mail, page))
        for one in mails
        if one.sent and (page := by_delivery.get(one.sent.id))
    ]


def said(mail: ReceivedMail, page: Page) -> Read:
    """Return what the person says in a mail about this page, quotations and courtesies left out."""
    names = [person.name for person in page.people]
    offered = options(page.content)
    body, subject = (
        written_answers.read(written_answers.own_lines(words), offered, names)
        for words in opening.words(bytes(mail.raw))
    )
    return body if body.code is not None or body.rest else subject


def options(content: Content) -> tuple[Option, ...]:
    """Return what a broadcast offers; () where it asks for 受信確認 alone."""
    return tuple(
        Option(code=one.code, words=tuple(filter(None, (one.words.ja, one.words.en))))
        for one in content.choices
    )


def _reply(recipient_id: int, said: Read) -> Reply:
    comment = answering.cleaned(said.rest)
    if text.length(comment) > answering.COMMENT_CHARACTERS:
        comment = comment[: answering.COMMENT_CHARACTERS - 1] + "…"
    return Reply(recipient_id=recipient_id, choice=said.code or None, comment=comment)


def accept(
    operator: Operator, mail_id: int, recipient_id: int, choice: str | None
) -> datetime | None:
    """Keep what a human read in a mail as the answer of a person; None: it waits no more.

    Raises AnswerError where the broadcast has no such answer, or is not for this person.
    """
    with transaction.atomic():
        mails = ReceivedMail.objects.visible_to(operator).waiting().filter(pk=mail_id)
        mail = mails.exclude(delivery_id=None).select_for_update(of=("self",)).first()
        if mail is None or mail.organization_id is None or mail.delivery_id is None:
            return None
        page = pages.load(mail.organization_id, mail.delivery_id)
        if page is None:
            return None
        heard = answering.heard(page, Reply(recipient_id=recipient_id, choice=choice))
        answered = keeping.keep(replace(heard, actor=operator))
        ReceivedMail.objects.filter(pk=mail.pk).update(
            waits=False,
            handled_at=Now(),
            handled_by=operator,
            response_id=answered.response_id,
            choice=choice or "",
        )
        response = Response(pk=answered.response_id)
        audit.record(
            mail.organization_id, "mail.answer", response, operator, after=_told(page, heard)
        )
    return answered.at


def _told(page: Page, heard: Heard) -> dict[str, object]:
    person = page.person(heard.recipient_id)
    return {
        "name": person.name if person else "",
        "answer": heard.choice.words.ja if heard.choice else "",
        "broadcast_id": heard.broadcast_id,
        "recipient_id": heard.recipient_id,
    }
