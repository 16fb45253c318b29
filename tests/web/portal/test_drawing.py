"""Plates: what is filled in gives the page that the templates draw, whatever people are called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import tokens
from denrei.domain.states import Look, Medium
from denrei.responses.looking import Visit
from denrei.responses.models import Kind, Source
from denrei.responses.pages import Given, Page, Person
from denrei.web.portal import drawing
from denrei.web.portal.asked import Asked
from tests.responses.sent import content

BEGAN = datetime(2026, 11, 21, 7, 13, tzinfo=UTC)
NAMES = st.text(min_size=1, max_size=12)
ANSWERS = st.none() | st.builds(
    Given,
    choice=st.sampled_from(["", "1", "3", "gone"]),
    words=st.just("無事です"),
    needs_help=st.booleans(),
    source=st.sampled_from(list(Source)),
    comment=st.sampled_from(["", "家に\nいます"]),
    at=st.integers(0, 10**6).map(lambda seconds: BEGAN + timedelta(seconds=seconds)),
)


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Draw a page of one to three people."""
    people = draw(st.lists(st.tuples(NAMES, ANSWERS), min_size=1, max_size=3))
    return Page(
        organization_id=1,
        broadcast_id=1,
        delivery_id=1,
        medium=Medium.MAIL,
        language=draw(st.sampled_from(["ja", "en"])),
        content=content(drill=draw(st.booleans())),
        launched_at=BEGAN,
        ended=draw(st.booleans()),
        fresh=False,
        people=tuple(
            Person(recipient_id=10 + place, name=name, looked=Look.NOBODY, given=answer)
            for place, (name, answer) in enumerate(people)
        ),
    )


def asked(page: Page, place: int | None, language: str) -> Asked:
    """Return the request for a page, or for the thanks of one person."""
    return Asked(
        path="/r/3241042ja0av8xg9q64bf881",
        named=tokens.Opened(organization_id=1, subject_id=1),
        visit=Visit(kind=Kind.OPEN),
        language=language,
        done="" if place is None else str(page.people[place].recipient_id),
    )


@given(page=pages(), language=st.sampled_from(["", "ja", "en"]))
def test_a_plate_gives_what_the_templates_draw(page: Page, language: str) -> None:
    question = asked(page, None, language)
    shown = drawing.sheet(page, language)

    assert drawing.question(page, question)[0] == drawing._drawn(shown, question, None)
    for place, person in enumerate(page.people):
        if person.given:
            thanks = asked(page, place, language)
            assert drawing.thanks(page, thanks, place)[0] == drawing._drawn(shown, thanks, place)


def test_thousands_of_pages_are_drawn_by_one_plate() -> None:
    drawing._plate.cache_clear()

    for number in range(50):
        person = Person(recipient_id=number, name=f"伝令 {number}", looked=Look.NOBODY)
        page = Page(
            organization_id=1,
            broadcast_id=1,
            delivery_id=number,
            medium=Medium.MAIL,
            language="ja",
            content=content(),
            launched_at=BEGAN,
            ended=False,
            fresh=False,
            people=(person,),
        )
        drawing.question(page, asked(page, None, ""))

    assert drawing._plate.cache_info().misses == 1


@pytest.mark.parametrize("trap", ["10月12日 12:21:10", "\ue0000.0", "8070605040302010900"])
def test_words_that_look_like_a_mark_spoil_no_page(trap: str) -> None:
    given = Given(choice="1", words="", needs_help=False, source=Source.SELF, comment="", at=BEGAN)
    person = Person(recipient_id=7, name="山田 花子", looked=Look.NOBODY, given=given)
    page = Page(
        organization_id=1,
        broadcast_id=1,
        delivery_id=1,
        medium=Medium.MAIL,
        language="ja",
        content=content(place=f"伝令市 {trap}"),
        launched_at=BEGAN,
        ended=False,
        fresh=False,
        people=(person,),
    )

    body, _ = drawing.question(page, asked(page, None, ""))

    assert f"伝令市 {trap}" in body
    assert body == drawing._drawn(drawing.sheet(page), asked(page, None, ""), None)
