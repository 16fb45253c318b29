"""Launch: what was asked for, checked and committed, before anything is sent.

The broadcast and its audience commit first; then the janitor writes deliveries in slices. A 2xx
therefore means: nobody of this audience can be lost any more (ALL-1).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.audience import freezing
from denrei.audience.selection import Selection
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast, Priority
from denrei.deliveries import bell, cancel, lanes, reminding
from denrei.deliveries.errors import ConflictError, LaunchError
from denrei.deliveries.models import Run
from denrei.domain import limits
from denrei.domain.states import Medium

_NOBODY = gettext_lazy("対象となる人がいません。連絡グループ、役職、個別の指定を確認してください。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One medium, and how long after the launch it begins (EMC-3)."""

    medium: Medium
    after_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything that 送信 asks for."""

    #: The draft's revision: pressing twice launches once.
    key: str
    content: Content
    selection: Selection
    steps: tuple[Step, ...] = (Step(medium=Medium.MAIL),)
    priority: Priority = Priority.EMERGENCY
    give_up_at: datetime
    corrects: int | None = None
    #: Minutes after the launch at which those without an answer are asked again (OPS-1).
    reminders: tuple[int, ...] = ()

    def digest(self) -> bytes:
        """Return SHA-256 of what was asked for. Times that depend on the press are not in it."""
        asked = {
            "content": self.content.to_json(),
            "selection": self.selection.asked(),
            "steps": [[int(step.medium), step.after_seconds] for step in self.steps],
            "priority": int(self.priority),
            "corrects": self.corrects,
            # left out where there are none: a press from before there were reminders is the same
            **({"reminders": list(self.reminders)} if self.reminders else {}),
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()


@dataclass(frozen=True, slots=True)
class Launched:
    """A broadcast that is committed."""

    broadcast_id: int
    people: int
    #: False: this order had been launched before, and nothing new was done.
    created: bool


def launch(organization: Organization, order: Order, actor: Operator | None = None) -> Launched:
    """Commit a broadcast and its audience; the deliveries follow. Raises LaunchError."""
    _check(order)
    with tenancy.acting_for(organization.id):
        broadcast_id = _insert(organization, order, actor)
        if broadcast_id is None:
            return _earlier(organization, order)
        steps = [
            lanes.frozen(organization, step.medium, step.after_seconds) for step in order.steps
        ]
        if order.corrects is not None:  # what is unsent of it is cancelled (NEW-13)
            cancel.stop(organization.id, order.corrects, actor)
        people = freezing.freeze(organization.id, broadcast_id, order.selection)
        if not people:
            raise LaunchError(str(_NOBODY))
        _start(organization, broadcast_id, order, people, steps)
        reminding.plan(organization.id, broadcast_id, order.reminders, actor)
        audit.record(
            organization.id,
            "broadcast.launched",
            Broadcast(pk=broadcast_id),
            actor,
            after={"people": people, "drill": order.content.drill},
        )
        bell.ring()
    return Launched(broadcast_id, people, created=True)


def rehearse(organization: Organization, order: Order) -> Launched | None:
    """Raise the LaunchError that a launch would; keep nothing.

    Returns the broadcast that this order was launched as before, None where it is new.
    """
    _check(order)
    with tenancy.acting_for(organization.id):
        if Broadcast.objects.filter(organization=organization, idempotency_key=order.key).exists():
            return _earlier(organization, order)
        for step in order.steps:
            lanes.frozen(organization, step.medium, step.after_seconds)
        if not order.selection.people().exists():
            raise LaunchError(str(_NOBODY))
    return None


def complaints(order: Order) -> list[str]:
    """Return what is wrong with an order by itself, each a sentence that says what to do."""
    content = order.content
    found = limits.check(
        {
            "incident": content.incident.ja,
            "occurred_at": content.occurred_at.isoformat(),
            "place": content.place,
            "situation_note": content.situation_note,
            "instruction_note": content.instruction_note,
            "sender": content.signed,
        }
    )
    words = [complaint.words for complaint in found]
    if not order.key:
        words.append(_("送信の識別番号がありません。下書きを保存してから送信してください。"))
    media = [step.medium for step in order.steps]
    if not media or len(set(media)) != len(media):
        words.append(_("連絡手段を1つ以上、重ならないように選んでください。"))
    return words


def _check(order: Order) -> None:
    found = complaints(order)
    if found:
        raise LaunchError("\n".join(found))


def _insert(organization: Organization, order: Order, actor: Operator | None) -> int | None:
    """Insert the broadcast; None where its key exists. A second press waits here for the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO broadcast (organization_id, idempotency_key, request_sha256, content, drill,"
            " priority, give_up_at, launched_by_id, unit_id, corrects_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
            [
                organization.id,
                order.key,
                order.digest(),
                json.dumps(order.content.to_json(), ensure_ascii=False),
                order.content.drill,
                int(order.priority),
                order.give_up_at,
                actor.pk if actor else None,
                actor.unit_id if actor else None,
                order.corrects,
            ],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _earlier(organization: Organization, order: Order) -> Launched:
    earlier = Broadcast.objects.get(organization=organization, idempotency_key=order.key)
    if bytes(earlier.request_sha256) != order.digest():
        raise ConflictError(
            _(
                "この下書きは、別の内容ですでに送信されています。内容を確認し、新しい連絡として送信してください。"
            )
        )
    people = Run.objects.of(earlier.pk).aggregate(n=Sum("people"))["n"]
    return Launched(earlier.pk, people, created=False)


def _start(
    organization: Organization,
    broadcast_id: int,
    order: Order,
    people: int,
    steps: list[dict[str, object]],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO run (organization_id, broadcast_id, wave, priority, people, steps, give_up_at)"
            " VALUES (%s, %s, 1, %s, %s, %s, %s)",
            [
                organization.id,
                broadcast_id,
                int(order.priority),
                people,
                json.dumps(steps),
                order.give_up_at,
            ],
        )
