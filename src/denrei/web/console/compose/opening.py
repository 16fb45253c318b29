"""What a form begins with: a new one, a draft from the list, a 定型連絡 about to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from denrei.accounts.models import Operator, Organization
from denrei.broadcasts.models import AnswerChoice, DraftKind
from denrei.broadcasts.typed import Moment, Typed


def blank(organization: Organization, operator: Operator, kind: DraftKind, now: datetime) -> Typed:
    """Return an empty form: it happened now, every answer is offered, the operator's unit signs."""
    answers = tuple(str(pk) for pk in AnswerChoice.objects.values_list("pk", flat=True))
    typed = Typed(ask=bool(answers), choices=answers)
    if kind is DraftKind.TEMPLATE:
        return typed
    return about_to_send(typed, organization, operator, now)


def about_to_send(
    typed: Typed, organization: Organization, operator: Operator, now: datetime
) -> Typed:
    """Return a form with what is only known when it is sent: time and sender (OPS-2)."""
    zone = ZoneInfo(organization.time_zone)
    return replace(typed, occurred=Moment.at(now, zone), sender=signature(organization, operator))


def asked_anew(typed: Typed) -> Typed:
    """Return a form out of the list of drafts: sender and recipients are asked for anew (MSG-4)."""
    return replace(
        typed, sender="", everybody=False, groups=(), positions=(), both=False, people=()
    )


def kept(typed: Typed) -> Typed:
    """Return what a 定型連絡 keeps of a form: not what is only known when it is sent."""
    nothing = Moment()
    return replace(
        typed,
        occurred=nothing,
        sender="",
        scheduled=False,
        start=nothing,
        deadline=nothing,
        corrects="",
        sequel="",
        to_all=False,
    )


def signature(organization: Organization, operator: Operator) -> str:
    """Return how an operator signs unless he types otherwise."""
    return operator.unit.name if operator.unit else organization.name
