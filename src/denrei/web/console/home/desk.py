"""What lies on an operator's desk; each part is asked for where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from denrei.accounts import operators, rights
from denrei.accounts.first_steps import FirstSteps
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast, Draft
from denrei.deliveries.appointed import Reminder, ReminderState, Scheduled
from denrei.deliveries.models import Gateway, Run
from denrei.deliveries.stages import Stage
from denrei.directory.models import Recipient
from denrei.reports.board import board
from denrei.responses.models import HelpCall
from denrei.web.console.broadcasts.picture import Picture
from denrei.web.console.compose import summaries
from denrei.web.console.compose.summaries import Summary
from denrei.web.console.firststeps import steps
from denrei.web.console.firststeps.steps import Line

#: Of each list so many are shown; the rest is one tap away.
_TEMPLATES, _DRAFTS, _RUNNING, _RESERVED = 6, 5, 5, 5
#: Workers look each second; what waits so long after its time is an alarm.
_LATE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A broadcast under way."""

    broadcast: Broadcast
    content: Content
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """A broadcast that asks an operator to act."""

    broadcast: Broadcast
    content: Content
    #: How many people it is about, where that is counted.
    people: int = 0


class Desk:
    """The home page of one operator."""

    def __init__(self, organization: Organization, operator: Operator) -> None:
        self._organization = organization
        self._operator = operator

    @cached_property
    def templates(self) -> list[Summary]:
        """The ready messages, in their order."""
        visible = Draft.objects.templates().visible_to(self._operator)
        return summaries.of(visible.select_related("organization", "unit")[:_TEMPLATES])

    @cached_property
    def drafts(self) -> list[Summary]:
        """The drafts that were changed last."""
        visible = Draft.objects.open().visible_to(self._operator).select_related("changed_by")
        return summaries.of(visible.order_by("-changed_at", "-pk")[:_DRAFTS])

    @cached_property
    def running(self) -> list[Running]:
        """The broadcasts that have not ended, the newest first; see `more_running`."""
        return [self._look(broadcast) for broadcast in self._unfinished[:_RUNNING]]

    @property
    def more_running(self) -> bool:
        """Whether more are under way than are shown."""
        return len(self._unfinished) > _RUNNING

    @cached_property
    def _unfinished(self) -> Sequence[Broadcast]:
        runs = Run.objects.filter(stage__lt=Stage.FINISHED).values("broadcast_id")
        visible = Broadcast.objects.visible_to(self._operator).filter(pk__in=runs)
        return list(visible.newest_first()[: _RUNNING + 1])

    def _look(self, broadcast: Broadcast) -> Running:
        return Running(
            broadcast=broadcast,
            content=Content.from_json(broadcast.content),
            picture=Picture(board(self._organization.pk, broadcast.pk)),
        )

    @cached_property
    def reserved(self) -> Sequence[Scheduled]:
        """The reservations that come next."""
        visible = Scheduled.objects.visible_to(self._operator).select_related("by")
        return list(visible.waiting()[:_RESERVED])

    @cached_property
    def unsent(self) -> Sequence[Scheduled]:
        """The reservations that were not sent and that nobody took note of."""
        visible = Scheduled.objects.visible_to(self._operator).select_related("by")
        return list(visible.unsent())

    @cached_property
    def overdue(self) -> Sequence[Scheduled]:
        """The reservations whose time has passed and that still wait: nobody works on them."""
        visible = Scheduled.objects.visible_to(self._operator).select_related("by")
        return list(visible.overdue(timezone.now() - _LATE))

    @cached_property
    def unreminded(self) -> Sequence[Urgent]:
        """Whose reminder of the last day could not be sent, and nothing was sent again since (OPS-1)."""
        again = Run.objects.filter(
            broadcast_id=OuterRef("broadcast_id"), started_at__gt=OuterRef("settled_at")
        )
        failed = Reminder.objects.filter(
            ~Exists(again), state=ReminderState.FAILED, settled_at__gt=timezone.now() - _DAY
        )
        visible = Broadcast.objects.visible_to(self._operator)
        found = visible.filter(pk__in=failed.values("broadcast_id"))
        return [_urgent(one) for one in found.newest_first()]

    @cached_property
    def calling(self) -> Sequence[Urgent]:
        """Where help is called for and nobody took it on, the newest first; drills apart (NEW-4)."""
        calls = HelpCall.objects.untaken().values("broadcast_id").annotate(people=Count("pk"))
        people = dict(calls.values_list("broadcast_id", "people"))
        visible = Broadcast.objects.visible_to(self._operator).filter(pk__in=people, drill=False)
        return [_urgent(one, people[one.pk]) for one in visible.newest_first()]

    @cached_property
    def has_people(self) -> bool:
        """Whether there is anybody to whom the operator can send."""
        return Recipient.objects.visible_to(self._operator).active().exists()

    @cached_property
    def has_gateway(self) -> bool:
        """Whether the organization has a way to send."""
        return Gateway.objects.filter(enabled=True).exists()

    @cached_property
    def first_steps(self) -> Sequence[Line]:
        """The first steps, where the operator did not put them away; () in a real emergency."""
        live = any(not one.broadcast.drill for one in self.running)
        hidden = self.first_steps_closed or (live and not settings.TRAINING)
        return () if hidden else steps.lines(self._operator)

    @property
    def first_steps_closed(self) -> bool:
        """Whether the operator put the first steps away."""
        return FirstSteps.of(self._operator).closed

    @property
    def first_steps_left(self) -> int:
        """How many of them are still to be taken."""
        return sum(not line.is_taken for line in self.first_steps)

    @cached_property
    def advice(self) -> str | None:
        """What an administrator should do about the number of administrators (SMS-13)."""
        if not rights.may(self._operator, Right.OPERATORS):
            return None
        return operators.advice(self._organization)


def _urgent(broadcast: Broadcast, people: int = 0) -> Urgent:
    content = Content.from_json(broadcast.content)
    return Urgent(broadcast=broadcast, content=content, people=people)
