"""An operator's press on 記録する: the same one twice is one answer, one that crosses another asks first."""

from __future__ import annotations

from django.db import connection

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.audience.models import AudienceMember
from denrei.deliveries import cancel
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
        _lock(organization, broadcast_id, reply.recipient_id or 0, operator)
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


def _lock(
    organization: Organization, broadcast_id: int, recipient_id: int, operator: Operator
) -> None:
    """Hold what every answer of this person must lock: what is read then is what counts.

    In the ledger's one order (halt, person). An answer that is under way is waited for and seen;
    where nothing is kept after all, the caller's error takes the halt back.
    """
    if AudienceMember.objects.of(broadcast_id).filter(recipient_id=recipient_id).exists():
        cancel.halt(organization.pk, broadcast_id, [recipient_id], actor_id=operator.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM audience WHERE broadcast_id = %s AND recipient_id = %s FOR UPDATE",
            [broadcast_id, recipient_id],
        )
