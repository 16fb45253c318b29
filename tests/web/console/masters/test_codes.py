"""The code that a form proposes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.web.console.masters import codes

CODES = st.sets(st.text("0123456789G-", min_size=1, max_size=codes.LONGEST))


@pytest.mark.spec("MSG-1")
@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], "1"),
        (["1", "2"], "3"),
        (["1", "5"], "6"),
        (["01", "09"], "10"),
        (["007", "8"], "9"),
        (["G01", "G02", "役員"], "G03"),
        (["役員"], "1"),
        (["9" * 20], "1"),
    ],
)
def test_the_number_after_the_last_is_proposed(taken: list[str], expected: str) -> None:
    assert expected == codes.propose(taken, fill_gaps=False)


@pytest.mark.parametrize(
    ("taken", "expected"), [(["1", "3"], "2"), (list("123456789"), "10"), (["A"], "1")]
)
def test_the_lowest_free_key_of_a_telephone_is_proposed(taken: list[str], expected: str) -> None:
    assert expected == codes.propose(taken, fill_gaps=True)


@given(CODES, st.booleans())
def test_what_is_proposed_is_free_and_fits(taken: set[str], fill_gaps: bool) -> None:
    proposed = codes.propose(taken, fill_gaps=fill_gaps)

    assert proposed not in taken
    assert 1 <= len(proposed) <= codes.LONGEST
