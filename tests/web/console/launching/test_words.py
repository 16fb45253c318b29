"""How forecasts read."""

from __future__ import annotations

import pytest

from denrei.deliveries.reach import Fate
from denrei.web.console.launching import words


@pytest.mark.parametrize(
    ("seconds", "read"),
    [
        (0, "1分以内"),
        (60, "1分以内"),
        (61, "約2分"),
        (3599, "約60分"),
        (3600, "約1時間"),
        (6000, "約1時間40分"),
        (6001, "約1時間41分"),
        (90000, "約25時間"),
    ],
)
def test_a_duration_is_rounded_up(seconds: float, read: str) -> None:
    assert read == words.about(seconds)


@pytest.mark.parametrize(("seconds", "read"), [(0, "ただちに"), (600, "10分後"), (61, "2分後")])
def test_a_wait_is_told_in_minutes(seconds: int, read: str) -> None:
    assert read == words.wait(seconds)


def test_every_reason_has_words_and_a_remedy() -> None:
    assert set(Fate) - {Fate.SENT} == set(words.WHY)
