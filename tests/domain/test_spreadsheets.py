"""Cells for spreadsheets: none is run, each comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import spreadsheets, text


@given(cell=st.text(alphabet=st.one_of(st.sampled_from("'=+-@＝ \t"), st.characters())))
def test_no_written_cell_is_a_formula_and_each_comes_back(cell: str) -> None:
    written = spreadsheets.written(cell)

    assert not text.is_formula(written)
    assert spreadsheets.read(written) == cell


@pytest.mark.parametrize("cell", ["山田太郎", "'90年代", "090-1234-5678", ""])
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert (spreadsheets.written(cell), spreadsheets.read(cell)) == (cell, cell)
