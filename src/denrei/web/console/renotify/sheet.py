"""What the page of 再通知 is about: the broadcast, its waves, whom a wave would reach now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from denrei.accounts.models import Operator
from denrei.audience.models import AudienceMember
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import waves, ways
from denrei.deliveries.appointed import Reminder
from denrei.deliveries.models import Run, WaveKind
from denrei.deliveries.waves import Again, Target
from denrei.domain.states import Medium
from denrei.reports.board import board
from denrei.web.console.asking import operator_of
from denrei.web.console.renotify.forms import TARGETS, Offer

#: More digits than the id of any row has.
_LONGEST_ID = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One wave that was started."""

    run: Run
    #: The operator; "": it went out by itself.
    who: str

    @property
    def kind(self) -> str:
        """Why there is it."""
        return str(WaveKind(self.run.kind).label)


class Sheet:
    """A page about one broadcast, for everybody of it or for one person."""

    def __init__(self, broadcast: Broadcast, person: AudienceMember | None) -> None:
        self.broadcast = broadcast
        self.person = person
        self.content = Content.from_json(broadcast.content)
        self.next_wave = waves.next_wave(broadcast.pk)

    @cached_property
    def offer(self) -> Offer:
        """What may be chosen."""
        used, usable = waves.media(self.broadcast.pk), ways.usable()
        media = [medium for medium in (*used, *sorted(usable - set(used))) if medium in usable]
        return Offer(
            counts={target: self.count(target) for target, _ in TARGETS},
            media=media,
            used=[medium for medium in used if medium in usable],
            content=self.content,
        )

    @cached_property
    def under_way(self) -> int:
        """How many deliveries of the earlier messages still wait or are being handed over."""
        look = board(self.broadcast.organization_id, self.broadcast.pk)
        return sum(look.waiting.values()) + sum(look.in_work.values())

    @property
    def targets(self) -> list[tuple[str, object, int]]:
        """Return (value, words, people) of each target."""
        return [(target.value, words, self.offer.counts[target]) for target, words in TARGETS]

    def count(self, target: Target) -> int:
        """Return how many people a wave would reach at this moment."""
        return waves.people(self.asked(target, ()), self.content)

    def asked(
        self, target: Target, media: tuple[Medium, ...], content: Content | None = None
    ) -> Again:
        """Return the wave that the page would start."""
        return Again(
            broadcast_id=self.broadcast.pk,
            wave=self.next_wave,
            target=target,
            media=media,
            content=content,
            recipients=(self.person.recipient_id,) if self.person else (),
        )

    @cached_property
    def waves(self) -> list[Wave]:
        """Return the waves so far, the newest first."""
        runs = list(Run.objects.of(self.broadcast.pk).reverse())
        starters = [self._starter(run) or 0 for run in runs]
        names = dict(Operator.objects.filter(pk__in=starters).values_list("pk", "name"))
        return [
            Wave(run=run, who=names.get(who, "")) for run, who in zip(runs, starters, strict=True)
        ]

    def _starter(self, run: Run) -> int | None:
        return self.broadcast.launched_by_id if run.wave == 1 else run.started_by

    @cached_property
    def reminders(self) -> Sequence[Reminder]:
        """Return the reminders, the earliest first."""
        return list(Reminder.objects.of(self.broadcast.pk).select_related("by"))


def visible(request: HttpRequest, broadcast_id: int) -> Broadcast:
    """Return a broadcast that the operator sees, or 404."""
    return get_object_or_404(Broadcast.objects.visible_to(operator_of(request)), pk=broadcast_id)


def sheet(request: HttpRequest, broadcast_id: int) -> Sheet:
    """Return the page; `?person=ID` is about one person of the audience."""
    broadcast = visible(request, broadcast_id)
    asked = request.GET.get("person", "")
    person = None
    if asked:
        known = asked if asked.isdecimal() and len(asked) <= _LONGEST_ID else "0"
        audience = AudienceMember.objects.of(broadcast.pk).visible_to(operator_of(request))
        person = get_object_or_404(audience, recipient_id=int(known))
    return Sheet(broadcast, person)
