"""Whom the list of a board shows, as its address says it; what can't be read counts as not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, Unit
from denrei.directory.models import ContactGroup
from denrei.domain.states import HUMAN, Grade, Look
from denrei.reports.board import Board, Crowd
from denrei.reports.people import Place, Wish

#: Characters of a search; longer ones find nobody.
LONGEST = 100
_UNREACHED = frozenset({Grade.NO_CONTACT, Grade.UNREACHED})

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One way people stand, which the list can be narrowed to and the counters count."""

    words: str | Promise
    grades: frozenset[Grade] = field(default=frozenset(Grade))
    looked: Look | None = None
    needs_help: bool | None = None
    #: Shown in red where it is anybody.
    alarms: bool = False

    def holds(self, crowd: Crowd) -> bool:
        """Tell whether people stand so."""
        return (
            crowd.grade in self.grades
            and self.looked in (None, crowd.looked)
            and self.needs_help in (None, crowd.needs_help)
        )


#: In the order of the tabs.
STANDINGS: Mapping[str, Standing] = {
    "": Standing(words=_("全員")),
    "unknown": Standing(words=_("不明"), grades=_UNREACHED),
    "handed": Standing(words=_("引渡しのみ"), grades=frozenset({Grade.HANDED_OVER})),
    "device": Standing(words=_("端末到達・閲覧"), grades=frozenset({Grade.DEVICE, Grade.READ})),
    "answered": Standing(words=_("回答済み"), grades=frozenset({Grade.ANSWERED})),
    "help": Standing(words=_("支援が必要"), needs_help=True, alarms=True),
    "looked": Standing(
        words=_("アクセスあり(未確認)"),
        grades=frozenset(grade for grade in Grade if grade < HUMAN),
        looked=Look.MAYBE,
    ),
    "no-contact": Standing(words=_("連絡先なし"), grades=frozenset({Grade.NO_CONTACT})),
}


def counted(shown: Board, state: str) -> int:
    """Return how many people stand so, by the counters."""
    standing = STANDINGS[state]
    return sum(crowd.people for crowd in shown.crowds if standing.holds(crowd))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One view of the list."""

    #: A key of `STANDINGS`.
    state: str = ""
    #: Code of an answer.
    answer: str = ""
    unit: Unit | None = None
    group: ContactGroup | None = None
    text: str = ""
    after: Place | None = None
    #: How many people come before the page.
    skipped: int = 0

    @property
    def is_counted(self) -> bool:
        """Whether the counters know how many it means."""
        return not (self.unit or self.group or self.text)

    @property
    def narrows(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.state or self.answer) or not self.is_counted

    def count(self, shown: Board) -> int | None:
        """Return how many people it means; None where only the list itself could tell."""
        if not self.is_counted:
            return None
        standing = STANDINGS[self.state]
        return sum(
            crowd.people
            for crowd in shown.crowds
            if standing.holds(crowd) and self.answer in ("", crowd.choice)
        )

    def wish(self, operator: Operator) -> Wish:
        """Return whom it means of those whom the operator sees: who belonged to his unit then (ALL-5)."""
        standing = STANDINGS[self.state]
        return Wish(
            grades=standing.grades,
            looked=standing.looked,
            needs_help=standing.needs_help,
            choice=self.answer or None,
            units=_with_those_below(self.unit or operator.unit),
            group=self.group.pk if self.group else None,
            text=self.text,
            searched=_with_those_below(operator.unit) if self.text else None,
        )

    @property
    def query(self) -> str:
        """Return the address's query without the page."""
        return self.standing(self.state)

    def standing(self, state: str) -> str:
        """Return the query of the same list, narrowed to people who stand so."""
        said: dict[str, str | int] = {
            "state": state,
            "answer": self.answer,
            "unit": self.unit.pk if self.unit else "",
            "group": self.group.pk if self.group else "",
            "q": self.text,
        }
        return urlencode({name: value for name, value in said.items() if value})

    def turned(self, place: Place, skipped: int) -> str:
        """Return the query of the page behind a place."""
        page: dict[str, str | int] = {
            "after": f"{int(place.grade)}.{place.recipient_id}",
            "skip": skipped,
        }
        return "&".join(filter(None, (self.query, urlencode(page))))


def _with_those_below(unit: Unit | None) -> tuple[int, ...] | None:
    return None if unit is None else tuple(Unit.objects.below(unit).values_list("pk", flat=True))


def read(said: QueryDict, operator: Operator, answers: Sequence[str]) -> Choice:
    """Read the query of an address; `answers`: codes of the broadcast's choices."""
    state, answer = said.get("state", ""), said.get("answer", "")
    return Choice(
        state=state if state in STANDINGS else "",
        answer=answer if answer in answers else "",
        unit=_one(Unit.objects.visible_to(operator), said.get("unit", "")),
        group=_one(ContactGroup.objects.all(), said.get("group", "")),
        text=said.get("q", "").replace("\0", "").strip()[:LONGEST],
        after=_place(said.get("after", "")),
        skipped=_number(said.get("skip", "")) or 0,
    )


def _place(said: str) -> Place | None:
    grade, _point, recipient = said.partition(".")
    number = _number(recipient)
    known = {str(int(one)): one for one in Grade}
    if number is None or grade not in known:
        return None
    return Place(grade=known[grade], recipient_id=number)


def _one(rows: QuerySet[Row], said: str) -> Row | None:
    number = _number(said)
    return None if number is None else rows.filter(pk=number).first()


def _number(said: str) -> int | None:
    """Read a number that fits a bigint."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None
