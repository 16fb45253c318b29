"""When results are recorded: in batches that pay, soon enough, and never so late that nothing goes on."""

from __future__ import annotations

import pytest

from denrei.deliveries.connection import clock
from denrei.deliveries.dispatch.hands import Hands
from denrei.deliveries.dispatch.held import Held, Result
from denrei.deliveries.dispatch.recorder import FLUSH_SECONDS, due
from denrei.domain.states import State

_WINDOW = 40


def _held(results: int, left: int, *, age: float = 0.0) -> Held:
    held = Held(
        organization=1, id=1, broadcast=1, wave=1, generation=1, priority=5, deadline=clock() + 9
    )
    for number in range(results):
        held.came_to(Result(number, State.ACCEPTED))
    held.left = left
    held.oldest -= age
    return held


@pytest.mark.parametrize(
    ("results", "left", "age", "is_due"),
    [
        (19, 90, 0.0, False),  # more are coming
        (19, 90, FLUSH_SECONDS, True),  # but not in time
        (20, 90, 0.0, True),  # half a window
        (3, 3, 0.0, True),  # the last of the chunk
        (0, 90, 0.0, True),  # nothing to write, perhaps something to let go of
    ],
)
def test_a_chunk_is_recorded_when(results: int, left: int, age: float, is_due: bool) -> None:
    held = _held(results, left, age=age)
    hands = Hands(owing={held}, unrecorded=results)

    assert due(hands, _WINDOW, clock()) == ([held] if is_due else [])


def test_where_nothing_more_may_be_released_the_largest_is_recorded() -> None:
    few, more = _held(1, 90), _held(3, 90)
    hands = Hands(owing={few, more}, unrecorded=_WINDOW)

    assert due(hands, _WINDOW, clock()) == [more]


@pytest.mark.parametrize(
    ("results", "in_flight", "owes"),
    [
        (4, 36, True),  # nothing waits: the channel runs dry
        (3, 37, False),  # too few, they come in time
        (4, 0, True),  # nothing is on the way either
    ],
)
def test_where_the_channel_runs_dry_a_tenth_of_a_window_is_enough(
    results: int, in_flight: int, owes: bool
) -> None:
    held = _held(results, 90)
    full = Hands(owing={held}, unrecorded=_WINDOW, in_flight=in_flight)
    roomy = Hands(owing={held}, unrecorded=_WINDOW - 1, in_flight=in_flight)

    assert (owes, False) == (full.owes(held, _WINDOW), roomy.owes(held, _WINDOW))


def test_a_new_batch_is_as_old_as_its_first_result() -> None:
    held = _held(2, 9)
    first = held.oldest
    held.came_to(Result(3, State.ACCEPTED))

    assert held.oldest == first
