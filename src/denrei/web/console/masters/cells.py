"""The cells of a list: what each column tells of an entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Master
from denrei.broadcasts.models import AnswerChoice, IncidentType
from denrei.directory.groups import Headcount
from denrei.directory.models import ContactGroup, Position
from denrei.web.console.masters.kinds import Column, Kind

_MINUTES = ((24 * 60, _("%d日")), (60, _("%d時間")), (1, _("%d分")))
#: By which the address book shows the people of an entry.
_FILTERS: Mapping[type[Master], str] = {ContactGroup: "group", Position: "position"}
#: Keys of a telephone that choose an answer.
KEYS = frozenset("123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a row."""

    heading: str
    text: str
    number: bool = False
    #: Where it leads; "" nowhere.
    address: str = ""
    #: 支援が必要 and the like: stands out.
    stands_out: bool = False
    #: Nothing to see: 0, or not set.
    dim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What cells tell that is not in the entries themselves."""

    words: Mapping[str, str]
    headcounts: Mapping[int, Headcount]
    mentions: Counter[int]
    situations: Mapping[int, int]
    instructions: Mapping[int, int]


def headings(kind: Kind, words: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Return the heads of the columns, and whether numbers stand below."""
    return [(_heading(column, words), column in _NUMBERS) for column in kind.columns]


def cell(column: Column, entry: Master, facts: Facts) -> Cell:
    """Return what a column tells of an entry."""
    return _CELLS[column](entry, facts)


def duration(minutes: int) -> str:
    """Return a span of minutes as people say it: 1日、1時間30分."""
    parts = []
    for length, words in _MINUTES:
        count, minutes = divmod(minutes, length)
        if count:
            parts.append(str(words) % count)
    return "".join(parts)


_NUMBERS = frozenset(
    {Column.PEOPLE, Column.SITUATIONS, Column.INSTRUCTIONS, Column.DRAFTS, Column.GIVE_UP}
)
_HEADINGS: Mapping[Column, str | Promise] = {
    Column.PEOPLE: _("人数"),
    Column.KEY: _("電話のボタン"),
    Column.HELP: _("支援"),
    Column.PRIORITY: _("送る順番"),
    Column.GIVE_UP: _("送るのをやめるまで"),
    Column.SENT_BY: _("送信できる人"),
    Column.SITUATIONS: "%(situations)s",
    Column.INSTRUCTIONS: "%(instructions)s",
    Column.DRAFTS: _("下書き・定型連絡"),
}


def _heading(column: Column, words: Mapping[str, str]) -> str:
    return str(_HEADINGS[column]) % words


def _number(
    column: Column, count: int, unit: str, words: Mapping[str, str], address: str = ""
) -> Cell:
    return Cell(
        heading=_heading(column, words),
        text=unit % {"count": f"{count:,}"},
        number=True,
        address=address,
        dim=not count,
    )


def _people(entry: Master, facts: Facts) -> Cell:
    count = facts.headcounts.get(entry.pk, Headcount()).active
    address = f"{reverse('console:people')}?{_FILTERS[type(entry)]}={entry.pk}" if count else ""
    return _number(Column.PEOPLE, count, gettext("%(count)s人"), facts.words, address)


def _drafts(entry: Master, facts: Facts) -> Cell:
    count = facts.mentions[entry.pk]
    return _number(Column.DRAFTS, count, gettext("%(count)s件"), facts.words)


def _under(column: Column, counts: Mapping[int, int], entry: Master, facts: Facts) -> Cell:
    address = reverse("console:master", kwargs={"kind": column.value})
    return _number(
        column,
        counts.get(entry.pk, 0),
        gettext("%(count)s件"),
        facts.words,
        f"{address}?incident={entry.pk}",
    )


def _key(entry: Master, facts: Facts) -> Cell:
    heading = _heading(Column.KEY, facts.words)
    if entry.code in KEYS:
        return Cell(heading=heading, text=entry.code)
    return Cell(heading=heading, text=gettext("電話では選べません"), dim=True)


def _help(entry: Master, facts: Facts) -> Cell:
    assert isinstance(entry, AnswerChoice)
    text = gettext("支援が必要") if entry.needs_help else "－"
    return Cell(
        heading=_heading(Column.HELP, facts.words),
        text=text,
        stands_out=entry.needs_help,
        dim=not entry.needs_help,
    )


def _priority(entry: Master, facts: Facts) -> Cell:
    assert isinstance(entry, IncidentType)
    heading = _heading(Column.PRIORITY, facts.words)
    return Cell(heading=heading, text=str(entry.get_priority_display()))


def _give_up(entry: Master, facts: Facts) -> Cell:
    assert isinstance(entry, IncidentType)
    heading = _heading(Column.GIVE_UP, facts.words)
    return Cell(heading=heading, text=duration(entry.give_up_minutes), number=True)


def _sent_by(entry: Master, facts: Facts) -> Cell:
    assert isinstance(entry, IncidentType)
    who = str(entry.get_sent_by_display())
    text = f"{entry.unit.name}　{who}" if entry.unit else who
    return Cell(heading=_heading(Column.SENT_BY, facts.words), text=text)


_CELLS: Mapping[Column, Callable[[Master, Facts], Cell]] = {
    Column.PEOPLE: _people,
    Column.KEY: _key,
    Column.HELP: _help,
    Column.PRIORITY: _priority,
    Column.GIVE_UP: _give_up,
    Column.SENT_BY: _sent_by,
    Column.SITUATIONS: lambda entry, facts: _under(
        Column.SITUATIONS, facts.situations, entry, facts
    ),
    Column.INSTRUCTIONS: lambda entry, facts: _under(
        Column.INSTRUCTIONS, facts.instructions, entry, facts
    ),
    Column.DRAFTS: _drafts,
}
