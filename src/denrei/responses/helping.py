"""Calls for help: opened and closed by answers, taken and closed by operators (NEW-4).

The verbs run in the caller's transaction, which must act for the organization; whether the operator
may, and sees the person, is asked by the caller.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import LiteralString

from django.db import connection
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.audience.freezing import Counted
from denrei.audience.models import AudienceMember
from denrei.responses.models import HelpCall, HelpCallQuerySet, Response


def follow(response: Response, before: Counted) -> None:
    """Open, confirm or close a person's call by a new answer; most answers ask nothing.

    Runs in the transaction of the answer, with its person locked.
    """
    if response.needs_help:
        _open(response)
    elif before.needs_help:
        _of(response).open().update(closed_at=response.at, closed_by=None, response=response)


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


def _of(response: Response) -> HelpCallQuerySet:
    return HelpCall.objects.filter(
        broadcast_id=response.broadcast_id, recipient_id=response.recipient_id
    )


def _open(response: Response) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(),
            {
                "organization": response.organization_id,
                "broadcast": response.broadcast_id,
                "recipient": response.recipient_id,
                "response": response.pk,
                "worsened": response.worsened,
                "at": response.at,
            },
        )


@cache
def _statement() -> LiteralString:
    path = resources.files("denrei.responses") / "sql" / "call.sql"
    return path.read_text(encoding="utf-8")
