"""Adding, changing, leaving and erasing one person (MSG-5). Every change goes to the audit trail.

Whoever asks is an operator, and touches only those he sees (ALL-5); else Recipient.DoesNotExist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator, Unit
from denrei.directory import contacts, facts, households, search
from denrei.directory.contacts import Wanted
from denrei.directory.models import (
    ContactGroup,
    GroupMember,
    Household,
    Language,
    Position,
    PositionHolder,
    Recipient,
    RecipientState,
)


class ChangedMeanwhileError(Exception):
    """Somebody else changed the person since the operator looked; nothing was written."""


class CodeTakenError(Exception):
    """Another person of the organization has this code; nothing was written."""


class UnitOutOfReachError(Exception):
    """The operator may register people of his unit and below only; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that an operator says of one person."""

    name: str
    kana: str = ""
    code: str = ""
    unit: Unit | None = None
    #: Code of the household; one that nobody lives in yet is created. "" for none.
    household: str = ""
    language: str = Language.JAPANESE
    state: int = RecipientState.ACTIVE
    #: Ids; those of another organization count as none.
    groups: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    contacts: tuple[Wanted, ...] = ()


def add(operator: Operator, entry: Entry) -> Recipient:
    """Register a person. Raises CodeTakenError, UnitOutOfReachError."""
    with transaction.atomic():
        recipient = Recipient(organization_id=operator.organization_id)
        _write(operator, recipient, entry)
        _record("person.added", recipient, operator, after=facts.of(recipient))
    return recipient


def change(operator: Operator, recipient_id: int, entry: Entry, seen: datetime) -> bool:
    """Make a person what the entry says; tell whether anything changed.

    `seen` is `updated_at` as it was when the operator began. Raises ChangedMeanwhileError,
    CodeTakenError, UnitOutOfReachError.
    """
    with transaction.atomic():
        recipient = _locked(operator, recipient_id)
        if recipient.updated_at != seen:
            raise ChangedMeanwhileError
        return _rewritten(operator, recipient, entry)


def _rewritten(operator: Operator, recipient: Recipient, entry: Entry) -> bool:
    known = facts.of(recipient)
    _write(operator, recipient, entry)
    before, after = facts.changed(known, facts.of(recipient))
    if after:
        _record("person.changed", recipient, operator, before, after)
    return bool(after)


def move(operator: Operator, recipient_id: int, state: RecipientState) -> None:
    """Let a person leave (退会) or come back; contacts and groups stay for the return."""
    with transaction.atomic():
        recipient = _locked(operator, recipient_id)
        before = recipient.state
        if before == state:
            return
        recipient.state, recipient.updated_at = state, Now()
        recipient.save(update_fields=["state", "updated_at"])
        action = "person.left" if state == RecipientState.LEFT else "person.returned"
        _record(action, recipient, operator, {"state": before}, {"state": int(state)})


def erase(operator: Operator, recipient_id: int) -> None:
    """Take a person and all contacts out of the address book for good, the last one with the household's children.

    Past broadcasts keep their story: the audience holds the name of then, deliveries the address.
    The trail says who was erased and no more of the person.
    """
    with transaction.atomic():
        recipient = _locked(operator, recipient_id)
        told = {"name": recipient.name, "code": recipient.code}
        _record("person.erased", recipient, operator, before=told)
        recipient.delete()
        if recipient.household_id:
            households.forget_empty(recipient.organization_id, [recipient.household_id])


def left_before(until: datetime) -> QuerySet[Recipient]:
    """Tell those in 退会 of whom nothing changed since then."""
    return Recipient.objects.filter(state=RecipientState.LEFT, updated_at__lt=until)


def erase_left(until: datetime, most: int) -> tuple[int, int]:
    """Erase some people who left before, as `erase` does, by denrei itself; return people and rows.

    The transaction must act for their organization. Whom somebody works on waits for another night.
    """
    found = list(left_before(until).select_for_update(skip_locked=True, of=("self",))[:most])
    for recipient in found:
        told = {"name": recipient.name, "code": recipient.code}
        _record("person.erased", recipient, None, before=told)
    rows, _ = Recipient.objects.filter(pk__in=[one.pk for one in found]).delete()
    homes = {one.household_id for one in found if one.household_id}
    if homes:
        rows += households.forget_empty(found[0].organization_id, sorted(homes))
    return len(found), rows


def _locked(operator: Operator, recipient_id: int) -> Recipient:
    visible = Recipient.objects.visible_to(operator).filter(pk=recipient_id)
    return visible.select_for_update(of=("self",)).get()


def _write(operator: Operator, recipient: Recipient, entry: Entry) -> None:
    if operator.unit and not (entry.unit and entry.unit.path.startswith(operator.unit.path)):
        raise UnitOutOfReachError
    recipient.name, recipient.kana, recipient.code = entry.name, entry.kana, entry.code
    recipient.unit, recipient.household = entry.unit, _household(operator, entry.household)
    recipient.language, recipient.state = entry.language, entry.state
    recipient.search = search.text_for(
        entry.name, entry.kana, entry.code, (one.address for one in entry.contacts)
    )
    recipient.updated_at = Now()
    _save(recipient)
    _join(recipient, entry)
    contacts.settle(recipient, entry.contacts)
    recipient.refresh_from_db()


def _save(recipient: Recipient) -> None:
    code = recipient.code
    others = Recipient.objects.filter(code=code).exclude(pk=recipient.pk)
    if code and others.exists():
        raise CodeTakenError
    try:
        with transaction.atomic():
            recipient.save()
    except IntegrityError as error:  # taken since we looked
        raise CodeTakenError from error


def _household(operator: Operator, code: str) -> Household | None:
    if not code:
        return None
    organization = operator.organization_id
    # locked, so that nobody takes it for empty before the person is in it
    known = Household.objects.select_for_update(no_key=True)
    return known.get_or_create(organization_id=organization, code=code)[0]


def _join(recipient: Recipient, entry: Entry) -> None:
    """Bring groups and positions to what is wanted; those that stay keep their rows."""
    known = set(recipient.memberships.values_list("group", flat=True))
    groups = _ids(ContactGroup.objects.filter(pk__in=entry.groups))
    recipient.memberships.filter(group__in=known - groups).delete()
    organization = recipient.organization_id
    GroupMember.objects.bulk_create(
        GroupMember(organization_id=organization, recipient=recipient, group_id=group)
        for group in sorted(groups - known)
    )
    held = set(recipient.positions_held.values_list("position", flat=True))
    positions = _ids(Position.objects.filter(pk__in=entry.positions))
    recipient.positions_held.filter(position__in=held - positions).delete()
    PositionHolder.objects.bulk_create(
        PositionHolder(organization_id=organization, recipient=recipient, position_id=position)
        for position in sorted(positions - held)
    )


def _ids(rows: Iterable[Model]) -> set[int]:
    return {row.pk for row in rows}


def _record(
    action: str,
    recipient: Recipient,
    operator: Operator | None,
    before: facts.Facts | None = None,
    after: facts.Facts | None = None,
) -> None:
    audit.record(recipient.organization_id, action, recipient, operator, before, after)
