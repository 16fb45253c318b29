"""Calls for help: opened and closed by answers, taken and closed by operators (NEW-4).

The verbs run in the caller's transaction, which must act for the organization; whether the operator
may, and sees the person, is asked by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import LiteralString

from django.db import connection
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.audience.models import AudienceMember
from denrei.responses.models import HelpCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that was written, as far as it matters to a call."""

    recipient_id: int
    response_id: int
    at: datetime
    #: The one before said that no help is needed, this one calls for it.
    worsened: bool
    needs_help: bool
    #: The one before called for help.
    needed_help: bool


def follow(organization_id: int, broadcast_id: int, kept: Sequence[Kept]) -> None:
    """Open, confirm or close calls of people by their new answers; most answers ask nothing.

    Runs in the transaction of the answers, with their people locked, one answer of each.
    """
    opening = [one for one in kept if one.needs_help]
    closing = [one for one in kept if one.needed_help and not one.needs_help]
    for name, told in (("call", opening), ("call_back", closing)):
        if told:
            _tell(name, organization_id, broadcast_id, told)


def take(call: HelpCall, operator: Operator) -> bool:
    """Let an operator take care of a call; False: it is closed, or somebody has it."""
    mine = HelpCall.objects.untaken().filter(pk=call.pk)
    return _acted(mine.update(taken_by=operator, taken_at=Now()), "help.taken", call, operator)


def give_back(call: HelpCall, operator: Operator) -> bool:
    """Let nobody take care of it any more; False: it is closed, or nobody had it."""
    taken = HelpCall.objects.open().filter(pk=call.pk, taken_by__isnull=False)
    return _acted(taken.update(taken_by=None, taken_at=None), "help.given_back", call, operator)


def close(call: HelpCall, operator: Operator) -> bool:
    """Close a call, taken or not: the person was helped. False: it is closed already.

    What the person answered stays; the same answer once more opens it again.
    """
    open_ = HelpCall.objects.open().filter(pk=call.pk)
    return _acted(open_.update(closed_at=Now(), closed_by=operator), "help.closed", call, operator)


def _acted(changed: int, action: str, call: HelpCall, operator: Operator) -> bool:
    if changed:
        person = AudienceMember.objects.of(call.broadcast_id).get(recipient_id=call.recipient_id)
        told = {
            "name": person.name,
            "broadcast_id": call.broadcast_id,
            "recipient_id": call.recipient_id,
        }
        audit.record(call.organization_id, action, call, operator, after=told)
    return bool(changed)


def _tell(name: str, organization_id: int, broadcast_id: int, told: Sequence[Kept]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(name),
            {
                "organization": organization_id,
                "broadcast": broadcast_id,
                "people": [one.recipient_id for one in told],
                "times": [one.at for one in told],
                "worsened": [one.worsened for one in told],
                "responses": [one.response_id for one in told],
            },
        )


@cache
def _statement(name: str) -> LiteralString:
    path = resources.files("denrei.responses") / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
