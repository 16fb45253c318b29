"""Workbooks of ours, read by openpyxl."""

from __future__ import annotations

import io
import warnings
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.directory.importing import sheet_cells
from denrei.domain import workbooks


def read(content: bytes) -> list[tuple[str, ...]]:
    """Return the texts of the first sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        return [tuple(map(sheet_cells.text_of, row)) for row in sheet.iter_rows()]


def book(*pieces: list[list[str]]) -> bytes:
    return b"".join(workbooks.written(pieces))


@pytest.mark.spec("MSG-5")
def test_pieces_become_rows_of_one_sheet() -> None:
    content = book([["氏名", "番号"]], [["髙﨑 𠮷子", "0012"], ["", "x"]], [])

    assert read(content) == [("氏名", "番号"), ("髙﨑 𠮷子", "0012"), ("", "x")]


@pytest.mark.spec("MSG-5")
@pytest.mark.parametrize("cell", ["=1+1", "+81 90", "-1", "@SUM(A1)", '=HYPERLINK("x")', "'=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book([[cell]]))).worksheets[0]
    found = sheet["A1"]

    assert (found.value, found.data_type, found.quotePrefix, found.number_format) == (
        cell,
        "s",
        True,
        "@",
    )


@pytest.mark.spec("MSG-5")
@given(
    st.lists(
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t_x0041<>&'\""),
            min_size=1,
        ).filter(lambda text: "\ufffe" not in text and "\uffff" not in text),
        min_size=1,
        max_size=30,
    )
)
def test_what_is_read_is_what_was_written(cells: list[str]) -> None:
    assert read(book([cells])) == [tuple(cells)]


def test_what_xml_cannot_write_is_left_out() -> None:
    assert read(book([["a\x00b\ud800c"]])) == [("abc",)]


@pytest.mark.parametrize(
    ("rows", "length", "expected"),
    [
        (1_000_000, 1_000, True),
        (1_000_000, 2_000, False),
        (100_000, 18_000, True),
        (1 << 20, 1, False),
    ],
)
def test_the_room_of_a_sheet_is_told_by_some_of_its_rows(
    rows: int, length: int, expected: bool
) -> None:
    assert workbooks.has_room(rows, [["a" * length], ["b" * length]]) is expected


def test_zipfile_needs_no_extensions_below_the_room_of_a_sheet() -> None:
    assert workbooks.MOST_BYTES <= zipfile.ZIP64_LIMIT


@pytest.mark.parametrize(
    ("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_letters(place: int, letters: str) -> None:
    assert workbooks._column(place) == letters
