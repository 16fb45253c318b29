"""The people of a board as its page shows them: tabs, filters, one page of rows (ALL-4, NEW-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from denrei.accounts.models import Operator, Unit
from denrei.broadcasts.content import Content
from denrei.directory.models import ContactGroup
from denrei.reports.board import Board
from denrei.reports.people import People, Person
from denrei.responses.models import HelpCall
from denrei.web.console.board import rows
from denrei.web.console.board.choosing import STANDINGS, Choice, counted
from denrei.web.console.fields import UnitField

#: People on a page.
PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One way people stand, with how many do."""

    #: A key of `STANDINGS`.
    state: str
    words: str | Promise
    query: str
    count: int
    alarms: bool
    current: bool


class Listing:
    """One page of people."""

    def __init__(self, shown: Board, content: Content, choice: Choice, operator: Operator) -> None:
        self.choice = choice
        self._board = shown
        self._content = content
        self._operator = operator

    @property
    def tabs(self) -> list[Tab]:
        """Everybody and the ways people stand; counts are of everybody, whatever else narrows."""
        return [
            Tab(
                state=state,
                words=standing.words,
                query=self.choice.standing(state),
                count=counted(self._board, state),
                alarms=standing.alarms,
                current=state == self.choice.state,
            )
            for state, standing in STANDINGS.items()
        ]

    @cached_property
    def _people(self) -> Sequence[Person]:
        wished = People(self._board.broadcast_id, self.choice.wish(self._operator))
        return wished.page(self.choice.after, PAGE + 1)

    @cached_property
    def rows(self) -> list[rows.Row]:
        """Return the rows of the page."""
        people = self._people[:PAGE]
        goes_on = not (self._board.finished or self._board.stopped)
        calls = _calls(self._board.broadcast_id, people)
        return rows.of(people, self._content, calls, goes_on=goes_on)

    @property
    def next(self) -> str:
        """Return the query of the next page; "" where this is the last."""
        if len(self._people) <= PAGE:
            return ""
        return self.choice.turned(self._people[PAGE - 1].place, self.choice.skipped + PAGE)

    @property
    def first(self) -> int:
        """Return the number of the first row."""
        return self.choice.skipped + 1

    @property
    def last(self) -> int:
        """Return the number of the last row."""
        return self.choice.skipped + len(self.rows)

    @property
    def count(self) -> int | None:
        """Return how many there are; None where nobody counts them."""
        return self.choice.count(self._board)

    @property
    def units(self) -> object:
        """Return the choices of the filter by unit."""
        field = UnitField()
        field.offer(Unit.objects.visible_to(self._operator), _("すべて"))
        return field.choices

    @property
    def groups(self) -> object:
        """Return the choices of the filter by group."""
        return ContactGroup.objects.all()


def _calls(broadcast_id: int, people: Sequence[Person]) -> Mapping[int, HelpCall]:
    helped = [person.id for person in people if person.needs_help]
    if not helped:
        return {}
    found = HelpCall.objects.of(broadcast_id).filter(recipient_id__in=helped)
    return {call.recipient_id: call for call in found.select_related("taken_by")}
