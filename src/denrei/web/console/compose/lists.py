"""Lists to choose from, each with what is chosen and, for people, how many the operator sees there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Model, Q, QuerySet

from denrei.accounts.models import Operator
from denrei.directory.models import ContactGroup, Position, RecipientState


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One line of a list."""

    id: str
    name: str
    code: str
    chosen: bool
    people: int | None = None
    #: Of an answer: somebody must act.
    needs_help: bool = False


def options(rows: QuerySet[Model], chosen: Sequence[str]) -> list[Option]:
    """Return the rows of one of the organization's lists, in its order."""
    return [_option(row, chosen) for row in rows]


def groups(operator: Operator, chosen: Sequence[str]) -> list[Option]:
    """Return the groups, with the active people in them whom the operator sees (ALL-5)."""
    people = Count("memberships", filter=_seen("memberships__recipient", operator))
    return [_option(row, chosen) for row in ContactGroup.objects.annotate(people=people)]


def positions(operator: Operator, chosen: Sequence[str]) -> list[Option]:
    """Return the positions, likewise."""
    people = Count("holders", filter=_seen("holders__recipient", operator))
    return [_option(row, chosen) for row in Position.objects.annotate(people=people)]


def _seen(path: str, operator: Operator) -> Q:
    found = Q(**{f"{path}__state": RecipientState.ACTIVE})
    if operator.unit:
        found &= Q(**{f"{path}__unit__path__startswith": operator.unit.path})
    return found


def _option(row: Model, chosen: Sequence[str]) -> Option:
    return Option(
        id=str(row.pk),
        name=getattr(row, "name", ""),
        code=getattr(row, "code", ""),
        chosen=str(row.pk) in chosen,
        people=getattr(row, "people", None),
        needs_help=getattr(row, "needs_help", False),
    )
