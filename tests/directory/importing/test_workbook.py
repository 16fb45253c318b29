"""Workbooks of Excel: rows as their writer sees them; what is none, or hostile, is refused."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from denrei.directory.importing import reading, workbook
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.importing.row import Row
from tests.directory.importing.books import book, cell, crafted, saved

HEADER = ("利用者コード", "氏名")
MOMENT = datetime(2026, 4, 1, 9, 30)  # noqa: DTZ001  # a cell has no time zone


def rows_of(file: io.BytesIO) -> list[Row]:
    with reading.opened(file, reading.survey(file)) as source:
        return list(source.rows)


def fault_of(file: io.BytesIO) -> FileFault:
    with pytest.raises(ImportFileError) as refused:
        rows_of(file)
    return refused.value.fault


@pytest.mark.parametrize(
    ("value", "written_as", "shown"),
    [
        pytest.param("髙﨑𠮷", None, "髙﨑𠮷", id="text"),
        pytest.param("001", None, "001", id="text that looks like a number"),
        pytest.param(101, None, "101", id="a number, without .0"),
        pytest.param(101.0, None, "101", id="a number with a fraction of nothing"),
        pytest.param(1.5, None, "1.5", id="a fraction"),
        pytest.param(101, "000000", "000101", id="zeros by the format"),
        pytest.param(9012345678, "000-0000-0000", "090-1234-5678", id="a phone by the format"),
        pytest.param(date(2026, 4, 1), None, "2026-04-01", id="a date"),
        pytest.param(MOMENT, None, "2026-04-01 09:30", id="a moment"),
        pytest.param(time(9, 30), None, "09:30:00", id="a time"),
        pytest.param(True, None, "TRUE", id="a truth"),
        pytest.param("一\n二", None, "一\n二", id="two lines"),
        pytest.param("一_x000D_二", None, "一\r二", id="an escaped character"),
        pytest.param(None, None, "", id="nothing"),
    ],
)
def test_a_cell_reads_as_its_writer_sees_it(
    value: object, written_as: str | None, shown: str
) -> None:
    file = book(HEADER, (value, "x"), formats={"A2": written_as} if written_as else None)

    assert rows_of(file)[1].cells[:2] == (shown, "x")


def test_lines_are_the_numbers_that_the_spreadsheet_shows() -> None:
    file = book((), HEADER, ("1", "山田"), (), (None, " "), ("2", "佐藤"))

    assert [(row.line, row.cells[:2]) for row in rows_of(file)] == [
        (2, HEADER),
        (3, ("1", "山田")),
        (6, ("2", "佐藤")),
    ]


def test_numbers_that_lost_their_zeros_and_dates_are_marked() -> None:
    file = book(HEADER, (101, date(2026, 1, 2)), ("0101", "山田"))

    row, text = rows_of(file)[1:]

    assert (row.numbers, row.dates) == ({0}, {1})
    assert (text.numbers, text.dates) == (set(), set())


def test_a_row_that_is_longer_than_the_header_is_seen_to_be() -> None:
    row = rows_of(book(HEADER, ("1", "山田", "太郎")))[1]

    assert row.cells == ("1", "山田", "太郎")


def test_the_first_sheet_that_is_shown_is_read_and_the_others_are_told() -> None:
    made = Workbook()
    made.worksheets[0].sheet_state = "hidden"
    made.create_sheet("名簿").append(HEADER)
    made.create_sheet("メモ")
    file = saved(made)

    with reading.opened(file, reading.survey(file)) as source:
        assert next(source.rows).cells == HEADER
        assert source.notes == ("最初のシート「名簿」を読みました。ほかの1枚は読みません。",)


def test_how_many_rows_there_are_is_known_before_they_are_read() -> None:
    file = book(HEADER, ("1", "山田"), ("2", "佐藤"))

    with reading.opened(file, reading.survey(file)) as source:
        assert source.expected == 3


def archive(**parts: str) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return file


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        pytest.param(archive(xl__workbook_bin=""), FileFault.SPREADSHEET, id="xlsb"),
        pytest.param(archive(content_xml=""), FileFault.SPREADSHEET, id="ods"),
        pytest.param(archive(word__document_xml=""), FileFault.BINARY, id="docx"),
        pytest.param(archive(xl__workbook_xml=""), FileFault.BROKEN_BOOK, id="an empty part"),
        pytest.param(
            io.BytesIO(
                b"\xd0\xcf\x11\xe0" + bytes(70_000) + "EncryptedPackage".encode("utf-16-le")
            ),
            FileFault.LOCKED,
            id="behind a password",
        ),
        pytest.param(
            crafted("", {"xl/sharedStrings.xml": bytes(workbook.MAX_PART + 1)}),
            FileFault.BOOK_TOO_LARGE,
            id="a part that unpacks to too much",
        ),
        pytest.param(
            crafted("", {f"xl/worksheets/{'s' * 60_000}{n}.xml": "" for n in range(20)}),
            FileFault.BOOK_TOO_LARGE,
            id="a directory without end",
        ),
        pytest.param(
            crafted(
                "",
                {
                    "xl/workbook.xml": '<!DOCTYPE w [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
                    '<workbook xmlns="x">&b;</workbook>'
                },
            ),
            FileFault.BROKEN_BOOK,
            id="entities",
        ),
        pytest.param(
            crafted('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
            FileFault.BROKEN_BOOK,
            id="a text that is not there",
        ),
    ],
)
def test_what_is_no_workbook_or_a_bomb_is_refused(file: io.BytesIO, fault: FileFault) -> None:
    assert fault_of(file) is fault


def test_a_cell_at_the_far_end_of_the_sheet_costs_nothing() -> None:
    far = cell("XFD1", "遠い")
    file = crafted(
        f'<row r="1">{cell("A1", "氏名")}{far}</row><row r="999999999">{cell("A999999999", "x")}</row>'
    )

    assert [row.cells for row in rows_of(file)] == [("氏名",)]


def test_a_sheet_is_too_large_before_it_is_unpacked() -> None:
    file = crafted("")
    data = bytearray(file.getvalue())
    at = data.find(b"PK\x01\x02", data.find(b"sheet1.xml", data.find(b"PK\x01\x02")) - 60)
    data[at + 24 : at + 28] = (workbook.MAX_SHEET + 1).to_bytes(4, "little")

    assert fault_of(io.BytesIO(bytes(data))) is FileFault.BOOK_TOO_LARGE


HONEST = book(HEADER, ("1", "山田"), (2, date(2026, 4, 1))).getvalue()


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_workbook_gives_rows_or_the_documented_error(data: st.DataObject) -> None:
    damaged = bytearray(HONEST)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    file = io.BytesIO(bytes(damaged))

    with contextlib.suppress(ImportFileError):
        rows_of(file)
