"""The broadcasts that were for one person, newest first: how far each came, and what was answered (MSG-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from denrei.accounts.models import Operator
from denrei.audience.models import AudienceMember
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.domain.states import Grade
from denrei.responses.models import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One broadcast as it went for the person."""

    broadcast: Broadcast
    content: Content
    grade: Grade
    #: The latest answer (MSG-8).
    answer: Response | None


def received(
    recipient_id: int, operator: Operator, most: int, before: int | None = None
) -> Sequence[Received]:
    """Return so many broadcasts that the operator sees, those before one of them.

    The transaction must act for the organization.
    """
    members = AudienceMember.objects.visible_to(operator).filter(recipient_id=recipient_id)
    if before is not None:
        members = members.filter(broadcast_id__lt=before)
    found = list(
        members.filter(broadcast__in=Broadcast.objects.visible_to(operator))
        .select_related("broadcast")
        .order_by("-broadcast_id")[:most]
    )
    answers = _latest(recipient_id, [member.broadcast_id for member in found])
    return [
        Received(
            broadcast=member.broadcast,
            content=Content.from_json(member.broadcast.content),
            grade=Grade(member.grade),
            answer=answers.get(member.broadcast_id),
        )
        for member in found
    ]


def _latest(recipient_id: int, broadcasts: Sequence[int]) -> dict[int, Response]:
    rows = Response.objects.filter(broadcast_id__in=broadcasts, recipient_id=recipient_id)
    newest = rows.order_by("broadcast_id", "-id").distinct("broadcast_id")
    return {response.broadcast_id: response for response in newest}
