"""予約: launched at its time, exactly once, by whichever worker comes first; else told to operators.

The only writer of `scheduled`. The people are selected anew at the launch. A change is a
cancellation and a new reservation. Who reserved must still be allowed to send it by then (ALL-5).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from denrei.accounts import audit, rights, tenancy
from denrei.accounts.models import Operator, Unit
from denrei.accounts.rights import Right
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Broadcast, Draft, IncidentType
from denrei.broadcasts.typed import Typed, ids
from denrei.deliveries import launch, packing
from denrei.deliveries.appointed import NOT_SENT, Scheduled, ScheduledState
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.launch import Order

#: Where no deadline was given: later than this nobody expects it any more.
LATEST = timedelta(hours=1)
#: Beside the packed order: the id of its incident type, whose words are in the order.
_INCIDENT = "incident"
#: Kept as they are, translated where they are shown.
_LATE = _("送信の期限までに、システムが動いていませんでした。")
_UNREADABLE = _("予約の内容を読み取れませんでした。もう一度、新しい連絡として送信してください。")
_NO_RIGHT = _(
    "予約した操作者が、使用停止になったか、送信の権限を失ったため、送信していません。"
    "必要なら、新しい連絡として送信してください。"
)
_BEYOND = _(
    "予約した操作者の担当する範囲が変わったため、送信していません。"
    "宛先を確認し、新しい連絡として送信してください。"
)


def schedule(
    draft: Draft, order: Order, launch_at: datetime, deadline: datetime | None, actor: Operator
) -> Scheduled:
    """Keep an order until its time; the same press twice is one reservation.

    Without a deadline it is not sent any more `LATEST` after its time. Raises LaunchError where a
    launch would. The transaction must act for the organization.
    """
    organization = draft.organization
    launch.rehearse(organization, order)
    kept, created = Scheduled.objects.get_or_create(
        organization=organization,
        key=order.key,
        state=ScheduledState.WAITING,
        defaults={
            "draft": draft,
            "order": packing.pack(order, launch_at) | {_INCIDENT: _incident_of(draft)},
            "launch_at": launch_at,
            "not_after": deadline or launch_at + LATEST,
            "by": actor,
        },
    )
    if created:
        after = {"launch_at": launch_at.isoformat(), "not_after": kept.not_after.isoformat()}
        audit.record(organization.pk, "broadcast.scheduled", kept, actor, after=after)
    return kept


def cancel(reservation: Scheduled, actor: Operator) -> bool:
    """Take a reservation back; False: it was launched, missed or taken back before."""
    held = _held(reservation.pk)
    if held is None:
        return False
    _settle(held, ScheduledState.CANCELLED, actor)
    return True


def note(reservation: Scheduled, actor: Operator) -> None:
    """Take note that a reservation was not sent: home shows it no more."""
    noted = Scheduled.objects.filter(pk=reservation.pk, state__in=NOT_SENT, noted_at=None)
    if noted.update(noted_at=Now()):
        audit.record(reservation.organization_id, "schedule.noted", reservation, actor)


def launch_due(organization_id: int, reservation_id: int) -> None:
    """Launch one reservation whose time has come, or mark it as missed; any worker may ask."""
    with tenancy.acting_for(organization_id):
        tenancy.as_application()
        held = _held(reservation_id, due=True)
        if held is None:  # another worker has it, or had it
            return
        now = _now(held)
        if held.not_after < now:
            _settle(held, ScheduledState.MISSED, None, words=_LATE)
        else:
            _launch(held, now)


def _launch(held: Scheduled, now: datetime) -> None:
    try:
        order = packing.unpack(held.order, now)
        _check_mandate(held, order)
        launched = launch.launch(held.organization, order, held.by)
    except LaunchError as error:
        _settle(held, ScheduledState.FAILED, None, words=str(error))
    except (KeyError, TypeError, ValueError):  # kept by another version
        _settle(held, ScheduledState.FAILED, None, words=_UNREADABLE)
    else:
        held.broadcast = Broadcast.objects.get(pk=launched.broadcast_id)
        if held.draft is not None:
            drafts.sent(held.draft, held.broadcast)
        _settle(held, ScheduledState.LAUNCHED, held.by)


def _incident_of(draft: Draft) -> int | None:
    return next(iter(ids([Typed.from_json(draft.form).incident])), None)


def _check_mandate(held: Scheduled, order: Order) -> None:
    """Raise LaunchError where who reserved an order may not send it any more.

    It is told and not narrowed: fewer people than an operator confirmed is another broadcast.
    """
    operator = held.by
    incident = IncidentType.objects.filter(pk=held.order.get(_INCIDENT))
    is_his = incident.sent_by(operator).exists() or not incident.exists()
    if not (operator.is_active and rights.may(operator, Right.SEND) and is_his):
        raise LaunchError(_NO_RIGHT)
    reached, within = Unit.objects.visible_to(operator), order.selection.within
    if operator.unit and (within is None or not reached.filter(pk=within).exists()):
        raise LaunchError(_BEYOND)


def _held(reservation_id: int, *, due: bool = False) -> Scheduled | None:
    """Return a reservation that waits, locked; `due`: only where its time has come and nobody has it."""
    rows = Scheduled.objects.select_for_update(skip_locked=due).filter(
        pk=reservation_id, state=ScheduledState.WAITING
    )
    return (rows.filter(launch_at__lte=Now()) if due else rows).first()


def _now(held: Scheduled) -> datetime:
    """Return the database's time, the only one that decides (OPS-9)."""
    return Scheduled.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=held.pk)


def _settle(
    held: Scheduled, state: ScheduledState, actor: Operator | None, words: str = ""
) -> None:
    held.state, held.words, held.settled_at = state, words, Now()
    held.save(update_fields=["state", "words", "settled_at", "broadcast"])
    audit.record(
        held.organization_id, f"schedule.{state.value}", held, actor, after={"words": words}
    )
