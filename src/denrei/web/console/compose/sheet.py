"""Everything that the compose page shows of a form; each part is asked for only where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from denrei.accounts.models import Operator, Organization
from denrei.audience import chosen
from denrei.broadcasts.models import (
    AnswerChoice,
    Broadcast,
    Draft,
    DraftKind,
    IncidentType,
    Instruction,
    Situation,
)
from denrei.broadcasts.typed import Typed, ids
from denrei.deliveries import ordering, reach, ways
from denrei.deliveries.appointed import Scheduled
from denrei.deliveries.ordering import Ordered
from denrei.deliveries.reach import Reach
from denrei.deliveries.trial import Trial
from denrei.directory.models import Recipient
from denrei.domain import limits, text
from denrei.domain.states import Medium
from denrei.web.console.compose import faults, lists, opening, preview
from denrei.web.console.compose.faults import Fault
from denrei.web.console.compose.lists import Option
from denrei.web.console.compose.preview import Mail

#: People who can't be reached that are named.
_NAMES = 20
#: People found by the search field that are shown.
FOUND = 20
_LIMITS = {limit.field: limit.characters for limit in limits.LIMITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One medium in the order of sending, as its row shows it."""

    medium: Medium | None
    name: str
    wait: str
    usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For whom, and about which draft, a page of the form is."""

    organization: Organization
    operator: Operator
    now: datetime
    kind: DraftKind
    draft: Draft | None = None


class Sheet:
    """A form as its page shows it. `checked`: also tell what is only missing yet."""

    def __init__(
        self,
        asked: Asked,
        typed: Typed,
        *,
        checked: bool = False,
        query: str = "",
        name: str = "",
        revision: int = 0,
        unsaved: bool = False,
        trials: Sequence[Trial] = (),
    ) -> None:
        self.asked = asked
        self.typed = typed
        self.checked = checked
        self.query = query
        self.name = name
        self.revision = revision
        self.unsaved = unsaved
        self.trials = trials

    @property
    def draft(self) -> Draft | None:
        """The draft that the form is kept in."""
        return self.asked.draft

    @cached_property
    def reservation(self) -> Scheduled | None:
        """What was reserved of this draft and not sent yet; later changes don't reach it."""
        if self.draft is None:
            return None
        return Scheduled.objects.filter(draft=self.draft).waiting().first()

    @property
    def is_ready_message(self) -> bool:
        """Whether this is a 定型連絡."""
        return self.asked.kind is DraftKind.TEMPLATE

    @property
    def address(self) -> str:
        """Where the form is posted to."""
        name = "template" if self.is_ready_message else "draft"
        if self.draft:
            return reverse(f"console:{name}", args=[self.draft.pk])
        return reverse("console:template-new" if self.is_ready_message else "console:compose")

    @property
    def limits(self) -> dict[str, int | None]:
        """Characters that each field takes."""
        return {**_LIMITS, "name": faults.LONGEST_NAME}

    @cached_property
    def ordered(self) -> Ordered:
        """What the form asks for; a 定型連絡 as if it were sent now."""
        asked, typed = self.asked, self.typed
        if self.is_ready_message:
            typed = opening.about_to_send(typed, asked.organization, asked.operator, asked.now)
        return ordering.read(typed, asked.organization, asked.operator, asked.now)

    @cached_property
    def faults(self) -> dict[str, Fault]:
        """What is wrong, by field, in the order of the page."""
        found = self.ordered.complaints
        if self.is_ready_message:
            found = tuple(faults.of_ready_message(self.name, found))
        return faults.by_field(found, self.typed, self.asked.organization, everything=self.checked)

    @cached_property
    def count(self) -> Reach:
        """People and contacts that the choice reaches, and the first whom it does not (MSG-3)."""
        selection = self.ordered.order.selection
        return reach.measure(self.asked.organization, selection, self._media, names=_NAMES)

    @cached_property
    def corrected(self) -> Broadcast | None:
        """The broadcast that this one corrects or withdraws (NEW-13)."""
        return chosen.corrected(self.typed, self.asked.operator)

    @cached_property
    def either_and_both(self) -> tuple[int, int] | None:
        """People for いずれか and for 両方; None where there is nothing to combine."""
        selection = self.ordered.order.selection
        if selection.everybody or not (selection.groups and selection.positions):
            return None
        other = replace(selection, both=not selection.both).people().count()
        return (other, self.count.people) if selection.both else (self.count.people, other)

    @property
    def _media(self) -> list[Medium]:
        return [step.medium for step in self.ordered.order.steps]

    @cached_property
    def incidents(self) -> list[Option]:
        """発生区分 that the operator may send, and what is chosen already (OPS-4)."""
        mine = IncidentType.objects.sent_by(self.asked.operator).values("pk")
        rows = IncidentType.objects.filter(Q(pk__in=mine) | Q(pk__in=ids([self.typed.incident])))
        return lists.options(rows, [self.typed.incident])

    @cached_property
    def situations(self) -> list[Option]:
        """状況区分 of the incident type chosen."""
        rows = Situation.objects.filter(incident_type__in=ids([self.typed.incident]))
        return lists.options(rows, [self.typed.situation])

    @cached_property
    def instructions(self) -> list[Option]:
        """指示区分 of the incident type chosen."""
        rows = Instruction.objects.filter(incident_type__in=ids([self.typed.incident]))
        return lists.options(rows, [self.typed.instruction])

    @cached_property
    def choices(self) -> list[Option]:
        """回答区分"""
        return lists.options(AnswerChoice.objects.all(), self.typed.choices)

    @cached_property
    def groups(self) -> list[Option]:
        """連絡グループ with the people whom the operator sees."""
        return lists.groups(self.asked.operator, self.typed.groups)

    @cached_property
    def positions(self) -> list[Option]:
        """役職区分, likewise."""
        return lists.positions(self.asked.operator, self.typed.positions)

    @cached_property
    def people(self) -> list[Recipient]:
        """Who is chosen person by person."""
        named = self.ordered.order.selection.recipients
        return list(Recipient.objects.filter(pk__in=named).select_related("unit").in_order())

    @property
    def people_ids(self) -> str:
        """The same as the field holds it."""
        return ",".join(str(one) for one in self.ordered.order.selection.recipients)

    @cached_property
    def found(self) -> list[Recipient]:
        """People whom the search field finds; one more than is shown tells that there are more."""
        wanted = text.fold(self.query)
        if not wanted:
            return []
        visible = Recipient.objects.active().visible_to(self.asked.operator)
        visible = visible.filter(search__contains=wanted).exclude(pk__in=ids(self.typed.people))
        return list(visible.select_related("unit").in_order()[: FOUND + 1])

    @cached_property
    def steps(self) -> list[Step]:
        """The media chosen, in order."""
        usable = ways.usable()
        return [
            Step(
                medium=ways.medium_of(way),
                name=way.medium,
                wait=way.wait,
                usable=ways.medium_of(way) in usable,
            )
            for way in self.typed.ways
        ]

    @cached_property
    def spare(self) -> list[Step]:
        """The media that are not chosen; those without a lane can't be."""
        usable, taken = ways.usable(), {way.medium for way in self.typed.ways}
        return [
            Step(medium=medium, name=medium.name.lower(), wait="", usable=medium in usable)
            for medium in Medium
            if medium.name.lower() not in taken
        ]

    @cached_property
    def mails(self) -> list[Mail]:
        """The mail in each language."""
        return [preview.mail(self.ordered.order.content, language) for language in ("ja", "en")]
