"""Answers that people send back as a mail (MSG-8): read, kept beside those of the page, or left to a human.

Kept at once is only what can't be misread (`domain.written_answers`), from a person's own address, in a
mail of somebody who surely had ours: he answers a Message-ID that we signed, quotes the address of his
answer page, or wrote to our return path. All else is proposed to a human.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.deliveries import links
from denrei.directory.models import Contact
from denrei.domain import text, written_answers
from denrei.domain.bounces import Kind
from denrei.domain.states import Medium
from denrei.domain.written_answers import Option
from denrei.outcomes import opening
from denrei.outcomes.matching import Placed, key
from denrei.outcomes.models import ReceivedMail
from denrei.responses import answering, keeping, pages
from denrei.responses.answering import AnswerError, Reply
from denrei.responses.keeping import Heard
from denrei.responses.models import Response
from denrei.responses.pages import Page

#: A mail that was written so long before the answer that counts does not replace it: clocks differ.
_CLOCKS = timedelta(minutes=1)
#: Answers of one person that are kept out of one batch; nobody changes his mind more often in a second.
_TURNS = 5


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
    said: Said
    #: Mail addresses of the person, as contacts are compared.
    addresses: frozenset[str]
    #: When the answer of this person was written that was kept out of the same batch; None: none was.
    before: datetime | None

    @property
    def heard(self) -> Heard | None:
        """What can be kept without a human; None: nothing can."""
        said = self.said
        if said.code is None or len(self.page.people) != 1 or not self._is_the_person_s():
            return None
        (person,) = self.page.people
        choice = self.page.content.choice(said.code)
        is_whole = said.by_code or not said.rest or (choice is not None and choice.needs_help)
        if not is_whole or self._is_outdated():
            return None
        try:
            return answering.heard(self.page, _reply(person.recipient_id, said))
        except AnswerError:
            return None

    def _is_the_person_s(self) -> bool:
        letter = self.placed.letter
        return (
            not letter.is_by_program
            and key(letter.author_address) in self.addresses
            and self.placed.is_proven(self.page.organization_id)
        )

    def _is_outdated(self) -> bool:
        """Tell whether the person answered otherwise after this was written: it was long on its way."""
        given, written_at = self.page.people[0].given, self.placed.letter.written_at
        if given is None or written_at is None or written_at >= given.at - _CLOCKS:
            return False
        before = self.before or _written_before(self.page, self.page.people[0].recipient_id)
        return before is None or written_at < before


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a mail says, all of its forms taken together."""

    code: str | None
    mentioned: str | None
    rest: str
    by_code: bool
    #: It has pictures or files, or its forms differ: a human looks at it in any case.
    has_more: bool


def _written_before(page: Page, recipient_id: int) -> datetime | None:
    """Return when the answer that counts was written, if it came by mail; None: it did not."""
    latest = Response.objects.of(page.broadcast_id, recipient_id).last()
    if latest is None:
        return None
    mails = ReceivedMail.objects.filter(recipient_id=recipient_id, response_id=latest.pk)
    mail = mails.first()
    if mail is None:
        return None
    head = opening.head_of(bytes(mail.raw))
    return opening.written_at(mail, head) or mail.arrived_at


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
    """Keep answers to one broadcast, each person's in the order in which he wrote them."""
    said = _all_said(organization_id, mails)
    waiting = sorted((one for one in mails if _id(one) in said), key=_written)
    before: dict[int, datetime] = {}
    for _ in range(_TURNS):
        asked = _asked(organization_id, waiting, said, before)
        heards = [(one, heard) for one in asked if (heard := one.heard)]
        if not heards:
            break
        at_once = answering.together([heard for _, heard in heards])
        now = [pair for pair, chosen in zip(heards, at_once, strict=True) if chosen]
        kept = keeping.keep_all([heard for _, heard in now])
        for (one, _), answer in zip(now, kept, strict=True):
            found[_id(one.placed)] = Taken(
                choice=one.said.code or "",
                response_id=answer.response_id,
                waits=bool(one.said.rest) or one.said.has_more,
            )
            before[one.page.people[0].recipient_id] = _written(one.placed)
        later = {_id(one.placed) for one, _ in heards} - found.keys()
        waiting = [one for one in waiting if _id(one) in later]
    for number, words in said.items():
        if number not in found:
            found[number] = Taken(choice=words.code or words.mentioned or "")


def _id(placed: Placed) -> int:
    return placed.letter.mail.pk


def _written(placed: Placed) -> datetime:
    return placed.letter.written_at or placed.letter.mail.arrived_at


def _all_said(organization_id: int, mails: Sequence[Placed]) -> dict[int, Said]:
    """Return what each mail says, by its id; each is read once."""
    by_delivery = pages.load_all(organization_id, {one.sent.id for one in mails if one.sent})
    return {
        _id(one): said(one.letter.mail, page)
        for one in mails
        if one.sent and (page := by_delivery.get(one.sent.id))
    }


def _asked(
    organization_id: int,
    mails: Sequence[Placed],
    said: Mapping[int, Said],
    before: Mapping[int, datetime],
) -> list[_Asked]:
    by_delivery = pages.load_all(organization_id, {one.sent.id for one in mails if one.sent})
    people = {one.sent.recipient_id for one in mails if one.sent}
    addresses: defaultdict[int, set[str]] = defaultdict(set)
    contacts = Contact.objects.filter(recipient_id__in=people, medium=Medium.MAIL)
    for person, address_key in contacts.values_list("recipient_id", "address_key"):
        addresses[person].add(address_key)
    return [
        _Asked(
            placed=one,
            page=page,
            said=said[_id(one)],
            before=before.get(one.sent.recipient_id),
            addresses=frozenset(addresses[one.sent.recipient_id] | {key(one.sent.address)}),
        )
        for one in mails
        if one.sent and (page := by_delivery.get(one.sent.id))
    ]


def said(mail: ReceivedMail, page: Page) -> Said:
    """Return what the person says in a mail about this page, quotations and courtesies left out."""
    names = [person.name for person in page.people]
    offered = options(page.content)
    ours = rendering.body(page.content, page.language).replace(
        rendering.URL, links.answer_url(page.organization_id, page.delivery_id)
    )
    words = opening.words(mail)
    reads = [
        written_answers.read(written_answers.own_lines(text, ours), offered, names)
        for text in words.bodies
    ]
    reads = [one for one in reads if one.code is not None or one.rest]
    if not reads:
        lines = written_answers.own_lines(words.subject)
        reads = [written_answers.read(lines, offered, names)]
    is_one = len({one.code for one in reads}) == 1
    return Said(
        code=reads[0].code if is_one else None,
        mentioned=reads[0].mentioned or reads[0].code,
        rest=next((one.rest for one in reads if one.rest), ""),
        by_code=all(one.by_code for one in reads),
        has_more=words.has_more,
    )


def options(content: Content) -> tuple[Option, ...]:
    """Return what a broadcast offers; () where it asks for 受信確認 alone."""
    return tuple(
        Option(code=one.code, words=tuple(filter(None, (one.words.ja, one.words.en))))
        for one in content.choices
    )


def _reply(recipient_id: int, said: Said) -> Reply:
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
