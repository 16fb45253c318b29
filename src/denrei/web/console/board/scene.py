"""Everything on a board that moves, read at one moment (ALL-4, NEW-1, NEW-2, NEW-4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denrei.accounts import labels
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.models import Gateway
from denrei.deliveries.retained import Emptied, Hold, emptied
from denrei.domain import completion
from denrei.domain.states import Grade, Medium
from denrei.reports import answers
from denrei.reports import course as courses
from denrei.reports.answers import Call, Calls
from denrei.reports.board import Board, board
from denrei.reports.course import Latest, Point
from denrei.reports.places import Place, Places, counted_at, places
from denrei.web.console.board import chart as charts
from denrei.web.console.board import choosing
from denrei.web.console.board.chart import Chart
from denrei.web.console.broadcasts.emptied import told
from denrei.web.console.broadcasts.picture import Picture
from denrei.web.console.people.rows import ICONS

#: What is read along with a broadcast.
ALONG = ("organization", "unit", "launched_by__unit")
#: Calls for help that are told by name.
_NAMED = 3
#: Units that a wall names.
_PLACES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """People with one answer."""

    #: Code of the answer; "" for 受信確認 and for none.
    code: str = ""
    words: str | Promise
    people: int
    #: People of the longest bar.
    most: int = 0
    #: Class of the bar.
    fill: str
    needs_help: bool = False
    #: Nobody answered.
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How the gateways of one medium of the broadcast do (OPS-5)."""

    medium: Medium
    icon: str
    #: So many can't be used at this moment, of so many.
    troubled: int
    gateways: int

    @property
    def is_down(self) -> bool:
        """Whether none of them can be used."""
        return self.troubled == self.gateways


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What 停止 means for one medium."""

    medium: Medium
    #: Cancelled at once.
    waiting: int
    #: Goes on until its result is there.
    in_work: int


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One moment of a board."""

    broadcast: Broadcast
    content: Content
    board: Board
    calls: Calls
    latest: Latest
    #: When people were counted by unit and by group.
    counted_at: datetime | None
    ways: Sequence[Way]
    at: datetime
    #: Its details are deleted (OPS-8).
    emptied: Emptied | None = None
    #: They are not to be deleted.
    hold: Hold | None = None

    @property
    def facts(self) -> tuple[object, ...]:
        """What would look different if it differed; the time moves the chart once a minute."""
        minute = self.at.replace(second=0, microsecond=0)
        return (self.board, self.calls, self.latest, self.counted_at, self.ways, minute)

    @cached_property
    def course(self) -> Sequence[Point]:
        """Return the curve; read where it is drawn, in the same transaction."""
        return courses.course(self.broadcast.pk)

    @cached_property
    def places(self) -> Places:
        """Return the people by unit and by group; read where they are drawn."""
        return places(self.broadcast)

    @cached_property
    def picture(self) -> Picture:
        """Return the board as pages draw it."""
        return Picture(self.board)

    @property
    def needs_help(self) -> int:
        """People whose answer that counts calls for help."""
        return choosing.counted(self.board, "help")

    @property
    def named(self) -> Sequence[Call]:
        """The first calls for help that nobody has taken: who had been well, then the oldest."""
        return self.calls.listed[:_NAMED]

    @property
    def more_calls(self) -> int:
        """Calls that nobody has taken beside those."""
        return self.calls.untaken - len(self.named)

    @property
    def looked(self) -> int:
        """People of whom the page was opened, perhaps by themselves, and no more is known."""
        return choosing.counted(self.board, "looked")

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many people stand so, by the keys of the tabs."""
        return [(state, choosing.counted(self.board, state)) for state in choosing.STANDINGS]

    @cached_property
    def chart(self) -> Chart | None:
        """Return the curve as the page draws it."""
        return charts.chart(self.board, self.course, self.at, charts.PAGE)

    @cached_property
    def wide_chart(self) -> Chart | None:
        """Return the curve as the wall draws it."""
        return charts.chart(self.board, self.course, self.at, charts.WALL)

    @cached_property
    def ends_at(self) -> datetime | None:
        """When sending will have come to an end if it goes on as lately; None: nobody can tell."""
        if self.board.finished or self.board.stopped or self.picture.is_preparing:
            return None
        now = completion.Point(
            at=self.at, left=self.board.deliveries.left, next_at=self.latest.next_at
        )
        points = [completion.Point(at=one.at, left=one.left) for one in self.course]
        return completion.completion([*points, now], self.at)

    @property
    def unreached_places(self) -> list[Place]:
        """The units with people of whom nothing is known, most of them first; none counts twice."""
        found = [place for place in self.places.units if place.own.unknown]
        return sorted(found, key=lambda place: -place.own.unknown)[:_PLACES]

    @property
    def stops(self) -> list[Stopped]:
        """What 停止 means at this moment, by medium."""
        waiting, in_work = self.board.waiting, self.board.in_work
        return [
            Stopped(medium=medium, waiting=waiting.get(medium, 0), in_work=in_work.get(medium, 0))
            for medium in sorted({*waiting, *in_work})
        ]

    @cached_property
    def bars(self) -> list[Bar]:
        """People by the answer that counts, and those without one; [] where nothing was asked."""
        if self.content.choices:
            return self._scaled([*self._by_choice(), self._silence(_("未回答"), Grade.ANSWERED)])
        if self.content.confirm:
            confirmed = Bar(words=_("受信確認"), people=self._from(Grade.READ), fill="fill-act")
            return self._scaled([confirmed, self._silence(_("未確認"), Grade.READ)])
        return []

    def _by_choice(self) -> Iterator[Bar]:
        language = get_language() or "ja"
        counts: Counter[str] = Counter()
        for crowd in self.board.crowds:
            counts[crowd.choice] += crowd.people
        for choice in self.content.choices:
            yield Bar(
                code=choice.code,
                words=choice.words.in_language(language),
                people=counts[choice.code],
                fill="fill-bad" if choice.needs_help else "fill-act",
                needs_help=choice.needs_help,
            )

    def _silence(self, words: str | Promise, grade: Grade) -> Bar:
        people = self.board.people.total - self._from(grade)
        return Bar(words=words, people=people, fill="fill-line", silent=True)

    def _from(self, grade: Grade) -> int:
        return sum(people for one, people in self.board.grades.items() if one >= grade)

    @staticmethod
    def _scaled(bars: Sequence[Bar]) -> list[Bar]:
        most = max(bar.people for bar in bars)
        return [replace(bar, most=most) for bar in bars]


def gather(broadcast: Broadcast) -> Scene:
    """Look at a broadcast. The transaction must act for its organization. UnknownBroadcastError."""
    # before the board: who calls for help meanwhile is then among its people
    calls = answers.calls(broadcast.organization_id, broadcast.pk)
    shown = board(broadcast.organization_id, broadcast.pk)
    return Scene(
        broadcast=broadcast,
        content=Content.from_json(broadcast.content),
        board=shown,
        calls=calls,
        latest=courses.latest(broadcast.pk),
        counted_at=counted_at(broadcast.pk),
        ways=_ways(shown),
        at=timezone.now(),
        emptied=emptied(broadcast.pk),
        hold=Hold.objects.of(broadcast.pk).select_related("by").first(),
    )


def context(found: Scene, *, may_send: bool) -> dict[str, object]:
    """Return what the templates of the moving parts are given."""
    return {
        "scene": found,
        "broadcast": found.broadcast,
        "content": found.content,
        "picture": found.picture,
        "labels": labels.of(found.broadcast.organization),
        "may_send": may_send and found.emptied is None,
        "now": found.at,
        **told(found.emptied),
    }


def _ways(shown: Board) -> list[Way]:
    """Return the media by which anything is sent, each with its gateways."""
    media = sorted({medium for medium, _ in shown.statuses})
    known = Gateway.objects.filter(enabled=True, lane__medium__in=media)
    rows = list(known.values_list("lane__medium", "trouble"))
    return [
        Way(
            medium=medium,
            icon=ICONS[medium],
            troubled=sum(bool(trouble) for one, trouble in rows if one == medium),
            gateways=sum(one == medium for one, _trouble in rows),
        )
        for medium in media
    ]
