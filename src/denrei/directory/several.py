"""Changing several people at once; one entry of the audit trail tells of all by their ids.

Whom the operator does not see stays untouched (ALL-5), whatever ids are named.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.directory.models import (
    ContactGroup,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
    RecipientState,
)

#: People that are changed at once: each is written anew with his entries in the indexes of the search, and a
#: page waits for it, some 2 s for each 10,000. More than that are the business of an import.
MOST = 10_000


def join(operator: Operator, ids: Collection[int], group: ContactGroup) -> int:
    """Put people into a group; return how many were not in it."""
    with transaction.atomic():
        seen, members = _locked(operator, ids), _members(group, ids)
        new = [pk for pk in seen if pk not in members]
        GroupMember.objects.bulk_create(
            GroupMember(organization_id=operator.organization_id, group=group, recipient_id=pk)
            for pk in new
        )
        return _noted(operator, "people.joined", new, {"group": group.name})


def part(operator: Operator, ids: Collection[int], group: ContactGroup) -> int:
    """Take people out of a group; return how many were in it."""
    with transaction.atomic():
        seen, members = _locked(operator, ids), _members(group, ids)
        old = [pk for pk in seen if pk in members]
        GroupMember.objects.filter(group=group, recipient__in=old).delete()
        return _noted(operator, "people.parted", old, {"group": group.name})


def appoint(operator: Operator, ids: Collection[int], position: Position | None) -> int:
    """Let people hold one position and no other, or none; return how many held others."""
    with transaction.atomic():
        wanted = set() if position is None else {position.pk}
        seen, held = _locked(operator, ids), _held(ids)
        changed = [pk for pk in seen if held.get(pk, set()) != wanted]
        PositionHolder.objects.filter(recipient__in=changed).delete()
        if position:
            PositionHolder.objects.bulk_create(
                PositionHolder(
                    organization_id=operator.organization_id, position=position, recipient_id=pk
                )
                for pk in changed
            )
        return _noted(
            operator, "people.appointed", changed, {"position": position.name if position else ""}
        )


def move(operator: Operator, ids: Collection[int], state: RecipientState) -> int:
    """Let people leave (退会) or come back; return how many did."""
    with transaction.atomic():
        others = Recipient.objects.filter(pk__in=_locked(operator, ids)).exclude(state=state)
        moved = list(others.values_list("pk", flat=True))
        Recipient.objects.filter(pk__in=moved).update(state=state, updated_at=Now())
        action = "people.left" if state == RecipientState.LEFT else "people.returned"
        return _recorded(operator, action, moved, {})


def _locked(operator: Operator, ids: Collection[int]) -> list[int]:
    """Return those whom the operator sees; in one order, so that two of these can't cross."""
    visible = Recipient.objects.visible_to(operator).filter(pk__in=ids).order_by("pk")
    return list(visible.select_for_update(of=("self",)).values_list("pk", flat=True))


def _members(group: ContactGroup, ids: Collection[int]) -> set[int]:
    members = GroupMember.objects.filter(group=group, recipient__in=ids)
    return set(members.values_list("recipient_id", flat=True))


def _held(ids: Collection[int]) -> dict[int, set[int]]:
    held: dict[int, set[int]] = {}
    for holder in PositionHolder.objects.filter(recipient__in=ids):
        held.setdefault(holder.recipient_id, set()).add(holder.position_id)
    return held


def _noted(operator: Operator, action: str, ids: list[int], what: dict[str, str]) -> int:
    """Mark people as changed just now, and record the act; return how many there are."""
    Recipient.objects.filter(pk__in=ids).update(updated_at=Now())
    return _recorded(operator, action, ids, what)


def _recorded(operator: Operator, action: str, ids: list[int], what: dict[str, str]) -> int:
    if ids:
        organization = operator.organization_id
        after = {**what, "recipients": ids}
        audit.record(organization, action, operator.organization, operator, after=after)
    return len(ids)
