"""Periods by the calendar, and what may be chosen for each kind of data (OPS-8)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from denrei.domain import retention
from denrei.domain.retention import BOUNDS, Period, UnknownPeriodError

pytestmark = pytest.mark.spec("OPS-8")


@pytest.mark.parametrize(
    ("period", "now", "expected"),
    [
        (Period.DAY, "2026-03-01", "2026-02-28"),
        (Period.DAYS_90, "2026-11-30", "2026-09-01"),
        (Period.MONTHS_6, "2026-08-31", "2026-02-28"),
        (Period.YEAR, "2028-02-29", "2027-02-28"),
        (Period.YEARS_5, "2026-01-31", "2021-01-31"),
        (Period.YEARS_30, "2026-12-31", "1996-12-31"),
    ],
)
def test_a_period_goes_back_by_the_calendar(period: Period, now: str, expected: str) -> None:
    told = period.before(datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert datetime.fromisoformat(expected).replace(tzinfo=UTC) == told


def test_what_is_kept_for_ever_is_never_over() -> None:
    assert Period.FOREVER.before(datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_periods_stand_in_their_order() -> None:
    now = datetime(2026, 5, 5, tzinfo=UTC)
    ends = [found for period in Period if (found := period.before(now))]

    assert sorted(ends, reverse=True) == ends


def test_every_default_may_be_chosen() -> None:
    assert all(bounds.default in bounds.choices for bounds in BOUNDS.values())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["broadcasts"], "期間ではありません"),
        (["broadcasts=4y"], "期間ではありません"),
        (["broadcasts=7d"], "broadcasts には「7d」を使えません"),
        (["sessions=1d"], "「sessions」という種類はありません"),
        (["nothing=1y"], "「nothing」という種類はありません"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(words: list[str], told: str) -> None:
    with pytest.raises(UnknownPeriodError, match=told):
        retention.defaults(words)


def test_a_setting_names_kinds_and_periods() -> None:
    expected = {"broadcasts": Period.YEARS_10, "looks": Period.MONTHS_6}

    assert expected == retention.defaults(["broadcasts=10y", "looks = 6m"])
