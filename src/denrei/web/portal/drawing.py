"""Answer pages drawn by their templates, and much faster from plates.

A plate is a page drawn once with marks in the place of what is one person's: names, ids, the time of an
answer, the address. Filled in, it is the page that the templates draw, byte for byte: each plate is
proven to be before it is used, against a page of other people.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string

from denrei.broadcasts.content import Content, Phrase
from denrei.domain import tokens
from denrei.domain.states import Look, Medium
from denrei.responses.answering import Fault, Reply
from denrei.responses.looking import Visit
from denrei.responses.models import Kind, Source
from denrei.responses.pages import Given, Page, Person
from denrei.web.portal.asked import Asked, query
from denrei.web.portal.sheet import Sheet, sheet
from denrei.web.portal.words import LANGUAGES

_log = logging.getLogger(__name__)
#: People of one page beyond which it is drawn each time: so many mixtures of answers come once.
_MOST_PEOPLE = 8
#: An id no table has yet, and a time of day with all its figures.
_FIRST_ID, _FIRST_TIME = 8_070_605_040_302_010_900, datetime(1903, 10, 12, 3, 21, 10, tzinfo=UTC)


_NOBODY = Asked(
    path="", named=tokens.Opened(organization_id=0, subject_id=0), visit=Visit(kind=Kind.OPEN)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a page says of an answer that was given, besides its time."""

    choice: str
    source: Source
    needs_help: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """All that two pages have in common which differ in what is one person's."""

    #: Not hashed: it is long, and the same object for all pages of a wave.
    content: Content = field(hash=False)
    launched_at: datetime
    ended: bool
    later: Phrase | None
    #: The language it is drawn in, and the one that the address asks for.
    language: str
    asked: str
    #: The answer of each person so far.
    given: tuple[_Answer | None, ...]
    #: Whose thanks it is, by place; None: it asks.
    thanked: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plate:
    #: What lies between marks, and the marks: every second one.
    pieces: tuple[str, ...]
    #: Which of the values of a page stands at each of them.
    marks: tuple[int, ...]

    def filled(self, values: Sequence[str]) -> str:
        """Return the page of these values."""
        parts = list(self.pieces)
        parts[1::2] = [values[mark] for mark in self.marks]
        return "".join(parts)


def question(
    page: Page, asked: Asked, reply: Reply | None = None, faults: Sequence[Fault] = ()
) -> tuple[str, str]:
    """Return the page that asks, and its language; with what is wrong with a reply, and what it was."""
    shown = sheet(page, asked.language)
    if reply is not None or asked.done:
        return _question(shown, asked, reply, faults), shown.language
    return _page(shown, asked, None), shown.language


def thanks(page: Page, asked: Asked, place: int) -> tuple[str, str]:
    """Return the page after the answer of the person at this place, and its language."""
    shown = sheet(page, asked.language)
    return _page(shown, asked, place), shown.language


def _page(shown: Sheet, asked: Asked, thanked: int | None) -> str:
    page = shown.page
    plate = None
    if len(page.people) <= _MOST_PEOPLE and (thanked is None or not _comment(page, thanked)):
        plate = _plate(
            _Form(
                content=page.content,
                launched_at=page.launched_at,
                ended=page.ended,
                later=page.later,
                language=shown.language,
                asked=asked.language,
                given=tuple(_answer(person.given) for person in page.people),
                thanked=thanked,
            )
        )
    if plate is None:
        return _drawn(shown, asked, thanked)
    return plate.filled(_values(shown, asked))


def _comment(page: Page, place: int) -> str:
    given = page.people[place].given
    return given.comment if given else ""


def _answer(given: Given | None) -> _Answer | None:
    if given is None:
        return None
    return _Answer(choice=given.choice, source=given.source, needs_help=given.needs_help)


@lru_cache(maxsize=256)
def _plate(form: _Form) -> _Plate | None:
    """Return the plate of these pages; None, and the log is told, where none gives the right page."""
    shown, asked = _specimen(form, 0)
    values = _values(shown, asked)
    drawn = _drawn(shown, asked, form.thanked)
    places = {value: place for place, value in enumerate(values)}
    marked = re.split("(" + "|".join(map(re.escape, places)) + ")", drawn)
    plate = _Plate(pieces=tuple(marked), marks=tuple(places[value] for value in marked[1::2]))
    shown, asked = _specimen(form, 1)
    if plate.filled(_values(shown, asked)) == _drawn(shown, asked, form.thanked):
        return plate
    _log.warning("no plate of a page")
    return None


def _specimen(form: _Form, number: int) -> tuple[Sheet, Asked]:
    """Return a page of this form with people that there are not."""
    people = tuple(
        Person(
            recipient_id=_FIRST_ID + 1000 * number + place,
            # not in any text of ours: private use; and what has to be escaped
            name=f"\ue000{number}.{place}<&\"'>\ue001",
            looked=Look.NOBODY,
            given=_given(answer, _FIRST_TIME + timedelta(days=number, seconds=place)),
        )
        for place, answer in enumerate(form.given)
    )
    page = Page(
        organization_id=0,
        broadcast_id=0,
        delivery_id=0,
        medium=Medium.MAIL,
        language=form.language,
        content=form.content,
        launched_at=form.launched_at,
        ended=form.ended,
        later=form.later,
        fresh=False,
        people=people,
    )
    done = "" if form.thanked is None else str(people[form.thanked].recipient_id)
    asked = replace(_NOBODY, path=f"/r/\ue000{number}\ue001", language=form.asked, done=done)
    return sheet(page, form.language), asked


def _given(answer: _Answer | None, at: datetime) -> Given | None:
    if answer is None:
        return None
    return Given(
        choice=answer.choice,
        words="",
        needs_help=answer.needs_help,
        source=answer.source,
        comment="",
        at=at,
    )


def _values(shown: Sheet, asked: Asked) -> list[str]:
    """Return what is one person's as it stands in the page: the address, then id, name and time of each."""
    values: list[str] = [escape(asked.path)]
    for person in shown.page.people:
        values += (str(person.recipient_id), escape(person.name))
        values += (shown.clock(person.given.at, "%H:%M:%S"),) if person.given else ()
    return values


def _drawn(shown: Sheet, asked: Asked, thanked: int | None) -> str:
    """Draw a page by its templates."""
    if thanked is None:
        return _question(shown, asked, None, ())
    person = shown.page.people[thanked]
    assert person.given is not None
    context = {"thanks": shown.thanks(person, person.given)}
    return _framed("portal/thanks.html", shown, asked, context)


def _question(shown: Sheet, asked: Asked, reply: Reply | None, faults: Sequence[Fault]) -> str:
    context = {
        "forms": shown.forms(reply, faults),
        "complaints": shown.complaints(reply, faults),
    }
    return _framed("portal/question.html", shown, asked, context)


def _framed(template: str, shown: Sheet, asked: Asked, context: Mapping[str, object]) -> str:
    frame = {
        "sheet": shown,
        "words": shown.words,
        "switches": list(_switches(shown, asked)),
        "here": asked.here,
        "unseen": f"{asked.path}/unseen",
    }
    return render_to_string(template, {**frame, **context})


def _switches(shown: Sheet, asked: Asked) -> Iterator[tuple[str, str, str]]:
    for code, said in LANGUAGES.items():
        if code != shown.language:
            yield code, said.own_name, query(done=asked.done, lang=code)
