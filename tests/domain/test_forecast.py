"""How long until so many people were handed a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import forecast
from denrei.domain.forecast import CALL_SECONDS, Flow, Mark, Source, Speed
from denrei.domain.states import Medium

pytestmark = pytest.mark.spec("NEW-6")


def flow(people: int, rate: float = 10.0, **changes: float) -> Flow:
    """Return a flow of mails; as many contacts as people unless told."""
    return Flow(
        medium=Medium.MAIL,
        speed=Speed(per_second=rate, source=Source.CONTRACT),
        people=people,
        contacts=int(changes.get("contacts", people)),
        after_seconds=changes.get("after", 0.0),
    )


def seconds(flows: list[Flow], people: int) -> list[float | None]:
    """Return the times of the marks."""
    return [mark.seconds for mark in forecast.marks(flows, people)]


def test_one_medium_works_evenly() -> None:
    assert [50.0, 80.0, 95.0] == seconds([flow(1000)], 1000)


def test_several_contacts_of_a_person_take_longer() -> None:
    assert [100.0, 160.0, 190.0] == seconds([flow(1000, contacts=2000)], 1000)


def test_a_later_medium_adds_its_people_after_its_wait() -> None:
    # 600 by mail within a minute, 400 by SMS from 300 s on, ten a second
    assert [50.0, 320.0, 335.0] == seconds([flow(600), flow(400, after=300)], 1000)


def test_media_that_overlap_add_up() -> None:
    assert [25.0, 40.0, 47.5] == seconds([flow(500), flow(500)], 1000)


def test_a_share_that_too_few_can_be_reached_for_has_no_time() -> None:
    found = forecast.marks([flow(900)], 1000)

    assert Mark(share=95, people=950, seconds=None) == found[2]
    assert found[1].seconds == 80.0


def test_nobody_needs_no_time() -> None:
    assert [None, None, None] == seconds([], 0)


def test_a_round_of_calls_is_calls_by_lines() -> None:
    calls = Flow(
        medium=Medium.PHONE, speed=forecast.calling(24, rounds=2), contacts=720, people=720
    )

    assert calls.ends == pytest.approx(720 * CALL_SECONDS / 24)
    assert (24, 2, Source.LINES) == (calls.speed.lines, calls.speed.rounds, calls.speed.source)


flows = st.lists(
    st.builds(
        lambda people, more, rate, after: flow(people, rate, contacts=people + more, after=after),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.floats(0.01, 1000),
        st.floats(0, 3600),
    ),
    max_size=4,
)


@given(flows, st.integers(0, 50_000))
def test_greater_shares_come_later_and_are_reached_then(given: list[Flow], people: int) -> None:
    found = forecast.marks(given, people)
    times = [mark.seconds for mark in found if mark.seconds is not None]

    assert sorted(times) == times
    for mark in found:
        if mark.seconds is not None:
            done = sum(flow.handed_over(mark.seconds) for flow in given)
            assert done == pytest.approx(mark.people, rel=1e-6, abs=1e-6) or done > mark.people
