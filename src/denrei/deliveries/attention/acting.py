"""What operators do with cases: take, assign, give back, put off, finish, open again (EMC-7).

Each touches only cases of people whom the operator sees (ALL-5), leaves out those that are already
so, tells the trail of each, and returns how many were changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from denrei.accounts import audit, rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.deliveries.attention.models import Attention, AttentionQuerySet, AttentionState
from denrei.directory.models import ContactState

#: Characters of a note.
NOTE = 200


def take(operator: Operator, ids: Collection[int]) -> int:
    """Make the operator the one who looks after open cases."""
    return assign(operator, ids, operator)


def assign(operator: Operator, ids: Collection[int], to: Operator) -> int:
    """Give open cases to an operator who may act, of people whom he sees himself."""
    if not (to.is_active and rights.may(to, Right.PEOPLE)):
        return 0
    action = "attention.taken" if to == operator else "attention.assigned"
    wanted = Attention.objects.visible_to(to).open().exclude(assigned_to=to)
    return _change(operator, ids, wanted, action, {"assigned_to": to})


def give_back(operator: Operator, ids: Collection[int]) -> int:
    """Let nobody look after open cases."""
    wanted = Attention.objects.open().exclude(assigned_to=None)
    return _change(operator, ids, wanted, "attention.given_back", {"assigned_to": None})


def snooze(operator: Operator, ids: Collection[int], until: datetime) -> int:
    """Put open cases off until a moment; one that has passed brings them back."""
    wanted = Attention.objects.open().exclude(snoozed_until=until)
    return _change(operator, ids, wanted, "attention.snoozed", {"snoozed_until": until})


def finish(operator: Operator, ids: Collection[int], note: str = "") -> int:
    """End open cases. Should such a contact fail again, its case is open again."""
    ended = _ended(AttentionState.DONE, operator, note)
    return _change(operator, ids, Attention.objects.open(), "attention.done", ended)


def reopen(operator: Operator, ids: Collection[int]) -> int:
    """Open cases again whose contact is still in use; then only an act ends them."""
    in_use = Attention.objects.over().exclude(contact__state=ContactState.RETIRED)
    wanted = in_use.filter(contact__address_key=F("address_key"))
    begun = {"state": AttentionState.OPEN, "until": None}
    return _change(operator, ids, wanted, "attention.reopened", begun)


def released(operator: Operator | None, contacts: Iterable[int], ending: AttentionState) -> int:
    """End the open cases of contacts that are sent to again; their release is in the trail."""
    cases = Attention.objects.filter(contact__in=list(contacts), state=AttentionState.OPEN)
    return cases.update(**_ended(ending, operator, ""))


def _ended(state: AttentionState, operator: Operator | None, note: str) -> dict[str, Any]:
    return {
        "state": state,
        "handled_by": operator,
        "handled_at": Now(),
        "note": note,
        "assigned_to": None,
        "snoozed_until": None,
    }


def _change(
    operator: Operator,
    ids: Collection[int],
    wanted: AttentionQuerySet,
    action: str,
    values: Mapping[str, Any],
) -> int:
    """Change those of `wanted` that are named and visible, locked in the ledger's order."""
    with transaction.atomic():
        named = wanted.visible_to(operator).filter(pk__in=ids).order_by("contact_id")
        found = named.select_related("recipient", "assigned_to").select_for_update(of=("self",))
        cases = list(found)
        Attention.objects.filter(pk__in=[case.pk for case in cases]).update(**values)
        for case in cases:
            _record(operator, case, action, values)
    return len(cases)


#: What the trail tells of a change, where it is one.
_TOLD = ("assigned_to", "snoozed_until", "note")


def _record(operator: Operator, case: Attention, action: str, values: Mapping[str, Any]) -> None:
    """The person's name stands on both sides: it says whom it is about and is no difference."""
    names = [name for name in _TOLD if name in values]
    before = {name: _plain(getattr(case, name)) for name in names if name != "note"}
    after = {name: _plain(values[name]) for name in names}
    name = {"name": case.recipient.name}
    audit.record(
        case.organization_id, action, case, operator, {**name, **before}, {**name, **after}
    )


def _plain(value: object) -> str:
    """Return a value as JSON holds it for people."""
    if value is None:
        return ""
    if isinstance(value, Operator):
        return value.name
    return value.isoformat() if isinstance(value, datetime) else str(value)
