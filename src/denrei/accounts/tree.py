"""What administrators do to the tree of units: within their mandate, recorded (ALL-5, OPS-6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import ManyToOneRel

from denrei.accounts import audit, mandate, units
from denrei.accounts.mandate import Mandate
from denrei.accounts.models import Operator, Organization, Unit
from denrei.accounts.refusal import Refusal, RefusedError
from denrei.accounts.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a unit shall be, except where it stands."""

    code: str
    name: str
    #: The sender that its recipients see; "" is that of the unit above (OPS-6).
    sender_name: str = ""
    sender_address: str = ""
    reply_to: str = ""


def add(
    organization: Organization, wanted: Wanted, parent: Unit | None, actor: Operator | None
) -> Unit:
    """Add a unit. RefusedError CODE_TAKEN, GONE (the unit above), NO_LONGER."""
    with mandate.held(organization.pk, actor, Right.ORGANIZATION) as holder:
        _ask_for_code(wanted.code)
        above = _as_of_now(parent) if parent else None
        unit = units.add(organization, wanted.code, wanted.name, above)
        _give(unit, wanted)
        _record("unit.added", unit, holder, None, _facts(unit))
    return unit


def change(unit: Unit, wanted: Wanted, parent: Unit | None, actor: Operator | None) -> Unit:
    """Change what a unit is and where it stands; return it as it is then.

    RefusedError CODE_TAKEN, CYCLE, GONE, NO_LONGER.
    """
    with mandate.held(unit.organization_id, actor, Right.ORGANIZATION) as holder:
        found = _as_of_now(unit)
        _ask_for_code(wanted.code, besides=found)
        before = _facts(found)
        above = _as_of_now(parent) if parent else None
        if found.parent_id != (above.pk if above else None):
            units.move(found, above)
        _give(found, wanted)
        if _facts(found) != before:
            _record("unit.changed", found, holder, before, _facts(found))
    return found


def delete(unit: Unit, actor: Operator | None) -> None:
    """Delete a unit to which nothing belongs. RefusedError IN_USE, GONE, NO_LONGER."""
    with mandate.held(unit.organization_id, actor, Right.ORGANIZATION) as holder:
        found = _as_of_now(unit)
        if uses(found):
            raise RefusedError(Refusal.IN_USE)
        _record("unit.deleted", found, holder, _facts(found), None)
        try:
            with transaction.atomic():
                Unit.objects.filter(pk=found.pk).delete()
                connection.check_constraints()  # what was added meanwhile by somebody else
        except IntegrityError as error:
            raise RefusedError(Refusal.IN_USE) from error


def uses(unit: Unit) -> Mapping[str, int]:
    """Count what belongs to a unit, by the name that `Unit` has for it; what has none is absent.

    Every foreign key to `unit` is asked, so the rule knows the tables of layers above, too.
    """
    counts = {
        relation.name: relation.related_model._base_manager.filter(
            **{relation.field.name: unit}
        ).count()
        for relation in Unit._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel)
    }
    return {name: count for name, count in counts.items() if count}


def in_order(found: Iterable[Unit]) -> Iterator[tuple[int, Unit]]:
    """Yield units as a tree is drawn, each with its depth (0: the top), by code beside each other.

    A unit whose parent is not among them stands at the top.
    """
    given = sorted(found, key=lambda unit: unit.code)
    known = {unit.pk for unit in given}
    below: dict[int | None, list[Unit]] = {}
    for unit in given:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    waiting = [(0, unit) for unit in reversed(below.get(None, []))]
    while waiting:
        depth, unit = waiting.pop()
        yield depth, unit
        waiting.extend((depth + 1, child) for child in reversed(below.get(unit.pk, [])))


def _as_of_now(unit: Unit) -> Unit:
    found = Unit.objects.select_related("parent").filter(pk=unit.pk).first()
    if found is None:
        raise RefusedError(Refusal.GONE)
    return found


def _ask_for_code(code: str, besides: Unit | None = None) -> None:
    same = Unit.objects.filter(code=code)
    if besides:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        raise RefusedError(Refusal.CODE_TAKEN)


def _give(unit: Unit, wanted: Wanted) -> None:
    values = asdict(wanted)
    for name, value in values.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(values))


def _facts(unit: Unit) -> dict[str, object]:
    above = unit.parent
    return {
        "code": unit.code,
        "name": unit.name,
        "parent": f"{above.code} {above.name}" if above else None,
        "sender_name": unit.sender_name,
        "sender_address": unit.sender_address,
        "reply_to": unit.reply_to,
    }


def _record(
    action: str,
    unit: Unit,
    holder: Mandate,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(unit.organization_id, action, unit, holder.actor, before, after)
