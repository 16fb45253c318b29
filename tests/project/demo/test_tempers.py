"""The curve of answers is what it says it is."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from denrei.project.demo import tempers
from denrei.project.demo.tempers import Curve

CURVE = Curve()
DRAWN = [tempers.temper(random.Random(f"1/{i}"), CURVE) for i in range(20_000)]


def test_the_commonest_answer_comes_after_about_two_minutes() -> None:
    half_minutes = Counter(
        round(one.opens / 30) for one in DRAWN if one.answers and one.opens is not None
    )

    ((commonest, _),) = half_minutes.most_common(1)
    assert 90 <= commonest * 30 <= 150


@pytest.mark.parametrize(
    ("count", "share"),
    [
        pytest.param(sum(one.answers for one in DRAWN), 0.82, id="answer in the end"),
        pytest.param(
            sum(one.opens is not None and not one.answers for one in DRAWN), 0.08, id="only look"
        ),
        pytest.param(
            sum(one.changes is not None for one in DRAWN), 0.82 * 0.06, id="change their answer"
        ),
    ],
)
def test_shares(count: int, share: float) -> None:
    assert abs(count / len(DRAWN) - share) < 0.01


def test_a_change_comes_after_the_answer_and_nothing_after_the_longest() -> None:
    for one in DRAWN:
        if one.changes is not None:
            assert one.opens is not None
            assert one.opens < one.changes
        assert one.opens is None or one.opens <= CURVE.longest


def test_five_of_a_hundred_mails_are_scanned_within_a_second() -> None:
    scans = [tempers.scan(random.Random(f"2/{i}"), CURVE) for i in range(20_000)]
    times = [at for at in scans if at is not None]

    assert abs(len(times) / len(scans) - 0.05) < 0.01
    assert max(times) <= 1.0


def test_a_changed_answer_is_another_where_there_is_one() -> None:
    rng = random.Random(3)
    others = {tempers.choose(rng, ["1", "2", "3"], besides="1") for _ in range(100)}

    assert others == {"2", "3"}
    assert tempers.choose(rng, ["1"], besides="1") == "1"
