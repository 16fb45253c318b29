"""What the banner says to one operator: each thing that is wrong, the oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.watch.models import Alarm, AlarmKind
from denrei.deliveries.watch.words import Words, said
from denrei.domain.retention import Standing
from denrei.retention import arming
from denrei.retention.models import RetentionRun
from denrei.retention.nights import night_of

#: On a page that is opened an alarm is read out at once for so long.
_NEW = timedelta(minutes=1)
#: A deletion that fails is tried again every ten minutes; after so long it does not mend itself.
_DELAY = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One alarm."""

    alarm: Alarm
    words: Words
    #: Read out at once; others wait for their turn.
    is_new: bool

    @property
    def key(self) -> str:
        """What a browser shows: another key means that it shows something else."""
        untold = "-" if self.is_untold else ""
        return f"{_mark(self.alarm)}{untold}"

    @property
    def is_untold(self) -> bool:
        """Tell whether administrators could not be told by mail."""
        return self.alarm.told_at is None and bool(self.alarm.refusal)


class Banner:
    """The alarms that an operator may see. `shown`: the keys that his browser shows already."""

    def __init__(self, operator: Operator, shown: str | None = None) -> None:
        self._operator = operator
        self._shown = shown

    @cached_property
    def lines(self) -> list[Line]:
        """The alarms; asked for where they are shown."""
        found = [*Alarm.objects.all().wrong_now(), *_undeletable(self._operator)]
        visible = list(_visible(found, self._operator)) if found else []
        return [
            Line(alarm=alarm, words=words, is_new=self._is_new(alarm))
            for alarm, words in said(visible)
        ]

    @property
    def shown(self) -> str:
        """The keys of all, for the browser's next question."""
        return "_".join(line.key for line in self.lines)

    def _is_new(self, alarm: Alarm) -> bool:
        if self._shown is None:
            return timezone.now() - alarm.since < _NEW
        return _mark(alarm) not in self._shown.replace("-", "").split("_")


def _mark(alarm: Alarm) -> str:
    """Return what tells an alarm from others: its number, or its kind where it is no row."""
    return str(alarm.pk) if alarm.pk else alarm.kind.replace("_", "")


def _undeletable(operator: Operator) -> list[Alarm]:
    """Return that something past its time can't be deleted for hours: for who decides about it."""
    if not rights.may(operator, Right.ORGANIZATION):
        return []
    since = timezone.now() - _DELAY
    failing = RetentionRun.objects.failing().filter(
        organization=operator.organization_id, began_at__lt=since
    )
    first = failing.order_by("began_at").first()
    whose = operator.organization_id
    found = [_alarm(whose, first, AlarmKind.RETENTION, trouble=first.trouble)] if first else []
    return [*found, *_asking(whose)]


def _asking(organization: int) -> list[Alarm]:
    """Return that nothing is deleted until a human says that the clock is right."""
    now = timezone.now()
    night = night_of(now)
    if arming.standing(organization, night, now) is not Standing.ASKS:
        return []
    runs = RetentionRun.objects.of_organization(organization).filter(night__lte=night)
    last = runs.newest_first()[0]
    return [_alarm(organization, last, AlarmKind.RETENTION_ASKS, night=last.night.isoformat())]


def _alarm(organization: int, run: RetentionRun, kind: AlarmKind, **words: str) -> Alarm:
    return Alarm(
        id=0,
        organization_id=organization,
        kind=kind,
        since=run.began_at,
        words=words,
        refusal="",
    )


def _visible(alarms: Iterable[Alarm], operator: Operator) -> Iterable[Alarm]:
    """Tell those about what the operator may see (ALL-5); gateways serve all units."""
    alarms = list(alarms)
    broadcasts = Broadcast.objects.visible_to(operator)
    seen = set(
        broadcasts.filter(pk__in=[a.broadcast_id for a in alarms]).values_list("pk", flat=True)
    )
    colleagues = {operator.pk}
    if rights.may(operator, Right.OPERATORS):
        others = Operator.objects.visible_to(operator)
        colleagues |= set(
            others.filter(pk__in=[a.operator_id for a in alarms]).values_list("pk", flat=True)
        )
    return (
        alarm
        for alarm in alarms
        if (alarm.broadcast_id is None or alarm.broadcast_id in seen)
        and (alarm.operator_id is None or alarm.operator_id in colleagues)
    )
