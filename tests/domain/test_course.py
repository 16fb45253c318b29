"""The lines of a chart."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import course
from denrei.domain.course import Frame

FRAME = Frame(left=50, right=450, top=10, bottom=210, span=600, most=200)


def test_a_line_goes_from_the_launch_to_now() -> None:
    assert "M50.0,210.0L250.0,110.0L450.0,10.0" == FRAME.line([(0, 0), (300, 100), (600, 200)])


def test_what_lies_outside_is_drawn_at_the_edge() -> None:
    assert "M50.0,210.0L450.0,10.0" == FRAME.line([(-5, -1), (9000, 9000)])


def test_an_audience_of_nobody_is_a_line_at_the_bottom() -> None:
    nobody = Frame(left=0, right=10, top=0, bottom=10, span=60, most=0)

    assert "M0.0,10.0" == nobody.line([(0, 0)])


def test_a_line_of_many_points_keeps_its_ends() -> None:
    points = [(float(second), second) for second in range(601)]

    drawn = FRAME.line(points)

    assert 160 == drawn.count("L") + drawn.count("M")
    assert drawn.startswith("M50.0,210.0L")
    assert drawn.endswith("L450.0,10.0")


@pytest.mark.parametrize(
    ("seconds", "span"),
    [(0, 240), (240, 240), (241, 600), (3601, 7200), (86401, 172800), (30 * 86400, 30 * 86400)],
)
def test_a_chart_spans_a_time_whose_quarters_can_be_read(seconds: float, span: float) -> None:
    assert span == course.span_of(seconds)


@given(st.lists(st.floats(0, 200), max_size=6))
def test_labels_never_cover_each_other(places: list[float]) -> None:
    found = sorted(course.apart(places, 16, 10, 190))

    assert all(after - before >= 16 - 1e-9 for before, after in itertools.pairwise(found))
    assert all(place >= 10 for place in found)


def test_a_label_with_room_stays_where_its_line_ends() -> None:
    assert [120.0, 60.0] == course.apart([120.0, 60.0], 16, 10, 190)
