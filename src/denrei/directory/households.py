"""Households: who of one an operator sees, and its children (NEW-5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from denrei.accounts import audit
from denrei.accounts.models import Operator, Unit
from denrei.directory.importing import applying
from denrei.directory.models import Household, Recipient, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child as an operator wants it to be."""

    #: None: a new one.
    id: int | None
    name: str
    kana: str = ""
    unit: Unit | None = None
    class_name: str = ""


def visible_to(operator: Operator) -> QuerySet[Household]:
    """Tell the households of which the operator sees a member."""
    if operator.unit is None:
        return Household.objects.all()
    seen = Recipient.objects.visible_to(operator).filter(household__isnull=False)
    return Household.objects.filter(pk__in=seen.values("household"))


def children_of(household: Household, operator: Operator) -> QuerySet[Subject]:
    """Tell the children of a household that an operator sees."""
    return children_in([household.pk], operator)


def children_in(households: Collection[int], operator: Operator) -> QuerySet[Subject]:
    """Tell the children of households that an operator sees: of his unit and below, or of none."""
    children = Subject.objects.filter(household__in=households).select_related("unit")
    if operator.unit is not None:
        children = children.filter(Q(unit=None) | Q(unit__path__startswith=operator.unit.path))
    return children.order_by("kana", "name", "id")


def set_children(operator: Operator, household: Household, wanted: Sequence[Child]) -> bool:
    """Make the children that the operator sees what is wanted; tell whether anything changed.

    Those that are not named are deleted; others are untouched, whatever ids are named.
    """
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=household.pk)
        known = {child.pk: child for child in children_of(household, operator)}
        before = _told(known)
        named = {child.id for child in wanted}
        Subject.objects.filter(pk__in=[pk for pk in known if pk not in named]).delete()
        for child in wanted:
            _write(household, known.get(child.id or 0), child)
        after = _told({child.pk: child for child in children_of(household, operator)})
        if before != after:
            told = ({"children": list(before.values())}, {"children": list(after.values())})
            audit.record(household.organization_id, "household.changed", household, operator, *told)
    return before != after


def without_members() -> QuerySet[Household]:
    """Tell the households in which nobody is registered, not even in 退会."""
    return Household.objects.filter(~Exists(Recipient.objects.filter(household=OuterRef("pk"))))


def forget_empty(organization: int, households: Sequence[int]) -> int:
    """Delete those of these households that have no members, with their children; return how many rows.

    The transaction must act for the organization. Whom somebody is about to move in, by hand or by an import,
    keeps the household: what is left is for the night (OPS-8).
    """
    if not households or not applying.goes_first(organization):
        return 0
    locked = Household.objects.filter(pk__in=households).select_for_update(skip_locked=True)
    free = list(locked.values_list("pk", flat=True))
    rows, _ = without_members().filter(pk__in=free).delete()
    return rows


def _write(household: Household, row: Subject | None, child: Child) -> None:
    row = row or Subject(organization_id=household.organization_id, household=household)
    row.name, row.kana, row.class_name = child.name, child.kana, child.class_name
    row.unit = child.unit
    row.save()


def _told(children: Mapping[int, Subject]) -> dict[int, dict[str, str]]:
    return {
        pk: {
            "name": child.name,
            "kana": child.kana,
            "unit": child.unit.name if child.unit else "",
            "class": child.class_name,
        }
        for pk, child in children.items()
    }
