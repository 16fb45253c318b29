"""The estimate of the end of sending: from what moved lately, and honest where nothing is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain.completion import FARTHEST, WINDOW, Point, completion, next_retry

pytestmark = pytest.mark.spec("ALL-4", "NEW-11")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def points(*pairs: tuple[float, int], next_at: datetime | None = None) -> list[Point]:
    """Return a curve of (seconds after noon, left)."""
    return [Point(at=after(at), left=left, next_at=next_at) for at, left in pairs]


@pytest.mark.parametrize(
    ("curve", "now", "expected"),
    [
        pytest.param([], 0, None, id="nothing is known"),
        pytest.param(points((0, 100)), 1, None, id="one point tells no rate"),
        pytest.param(points((0, 100), (10, 90)), 10, 100, id="ten in ten seconds"),
        pytest.param(points((0, 100), (10, 90)), 14, 100, id="asked a little later"),
        pytest.param(points((0, 100), (10, 0)), 10, None, id="nothing is left"),
        pytest.param(points((0, 100), (10, 100)), 10, None, id="nothing moves"),
        pytest.param(points((0, 100), (10, 90)), 80, None, id="nothing has moved since"),
        pytest.param(points((0, 0), (10, 100)), 10, None, id="the launch still adds"),
        pytest.param(
            points((0, 50), (10, 100), (20, 80)), 20, 60, id="from where most was left, not before"
        ),
        pytest.param(points((0, 900), (60, 90), (120, 30)), 120, 150, id="the last minute counts"),
        pytest.param(points((0, 90), (600, 60)), 900, 1800, id="an old one moves slowly"),
        pytest.param(points((0, 10**6), (60, 10**6 - 1)), 60, None, id="too far away"),
        pytest.param(
            points((0, 100), (10, 90), next_at=after(300)), 10, 300, id="a retry comes after it"
        ),
        pytest.param(
            points((0, 100), (10, 90), next_at=after(50)), 10, 100, id="a retry comes before it"
        ),
    ],
)
def test_the_end_is_estimated(curve: list[Point], now: float, expected: float | None) -> None:
    assert (None if expected is None else after(expected)) == completion(curve, after(now))


@st.composite
def curves(draw: st.DrawFn) -> list[Point]:
    """Return any curve, with or without a retry."""
    gaps = draw(st.lists(st.floats(0.1, 900), max_size=30))
    lefts = draw(st.lists(st.integers(0, 10**7), min_size=len(gaps), max_size=len(gaps)))
    retry = draw(st.none() | st.floats(-900, 10**5).map(after))
    return [
        Point(at=after(at), left=left, next_at=retry)
        for at, left in zip(accumulate(gaps), lefts, strict=True)
    ]


@given(curves(), st.floats(0, 2000))
def test_it_is_never_in_the_past_nor_beyond_what_can_be_known(
    curve: list[Point], later: float
) -> None:
    now = (curve[-1].at if curve else NOON) + timedelta(seconds=later)
    found = completion(curve, now)

    if found is not None:
        assert curve[-1].left > 0
        assert now <= found <= max(now + FARTHEST, curve[-1].next_at or now)


@given(curves(), st.floats(0, 2000))
def test_it_is_never_before_the_next_retry(curve: list[Point], later: float) -> None:
    now = (curve[-1].at if curve else NOON) + timedelta(seconds=later)
    found, retry = completion(curve, now), next_retry(curve, now)

    assert found is None or retry is None or retry <= found
    assert retry is None or retry > now


@given(curves(), st.floats(0, 2000))
def test_what_lies_before_the_last_minute_changes_nothing(curve: list[Point], later: float) -> None:
    now = (curve[-1].at if curve else NOON) + timedelta(seconds=later)
    recent = [point for point in curve if point.at >= curve[-1].at - WINDOW]

    assert len(recent) < 2 or completion(recent, now) == completion(curve, now)


@given(st.integers(2, 20), st.integers(1, 1000), st.floats(0.5, 5))
def test_an_even_rate_is_carried_on_to_its_end(steps: int, each: int, gap: float) -> None:
    more = 7
    curve = points(*((n * gap, each * (steps + more - n)) for n in range(steps)))
    found = completion(curve, curve[-1].at)

    assert found is not None
    assert abs(found - after((steps + more) * gap)) < timedelta(seconds=0.01)
