"""Which addresses are left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denrei.domain import suppression
from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
from denrei.domain.suppression import Verdict

NOW = datetime(2026, 11, 21, 16, 13, tzinfo=UTC)
IN_30_DAYS = NOW + timedelta(days=30)
AT_ONCE = [Reason.UNKNOWN_USER, Reason.UNKNOWN_HOST, Reason.MOVED, Reason.FILTERED]


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("reason", AT_ONCE)
def test_an_address_that_cannot_be_reached_is_left_out_at_once_for_30_days(reason: Reason) -> None:
    verdict = Verdict(until=IN_30_DAYS, streak=0)

    assert verdict == suppression.after(reason, 0, NOW)


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    ("reasons", "until", "streak"),
    [
        ([Reason.SUSPENDED] * 1, None, 1),
        ([Reason.SUSPENDED] * 2, None, 2),
        ([Reason.SUSPENDED] * 3, IN_30_DAYS, 3),
        ([Reason.SUSPENDED, Reason.SUSPENDED, Reason.NONE, Reason.SUSPENDED], None, 1),
        ([Reason.SUSPENDED, Reason.SUSPENDED, Reason.TEMPORARY, Reason.SUSPENDED], IN_30_DAYS, 3),
    ],
    ids=["once", "twice", "three times", "a success between", "a temporary fault between"],
)
def test_a_suspended_account_is_left_out_after_three_in_a_row(
    reasons: list[Reason], until: datetime | None, streak: int
) -> None:
    verdict = Verdict(until=None, streak=0)
    for reason in reasons:
        verdict = suppression.after(reason, verdict.streak, NOW)

    assert Verdict(until=until, streak=streak) == verdict


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("reason", [r for r in Reason if r not in {*AT_ONCE, Reason.SUSPENDED}])
def test_no_other_reason_silences_anybody(reason: Reason) -> None:
    assert suppression.after(reason, 2, NOW).until is None
    assert CONSEQUENCES[reason].suppress is Suppress.NEVER


@pytest.mark.spec("EMC-6")
def test_the_days_are_a_setting() -> None:
    verdict = suppression.after(Reason.MOVED, 1, NOW, days=7)

    assert Verdict(until=NOW + timedelta(days=7), streak=1) == verdict
