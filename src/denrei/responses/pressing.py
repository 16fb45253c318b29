"""An operator's press on 記録する: the same one twice is one answer, one that crosses another asks first."""

from __future__ import annotations

from django.db import connection

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.responses import answering, noting
from denrei.responses.answering import Reply
from denrei.responses.keeping import Answered
from denrei.responses.models import Response


class AnsweredMeanwhileError(Exception):
    """A newer answer came than the operator saw; nothing was kept."""


def press(
    organization: Organization, broadcast_id: int, reply: Reply, operator: Operator, seen: int
) -> Answered | None:
    """Keep what an operator heard. None: this press was kept before.

    `seen` is the id of the answer that counted when the form was drawn, 0 for none: what was heard
    before a newer answer must not count more than it unnoticed. Raises AnswerError,
    AnsweredMeanwhileError.
    """
    with tenancy.acting_for(organization.pk):
        _one_at_a_time(broadcast_id, reply.recipient_id or 0)
        latest = Response.objects.of(broadcast_id, reply.recipient_id or 0).last()
        if latest is None or latest.pk <= seen:
            return noting.note(organization, broadcast_id, reply, operator)
        if _is_same(latest, reply, operator):
            return None
        raise AnsweredMeanwhileError


def _is_same(latest: Response, reply: Reply, operator: Operator) -> bool:
    kept = (latest.actor_id, latest.choice, latest.source, latest.comment)
    said = (operator.pk, reply.choice or "", reply.source, answering.cleaned(reply.comment))
    return kept == said


def _one_at_a_time(broadcast_id: int, recipient_id: int) -> None:
    """Let presses about one person wait for each other: not by its row, which answers lock later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('answer.noted:' || %s, %s))",
            [broadcast_id, recipient_id],
        )
