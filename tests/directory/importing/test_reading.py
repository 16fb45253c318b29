"""Bytes become rows, whatever program wrote them."""

from __future__ import annotations

import io

import pytest

from denrei.directory.importing import reading
from denrei.directory.importing.faults import FileFault, ImportFileError

HEADER = "利用者コード,氏名"


def read(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """Return (line, cells) of each row; a row that cannot be read has its reason as its cell."""
    file = io.BytesIO(data)
    with reading.opened(file, reading.survey(file)) as source:
        return [(row.line, (row.reason,) if row.reason else row.cells) for row in source.rows]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        pytest.param("utf-8", "utf-8", id="UTF-8"),
        pytest.param("utf-8-sig", "utf-8-sig", id="UTF-8 with a BOM"),
        pytest.param("cp932", "cp932", id="CP932, as Excel saves CSV"),
        pytest.param("utf-16", "utf-16", id="UTF-16 with a BOM"),
    ],
)
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "CR"])
def test_encodings_and_line_ends(encoding: str, named: str, newline: str) -> None:
    data = f"{HEADER}{newline}1,髙橋①{newline}".encode(encoding)

    assert reading.survey(io.BytesIO(data)).encoding == named
    assert read(data) == [(1, ("利用者コード", "氏名")), (2, ("1", "髙橋①"))]


def test_the_unicode_text_of_excel_is_separated_by_tabs() -> None:
    data = "利用者コード\t氏名\r\n1\t山田, 太郎\r\n".encode("utf-16")

    assert read(data)[1] == (2, ("1", "山田, 太郎"))


def test_lines_are_counted_as_an_editor_does_through_quoted_line_breaks() -> None:
    data = f'{HEADER}\r\n1,"山田\r\n太郎"\r\n\r\n2,佐藤\r\n'.encode()

    assert read(data)[1:] == [(2, ("1", "山田\r\n太郎")), (5, ("2", "佐藤"))]


def test_a_quotation_mark_that_is_never_closed_costs_its_row_alone() -> None:
    rest = [f"{number},氏名{number}" for number in range(3, 200)]
    data = "\n".join([HEADER, '2,"山田', *rest]).encode()

    rows = read(data)

    assert rows[1] == (2, (reading.QUOTES_UNBALANCED,))
    assert rows[2:] == [(n, (str(n), f"氏名{n}")) for n in range(3, 200)]


def test_a_line_without_end_costs_its_row_alone() -> None:
    data = f"{HEADER}\n1,{'あ' * 4_000_000}\n2,佐藤\n".encode()

    assert read(data)[1:] == [(2, (reading.LINE_TOO_LONG,)), (3, ("2", "佐藤"))]


def test_bytes_of_another_encoding_in_the_middle_leave_the_rest_readable() -> None:
    lines = [HEADER, "1,山田", "2,佐藤", "3,鈴木"]
    data = b"\n".join(line.encode("cp932" if line.startswith("2") else "utf-8") for line in lines)

    cells = [row[1] for row in read(data)]

    assert reading.UNDECODABLE in cells[2][1]
    assert (cells[1], cells[3]) == (("1", "山田"), ("3", "鈴木"))


def test_a_character_cut_off_at_the_end_leaves_the_rest_readable() -> None:
    data = f"{HEADER}\n1,山田\n2,佐藤".encode("cp932")[:-1]

    assert read(data)[1] == (2, ("1", "山田"))


def test_blank_rows_are_left_out() -> None:
    assert read(f"\n,,\n{HEADER}\n \n".encode()) == [(3, ("利用者コード", "氏名"))]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        pytest.param(b"", FileFault.EMPTY, id="nothing"),
        pytest.param(b"\r\n \n", FileFault.EMPTY, id="blank lines"),
        pytest.param(b"PK\x03\x04\x14\x00", FileFault.BROKEN_BOOK, id="a cut workbook"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", FileFault.SPREADSHEET, id="xls"),
        pytest.param(b"\x89PNG\r\n\x1a\n", FileFault.BINARY, id="PNG"),
        pytest.param(b"%PDF-1.7", FileFault.BINARY, id="PDF"),
    ],
)
def test_what_is_no_text_is_refused_as_a_whole(data: bytes, fault: FileFault) -> None:
    with pytest.raises(ImportFileError) as refused:
        reading.survey(io.BytesIO(data))

    assert refused.value.fault is fault


def test_the_file_stays_open_and_its_digest_is_that_of_its_bytes() -> None:
    file = io.BytesIO(f"{HEADER}\n1,山田\n".encode())

    surveyed = reading.survey(file)
    with reading.opened(file, surveyed) as source:
        next(source.rows)

    assert not file.closed
    assert surveyed.digest == reading.survey(file).digest
