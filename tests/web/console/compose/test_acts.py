"""Buttons that change the form: each does what it says and touches nothing else, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.broadcasts.typed import Moment, Typed, Way
from denrei.web.console.compose import acts

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 9, 1, 0, 5, tzinfo=UTC)
FORM = Typed(
    occurred=Moment(day="2026-11-21", hour="16", minute="13"),
    place="駅",
    people=("1", "2"),
    ways=(Way(medium="mail"), Way(medium="sms", wait="5"), Way(medium="phone", wait="20")),
)
ACTS = st.one_of(
    st.text(max_size=12),
    st.builds(
        "{}:{}".format,
        st.sampled_from(["day", "hour", "minute", "up", "down", "remove", "use", "add", "drop"]),
        st.sampled_from(["+1", "-1", "mail", "sms", "phone", "7", "", "x"]),
    ),
    st.sampled_from(["now", "drop-all"]),
)


def media(typed: Typed) -> list[str]:
    """Return the media in order."""
    return [way.medium for way in typed.ways]


@pytest.mark.spec("EMC-3")
@pytest.mark.parametrize(
    ("act", "order"),
    [
        ("up:phone", ["mail", "phone", "sms"]),
        ("up:mail", ["mail", "sms", "phone"]),
        ("down:mail", ["sms", "mail", "phone"]),
        ("down:phone", ["mail", "sms", "phone"]),
        ("remove:sms", ["mail", "phone"]),
        ("use:app", ["mail", "sms", "phone", "app"]),
        ("use:sms", ["mail", "sms", "phone"]),
        ("up:fax", ["mail", "sms", "phone"]),
    ],
)
def test_media_are_put_in_order(act: str, order: list[str]) -> None:
    assert order == media(acts.done(FORM, act, NOW, TOKYO))


def test_a_medium_keeps_its_wait_wherever_it_stands() -> None:
    moved = acts.done(acts.done(FORM, "up:phone", NOW, TOKYO), "up:phone", NOW, TOKYO)

    assert [("phone", "20"), ("mail", "0"), ("sms", "5")] == [
        (way.medium, way.wait) for way in moved.ways
    ]


@pytest.mark.parametrize(
    ("act", "people"),
    [
        ("add:3", ("1", "2", "3")),
        ("add:1", ("1", "2")),
        ("drop:1", ("2",)),
        ("drop:9", ("1", "2")),
        ("drop-all", ()),
    ],
)
def test_people_are_added_and_dropped(act: str, people: tuple[str, ...]) -> None:
    assert replace(FORM, people=people) == acts.done(FORM, act, NOW, TOKYO)


@pytest.mark.parametrize("typed", [Moment(), Moment(day="x", hour="25", minute="61")])
def test_a_step_from_no_time_is_now(typed: Moment) -> None:
    found = acts.done(replace(FORM, occurred=typed), "hour:+1", NOW, TOKYO)

    assert Moment(day="2026-09-01", hour="9", minute="05") == found.occurred


@pytest.mark.parametrize(
    ("day", "act"), [("9999-12-31", "day:+1"), ("0001-01-02", "day:-1"), ("0001-01-01", "day:-1")]
)
def test_at_the_ends_of_the_calendar_nothing_fails(day: str, act: str) -> None:
    form = replace(FORM, occurred=Moment(day=day, hour="9", minute="00"))

    assert isinstance(acts.done(form, act, NOW, TOKYO), Typed)


@given(st.lists(ACTS, max_size=12))
def test_no_order_of_buttons_fails_or_loses_what_was_typed(pressed: list[str]) -> None:
    typed = FORM
    for act in pressed:
        typed = acts.done(typed, act, NOW, TOKYO)

    assert len(set(media(typed))) == len(typed.ways)
    assert FORM == replace(typed, occurred=FORM.occurred, people=FORM.people, ways=FORM.ways)
