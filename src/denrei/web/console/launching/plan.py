"""What would happen if 送信 were pressed now: everything that the confirm page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from denrei.accounts.models import Operator, Organization
from denrei.accounts.preferences import Preferences
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Draft
from denrei.deliveries import ordering, pace, reach, scheduling
from denrei.deliveries.appointed import Scheduled
from denrei.deliveries.ordering import Ordered
from denrei.deliveries.reach import Reach, Unreachable
from denrei.domain import forecast
from denrei.domain.forecast import Flow, Mark
from denrei.domain.states import Medium
from denrei.web.console.compose import preview, summaries
from denrei.web.console.compose.preview import Mail
from denrei.web.console.compose.summaries import Summary
from denrei.web.console.launching import words
from denrei.web.console.launching.words import WHY, Why

#: Names of the unreachable that the page itself shows.
NAMES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One medium in the order of sending, with its part of the work."""

    medium: Medium
    #: When it begins, as a person says it.
    begins: str
    #: None: it has no lane.
    flow: Flow | None
    #: Contacts left out as エラーアドレス.
    known_bad: int

    @property
    def ends(self) -> str:
        """When each of its contacts was tried once."""
        return words.about(self.flow.ends) if self.flow else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """When a share of the audience was handed a message."""

    mark: Mark
    takes: str
    #: On the clock; None: never.
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why so many people can't be reached."""

    people: int
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One of those who can't be reached."""

    person: Unreachable
    why: Why


class Plan:
    """A draft as its operator would send it at `now`. Each part is asked for where it is shown."""

    def __init__(
        self, organization: Organization, operator: Operator, draft: Draft, now: datetime
    ) -> None:
        self.organization = organization
        self.draft = draft
        self.now = now
        self.ordered: Ordered = ordering.order(draft, operator, now)

    @property
    def content(self) -> Content:
        """What will be said."""
        return self.ordered.order.content

    @property
    def is_drill(self) -> bool:
        """Whether it is 訓練 (ALL-8)."""
        return self.content.drill

    @property
    def reminders(self) -> tuple[int, ...]:
        """Minutes after the launch at which those without an answer are asked again (OPS-1)."""
        return self.ordered.order.reminders

    @cached_property
    def digest(self) -> str:
        """What was asked for, in 64 characters: the page that is posted says what it showed."""
        return self.ordered.order.digest().hex()

    @cached_property
    def people(self) -> int:
        """How many people it goes to at this moment."""
        return self.ordered.order.selection.people().count()

    @cached_property
    def is_typed(self) -> bool:
        """Whether the operator types the number of people before he sends."""
        return self.people > Preferences.of(self.organization).typed_count_above

    @property
    def typed_above(self) -> int:
        """Above how many people their number is typed."""
        return Preferences.of(self.organization).typed_count_above

    @cached_property
    def reservation(self) -> Scheduled | None:
        """The reservation of this draft that waits for its time."""
        return Scheduled.objects.waiting().filter(draft=self.draft).select_related("by").first()

    @property
    def launch_at(self) -> datetime:
        """When it goes out."""
        return self.ordered.start_at or self.now

    @property
    def not_after(self) -> datetime | None:
        """予約: after this it is not sent any more."""
        if self.ordered.start_at is None:
            return None
        return self.ordered.deadline or self.ordered.start_at + scheduling.LATEST

    @cached_property
    def summary(self) -> Summary:
        """The names of groups and positions that are meant."""
        return summaries.of([self.draft])[0]

    @cached_property
    def mails(self) -> list[Mail]:
        """The mail as it will be received, in each language that people are written to in."""
        people = self.ordered.order.selection.people().order_by()
        spoken = set(people.values_list("language", flat=True).distinct())
        return [preview.mail(self.content, one) for one in ("ja", "en") if one in spoken]

    @property
    def _media(self) -> list[Medium]:
        return [step.medium for step in self.ordered.order.steps]

    @cached_property
    def reach(self) -> Reach:
        """Who can be reached by how many media."""
        chosen = self.ordered.order.selection
        return reach.measure(self.organization, chosen, self._media, names=NAMES)

    @cached_property
    def reasons(self) -> list[Reason]:
        """Why people can't be reached, the most frequent first."""
        return [Reason(people=people, why=WHY[fate]) for fate, people in self.reach.reasons.items()]

    def unreachable(self, most: int, after: tuple[str, int] = ("", 0)) -> list[Unreachable]:
        """Return people who can't be reached, as the address book sorts them."""
        chosen = self.ordered.order.selection
        return reach.unreachable(self.organization, chosen, self._media, after=after, most=most)

    @property
    def names(self) -> list[Named]:
        """The first of those who can't be reached."""
        return [Named(person=person, why=WHY[person.why]) for person in self.reach.names]

    @cached_property
    def _flows(self) -> tuple[Flow, ...]:
        return pace.flows(self.reach, self.ordered.order.steps)

    @cached_property
    def steps(self) -> list[Step]:
        """The media in order, with what each has to do."""
        flows = {flow.medium: flow for flow in self._flows}
        return [
            Step(
                medium=step.medium,
                begins=words.wait(step.after_seconds),
                flow=flows.get(step.medium),
                known_bad=self.reach.ways[step.medium].known_bad,
            )
            for step in self.ordered.order.steps
            if step.medium in self.reach.ways
        ]

    @cached_property
    def marks(self) -> list[Reached]:
        """When shares of the audience were handed a message."""
        return [self._reached(mark) for mark in forecast.marks(self._flows, self.reach.people)]

    def _reached(self, mark: Mark) -> Reached:
        if mark.seconds is None:
            return Reached(mark=mark, takes="", at=None)
        at = self.launch_at + timedelta(seconds=mark.seconds)
        return Reached(mark=mark, takes=words.about(mark.seconds), at=at)
