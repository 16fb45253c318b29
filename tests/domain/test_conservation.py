"""The two equations of a broadcast."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain.conservation import Deliveries, People
from denrei.domain.states import Grade, State

COUNT = st.integers(0, 1_000_000)


@pytest.mark.spec("NEW-1")
def test_the_people_of_a_broadcast_in_one_line() -> None:
    people = People.counted(
        412,
        {
            Grade.ANSWERED: 300,
            Grade.READ: 10,
            Grade.DEVICE: 20,
            Grade.HANDED_OVER: 50,
            Grade.UNREACHED: 30,
            Grade.NO_CONTACT: 2,
        },
    )

    assert people.equation() == "対象 412 = 回答 300 + 到達のみ 80 + 未到達 30 + 連絡先なし 2"
    assert people.holds


@pytest.mark.spec("NEW-1")
def test_the_deliveries_of_a_broadcast_in_one_line() -> None:
    deliveries = Deliveries.counted(
        1_000_055,
        {state: 1 + state for state in State if state is not State.WAITING}
        | {State.WAITING: 1_000_001},
        in_work=500,
    )

    assert deliveries.equation() == (
        "全配信 1,000,055 = 送信待ち 999,501 + 処理中 500 + 引渡し 2 + 到達 3 + 失敗 18"
        " + 期限切れ・不明 17 + 抑止 8 + 取消 6"
    )
    assert deliveries.holds


@pytest.mark.spec("NEW-1")
@given(st.dictionaries(st.sampled_from(Grade), COUNT), COUNT)
def test_every_grade_counts_once(grades: dict[Grade, int], lost: int) -> None:
    people = People.counted(sum(grades.values()) + lost, grades)

    assert lost == people.difference
    assert people.holds == (lost == 0)
    assert ("=" in people.equation()) == people.holds


@pytest.mark.spec("NEW-1")
@given(st.dictionaries(st.sampled_from(State), COUNT), COUNT, COUNT)
def test_every_state_counts_once(states: dict[State, int], in_work: int, lost: int) -> None:
    deliveries = Deliveries.counted(sum(states.values()) + lost, states, in_work)

    assert lost == deliveries.difference
    assert deliveries.holds == (lost == 0 and in_work <= states.get(State.WAITING, 0))


@pytest.mark.spec("NEW-1")
def test_a_difference_shows_in_the_line() -> None:
    people = People.counted(3, {Grade.ANSWERED: 1, Grade.UNREACHED: 1})

    assert people.equation() == "対象 3 ≠ 回答 1 + 到達のみ 0 + 未到達 1 + 連絡先なし 0"
    assert (people.difference, people.holds) == (1, False)


@pytest.mark.spec("NEW-1")
def test_more_in_work_than_waiting_does_not_hold() -> None:
    deliveries = Deliveries.counted(5, {State.WAITING: 5}, in_work=6)

    assert (deliveries.difference, deliveries.holds) == (0, False)
