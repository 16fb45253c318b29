"""Answers that an operator heard: on the phone, on a visit, from family (NEW-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import LiteralString

from django.db import connection

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.broadcasts.content import Content
from denrei.domain.states import Evidence, Medium
from denrei.responses import answering, keeping
from denrei.responses.answering import AnswerError, Fault, Reply
from denrei.responses.keeping import Answered, Heard
from denrei.responses.models import Response, Source

#: The medium that brought an answer, where it was one; a visit or a word of the family was none.
HEARD_BY: Mapping[str, Medium] = {Source.PHONE: Medium.PHONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    content: Content
    #: The person's, as it was at launch.
    name: str
    #: The broadcast was stopped or given up.
    ended: bool


def note(
    organization: Organization, broadcast_id: int, reply: Reply, operator: Operator
) -> Answered:
    """Keep what an operator heard from or about a person, also one without any contact.

    Raises AnswerError with everything that is wrong. Whether the operator may do so, and sees the
    person, is asked by the caller.
    """
    with tenancy.acting_for(organization.pk):
        asked = _asked(broadcast_id, reply.recipient_id)
        if asked is None or reply.recipient_id is None:
            raise AnswerError((Fault.STRANGER,))
        wrong = answering.wrong(asked.content, reply, known=True)
        if wrong:
            raise AnswerError(wrong)
        heard = _heard(organization.pk, broadcast_id, reply.recipient_id, reply, asked)
        answered = keeping.keep(replace(heard, actor=operator))
        audit.record(
            organization.pk,
            "answer.noted",
            Response(pk=answered.response_id),
            operator,
            after=_told(heard, asked),
        )
    return answered


def _heard(
    organization_id: int, broadcast_id: int, recipient_id: int, reply: Reply, asked: _Asked
) -> Heard:
    choice = asked.content.choice(reply.choice) if reply.choice is not None else None
    return Heard(
        organization_id=organization_id,
        broadcast_id=broadcast_id,
        recipient_id=recipient_id,
        medium=HEARD_BY.get(reply.source),
        choice=choice,
        source=reply.source,
        comment=answering.cleaned(reply.comment),
        late=asked.ended,
        evidence=Evidence.ANSWERED if choice else Evidence.READ,
    )


def _told(heard: Heard, asked: _Asked) -> dict[str, object]:
    return {
        "name": asked.name,
        "answer": heard.choice.words.ja if heard.choice else "",
        "source": heard.source,
        "broadcast_id": heard.broadcast_id,
        "recipient_id": heard.recipient_id,
    }


def _asked(broadcast_id: int, recipient_id: int | None) -> _Asked | None:
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"broadcast": broadcast_id, "recipient": recipient_id})
        row = cursor.fetchone()
    return _read(*row) if row else None


def _read(content: str, name: str, ended: bool) -> _Asked:
    return _Asked(content=Content.from_json(content), name=name, ended=ended)


@cache
def _statement() -> LiteralString:
    path = resources.files("denrei.responses") / "sql" / "asked.sql"
    return path.read_text(encoding="utf-8")
