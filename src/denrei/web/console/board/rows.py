"""One person of a broadcast as the list shows him: how he stands, what comes next, what he said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from denrei.broadcasts.content import Content
from denrei.domain.states import HUMAN, Grade, Look, Medium, State
from denrei.domain.status import ACTION_NEEDED, Status
from denrei.reports.people import Person, Sent
from denrei.responses.models import HelpCall, Response, Source
from denrei.web.console.broadcasts.picture import KINDS, Kind
from denrei.web.console.statuses.looks import LOOKS, anchor

#: Of each medium so many different statuses are shown.
_STATUSES = 2
#: How each grade is called and drawn.
KIND_OF: Mapping[Grade, Kind] = {grade: kind for kind in KINDS for grade in kind.grades}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One status as a tag that leads to its help."""

    status: Status
    look: str
    icon: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a person stands by one medium, the latest change first."""

    medium: Medium
    tags: Sequence[Tag]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What an operator should know beside."""

    words: str | Promise
    #: Class of the tag: "bad", "warn" or "".
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer that counts."""

    words: str
    at: datetime
    #: "" for the person's own.
    source: str
    needs_help: bool
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of the list."""

    person: Person
    kind: Kind
    ways: Sequence[Way]
    #: What happens next without anybody's doing; "" for nothing.
    next_move: str
    answer: Answer | None
    remarks: Sequence[Remark]
    #: Class of the row.
    look: str


def of(
    people: Sequence[Person], content: Content, calls: Mapping[int, HelpCall], *, goes_on: bool
) -> list[Row]:
    """Return the rows of a page. `calls`: by person; `goes_on`: what waits will be sent."""
    return [_row(person, content, calls.get(person.id), goes_on=goes_on) for person in people]


def _row(person: Person, content: Content, call: HelpCall | None, *, goes_on: bool) -> Row:
    return Row(
        person=person,
        kind=KIND_OF[person.grade],
        ways=_ways(person.sent),
        next_move=next_move(person.sent) if goes_on else "",
        answer=_answer(person.answers, content),
        remarks=list(_remarks(person, call)),
        look=_look(person),
    )


def _ways(sent: Sequence[Sent]) -> list[Way]:
    found: dict[Medium, list[Status]] = {}
    for one in sent:
        statuses = found.setdefault(one.medium, [])
        if one.status not in statuses and len(statuses) < _STATUSES:
            statuses.append(one.status)
    return [
        Way(medium=medium, tags=[_tag(status) for status in statuses])
        for medium, statuses in sorted(found.items())
    ]


def _tag(status: Status) -> Tag:
    look, icon = LOOKS[status]
    return Tag(status=status, look=look, icon=icon, anchor=anchor(status))


def next_move(sent: Iterable[Sent]) -> str:
    """Return what comes next by itself: what is on the wire, in a queue, due at a time, or held."""
    waiting = [one for one in sent if one.state is State.WAITING]
    for one in waiting:
        if one.claimed:
            return _("%(medium)sを送信中") % {"medium": _(one.medium.label)}
    for one in waiting:
        if one.queued:
            return _("%(medium)sの順番待ち") % {"medium": _(one.medium.label)}
    due = [(one.next_at, one.medium) for one in waiting if one.next_at is not None]
    if due:
        at, medium = min(due)
        return _("次の%(medium)s %(at)s") % {"medium": _(medium.label), "at": clock(at)}
    return _("先の連絡先の結果待ち") if waiting else ""


def clock(at: datetime) -> str:
    """Return a time of today as 16:41, of another day with the day before it."""
    local, today = timezone.localtime(at), timezone.localdate()
    return date_format(local, "H:i" if local.date() == today else _("n月j日 H:i"))


def _answer(answers: Sequence[Response], content: Content) -> Answer | None:
    if not answers:
        return None
    latest = answers[-1]
    source = Source(latest.source)
    return Answer(
        words=words_of(latest, content),
        at=latest.at,
        source="" if source is Source.SELF else str(_(source.label)),
        needs_help=latest.needs_help,
        comment=latest.comment,
    )


def words_of(answer: Response, content: Content) -> str:
    """Return what was answered, in the language of the page."""
    if not answer.choice:
        return _("受信確認")
    choice = content.choice(answer.choice)
    return choice.words.in_language(get_language() or "ja") if choice else answer.choice_words


def _remarks(person: Person, call: HelpCall | None) -> Iterable[Remark]:
    if any(answer.worsened for answer in person.answers):
        yield Remark(words=_WORSENED, look="warn")
    if call is not None and call.closed_at is None:
        taken = call.taken_by
        words = _("担当 %(name)s") % {"name": taken.name} if taken else _("担当なし")
        yield Remark(words=words, look="" if taken else "bad")
    if person.answers and person.answers[-1].late:
        yield Remark(words=_LATE)
    if any(one.in_doubt for one in person.sent):
        yield Remark(words=_TWICE, look="warn")
    if person.looked is Look.MAYBE and person.grade < HUMAN:
        yield Remark(words=_LOOKED)
    if person.grade is Grade.NO_CONTACT:
        yield Remark(words=_NO_CONTACT, look="bad")


_WORSENED = gettext_lazy("無事から変更")
_LATE = gettext_lazy("遅れた回答")
_TWICE = gettext_lazy("二重送信の可能性")
_LOOKED = gettext_lazy("アクセスあり(未確認)")
_NO_CONTACT = gettext_lazy("連絡先なし")


def _look(person: Person) -> str:
    """Return how urgently a row asks for a look: red, yellow or not at all."""
    if person.needs_help or person.grade is Grade.NO_CONTACT:
        return "is-bad"
    if person.grade >= HUMAN:
        return ""
    if any(one.status in ACTION_NEEDED for one in person.sent):
        return "is-bad"
    return "is-warn" if person.grade is Grade.UNREACHED else ""
