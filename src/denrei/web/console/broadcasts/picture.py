"""A board as its page draws it: grades as parts of a bar, statuses as a table by medium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.deliveries.stages import Stage
from denrei.domain.failures import CONSEQUENCES
from denrei.domain.states import Grade, Medium
from denrei.domain.status import ACTION_NEEDED, Status, possible
from denrei.reports.board import Board, stage_words
from denrei.web.console.statuses.looks import LOOKS, anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one grade of people is called and drawn, strongest first."""

    grades: tuple[Grade, ...]
    words: str | Promise
    note: str | Promise
    icon: str
    #: Class of its part of the bar: ev1 … ev5.
    number: int


KINDS: Sequence[Kind] = (
    Kind(
        grades=(Grade.ANSWERED,), words=_("回答"), note=_("本人等が答えた"), icon="reply", number=1
    ),
    Kind(
        grades=(Grade.READ,), words=_("閲覧"), note=_("人がページで確認した"), icon="eye", number=2
    ),
    Kind(
        grades=(Grade.DEVICE,),
        words=_("端末到達"),
        note=_("端末が受け取った"),
        icon="handset",
        number=3,
    ),
    Kind(
        grades=(Grade.HANDED_OVER,),
        words=_("引渡し"),
        note=_("相手の事業者が預かった"),
        icon="handed",
        number=4,
    ),
    Kind(
        grades=(Grade.UNREACHED, Grade.NO_CONTACT),
        words=_("不明"),
        note=_("届いた証拠がない"),
        icon="other",
        number=5,
    ),
)


#: Shares of the bar in which a number has room, on a desk and on a phone.
_ROOM, _ROOM_ON_PHONES = 0.04, 0.14
#: Numbers of kinds up to this one are drawn dark.
_DARK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One grade with its people; `start` people stand before it in the bar."""

    kind: Kind
    people: int
    start: int
    total: int

    @property
    def middle(self) -> str:
        """Where its number stands, as a length of SVG."""
        return f"{100 * (self.start + self.people / 2) / self.total:.2f}%"

    @property
    def is_wide(self) -> bool:
        """Whether its number has room in a bar of some width."""
        return self.people >= _ROOM * self.total

    @property
    def is_tight(self) -> bool:
        """Whether its number has none on a phone."""
        return self.people < _ROOM_ON_PHONES * self.total

    @property
    def ink(self) -> str:
        """Class of its number: white on dark grades, black on light ones."""
        return "t-inv" if self.kind.number <= _DARK else "t-ink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One status with its deliveries by medium."""

    status: Status
    look: str
    icon: str
    is_to_act: bool
    #: None: the medium has no such status.
    counts: Sequence[int | None]

    @property
    def total(self) -> int:
        """Deliveries by all media."""
        return sum(count or 0 for count in self.counts)

    @property
    def anchor(self) -> str:
        """Where the help speaks of it (EMC-2)."""
        return anchor(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What keeps so many deliveries from being sent, and is not the recipients' doing."""

    words: str
    count: int


class Picture:
    """What the page of a broadcast shows of its board."""

    def __init__(self, shown: Board) -> None:
        self.board = shown

    @property
    def parts(self) -> list[Part]:
        """People by grade, strongest first."""
        found, start = [], 0
        for kind in KINDS:
            people = sum(self.board.grades.get(grade, 0) for grade in kind.grades)
            found.append(Part(kind=kind, people=people, start=start, total=self.board.people.total))
            start += people
        return found

    @property
    def unknown(self) -> int:
        """People of whom nothing shows that they were reached."""
        return self.parts[-1].people

    @property
    def media(self) -> list[Medium]:
        """The media with deliveries."""
        return sorted({medium for medium, _ in self.board.statuses})

    @property
    def lines(self) -> list[Line]:
        """Statuses that occur, in the order of their list."""
        counts, media = self.board.statuses, self.media
        return [
            Line(
                status=status,
                look=LOOKS[status][0],
                icon=LOOKS[status][1],
                is_to_act=status in ACTION_NEEDED,
                counts=[
                    counts.get((medium, status), 0) if status in possible(medium) else None
                    for medium in media
                ],
            )
            for status in Status
            if any((medium, status) in counts for medium in media)
        ]

    @property
    def sums(self) -> list[int]:
        """Deliveries by medium, in the order of `media`."""
        found = Counter[Medium]()
        for (medium, _status), count in self.board.statuses.items():
            found[medium] += count
        return [found[medium] for medium in self.media]

    @property
    def alarms(self) -> list[Alarm]:
        """What is our own fault or the gateway's (EMC-6)."""
        return [
            Alarm(words=gettext(CONSEQUENCES[reason].words), count=count)
            for reason, count in self.board.alarms.items()
        ]

    @property
    def is_preparing(self) -> bool:
        """Whether deliveries are still being written: their number grows."""
        return self.board.words == stage_words(Stage.PREPARING, ())

    @property
    def is_stoppable(self) -> bool:
        """Whether something may still be stopped."""
        return not self.board.finished and not self.board.stopped
