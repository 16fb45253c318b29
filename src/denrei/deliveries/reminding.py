"""再通知 by itself: at set times, to those without an answer, until all answered or it is stopped.

The only writer of `reminder`. Whichever worker comes first sends one; what was due while denrei
did not run goes out once and not several times (OPS-1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import waves
from denrei.deliveries.appointed import Reminder, ReminderState
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.models import Lane, WaveKind
from denrei.deliveries.waves import Again, Target


def plan(
    organization_id: int, broadcast_id: int, minutes: Iterable[int], actor: Operator | None
) -> None:
    """Keep the reminders of a launch, each so many minutes after it; in the launch's transaction."""
    launched_at = Broadcast.objects.values_list("launched_at", flat=True).get(pk=broadcast_id)
    Reminder.objects.bulk_create(
        Reminder(
            organization_id=organization_id,
            broadcast_id=broadcast_id,
            due_at=launched_at + timedelta(minutes=wait),
            by=actor,
        )
        for wait in minutes
    )


def add(organization_id: int, broadcast_id: int, due_at: datetime, actor: Operator | None) -> bool:
    """Keep one more reminder; False: there was one at that time."""
    kept, created = Reminder.objects.get_or_create(
        broadcast_id=broadcast_id,
        due_at=due_at,
        defaults={"organization_id": organization_id, "by": actor},
    )
    if created:
        after = {"due_at": due_at.isoformat()}
        audit.record(organization_id, "reminder.added", kept.broadcast, actor, after=after)
    return created


def cancel(reminder: Reminder, actor: Operator) -> bool:
    """Take one back; False: it went out, or was taken back before."""
    return bool(_cancelled(Reminder.objects.filter(pk=reminder.pk), reminder.broadcast, actor))


def cancel_all(broadcast: Broadcast, actor: Operator | None) -> int:
    """Take back what waits, as the broadcast is stopped; return how many those were."""
    return _cancelled(Reminder.objects.of(broadcast.pk), broadcast, actor)


def _cancelled(rows: QuerySet[Reminder], broadcast: Broadcast, actor: Operator | None) -> int:
    waiting = rows.filter(state=ReminderState.WAITING)
    count = waiting.update(state=ReminderState.CANCELLED, settled_at=Now())
    if count:
        audit.record(
            broadcast.organization_id, "reminder.cancelled", broadcast, actor, after={"rows": count}
        )
    return count


def remind_due(organization_id: int, reminder_id: int) -> None:
    """Send one reminder whose time has come; any worker may ask, one of them does it."""
    with tenancy.acting_for(organization_id):
        tenancy.as_application()
        held = _held(reminder_id)
        if held is not None:
            _merge(held)
            _send(held)


def _held(reminder_id: int) -> Reminder | None:
    """Return a reminder that is due, with its broadcast's others locked; None: another has it."""
    rows = Reminder.objects.select_for_update(skip_locked=True, of=("self",))
    due = rows.filter(pk=reminder_id, state=ReminderState.WAITING, due_at__lte=Now())
    return due.select_related("broadcast", "organization").first()


def _merge(held: Reminder) -> None:
    """Settle the others that are overdue as well: nobody gets two at once."""
    others = Reminder.objects.of(held.broadcast_id).exclude(pk=held.pk)
    overdue = others.filter(state=ReminderState.WAITING, due_at__lte=Now())
    locked = overdue.select_for_update(skip_locked=True).values_list("pk", flat=True)
    Reminder.objects.filter(pk__in=list(locked)).update(
        state=ReminderState.MERGED, settled_at=Now()
    )


def _send(held: Reminder) -> None:
    content = Content.from_json(held.broadcast.content)
    asked = Again(
        broadcast_id=held.broadcast_id,
        wave=waves.next_wave(held.broadcast_id),
        target=Target.SILENT,
        media=tuple(m for m in waves.media(held.broadcast_id) if Lane.objects.serving(m).exists()),
        kind=WaveKind.REMINDER,
    )
    if not asked.media:
        _settle(held, ReminderState.FAILED)
        return
    if not waves.people(asked, content):
        _settle(held, ReminderState.NEEDLESS)
        return
    try:
        started = waves.again(held.organization, asked, None)
    except LaunchError:
        _settle(held, ReminderState.FAILED)
        return
    if started:  # else an operator's wave took the number: at the next look
        held.wave = asked.wave
        _settle(held, ReminderState.SENT)


def _settle(held: Reminder, state: ReminderState) -> None:
    held.state, held.settled_at = state, Now()
    held.save(update_fields=["state", "settled_at", "wave"])
