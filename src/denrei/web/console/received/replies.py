"""A reply on its page: what the person wrote, and the form that keeps it as an answer (MSG-7, MSG-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.directory.models import Recipient
from denrei.domain.bounces import Kind
from denrei.outcomes import answers
from denrei.outcomes.models import ReceivedMail
from denrei.responses import pages
from denrei.responses.answering import AnswerError
from denrei.responses.pages import Person
from denrei.web.console.asking import operator_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a mail that waits could be the answer to."""

    content: Content
    #: Whom the delivery reaches, as far as the operator sees them.
    people: Sequence[Person]
    #: What the person wrote, without quotation and courtesies.
    words: str
    #: Code of the choice that the words name or mention.
    choice: str

    @property
    def person(self) -> int:
        """The person chosen beforehand; 0: there are several, and somebody must say whose it is."""
        return self.people[0].recipient_id if len(self.people) == 1 else 0


def question(operator: Operator, mail: ReceivedMail) -> Question | None:
    """Return what a mail could answer; None where it is no reply, is done, or nobody may say."""
    is_open = mail.waits and mail.told_kind is Kind.OTHER and mail.response_id is None
    if not (is_open and mail.delivery_id and mail.organization_id):
        return None
    if not (rights.may(operator, Right.SEND) and rights.may(operator, Right.PEOPLE)):
        return None
    page = pages.load(mail.organization_id, mail.delivery_id)
    if page is None:
        return None
    seen = Recipient.objects.visible_to(operator).in_bulk([one.recipient_id for one in page.people])
    people = [one for one in page.people if one.recipient_id in seen]
    words = answers.said(mail, page).rest
    asked = Question(content=page.content, people=people, words=words, choice=mail.choice)
    return asked if people else None


def keep(request: HttpRequest, mail: ReceivedMail) -> None:
    """Keep what the operator chose as the answer, and tell him."""
    operator = operator_of(request)
    asked = question(operator, mail)
    if asked is None:
        messages.info(request, _("この返信は、ほかの操作者がすでに対応しました。"))
        return
    person, choice = request.POST.get("person", ""), request.POST.get("choice", "")
    known = {str(one.recipient_id): one for one in asked.people}
    if person not in known:
        messages.error(request, _("だれの回答かを選んでください。まだ記録していません。"))
        return
    try:
        answers.accept(operator, mail.pk, known[person].recipient_id, choice or None)
    except AnswerError:
        messages.error(request, _("回答を選んでください。まだ記録していません。"))
    else:
        told = {"name": known[person].name}
        messages.success(request, _("%(name)sさんの回答として記録しました。") % told)
