"""Garbage is found, never an error."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.proof.forging import BROADCAST, PERSON, broken, lines, proven, rows, written

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
SMALL = st.integers(-2, 70) | st.text("0123456789abcdef", max_size=64) | st.booleans() | st.none()


@given(st.binary())
def test_any_bytes_are_refused(content: bytes) -> None:
    assert {"unreadable"} == broken(content)


@given(st.lists(st.sampled_from(lines(BROADCAST) + lines(PERSON)) | st.binary(max_size=80)))
def test_lines_in_any_order_are_refused(found: list[bytes]) -> None:
    assert broken(b"".join(found)) or b"".join(found) in (BROADCAST, PERSON)


@given(st.sampled_from([BROADCAST, PERSON]), st.data())
def test_rows_with_any_values_never_break_the_verifier(content: bytes, data: st.DataObject) -> None:
    given_rows = rows(content)
    for _ in range(data.draw(st.integers(1, 4))):
        row: dict[str, Any] = data.draw(st.sampled_from(given_rows[:-1]))
        name = data.draw(st.sampled_from(sorted(row)))
        row[name] = data.draw(SMALL | JSON)
        if not isinstance(row["row"], str):
            row["row"] = "person"

    assert broken(written(given_rows)) is not None


@given(st.sampled_from([BROADCAST, PERSON]), st.data())
def test_ends_with_any_values_never_break_the_verifier(content: bytes, data: st.DataObject) -> None:
    given_rows = rows(content)
    given_rows[-1][data.draw(st.sampled_from(["key", "signature"]))] = data.draw(SMALL | JSON)

    assert {"signature"} & broken(written(given_rows, signed=False))


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    given_rows = rows(BROADCAST)
    given_rows[0]["organization"] = "市\x1b[2J\u202e"

    assert proven(written(given_rows)).subject.startswith("市?[2J?　連絡番号")


def test_a_line_that_no_parser_survives_is_one_that_can_t_be_read() -> None:
    start = lines(BROADCAST)[0]
    prefix = b'{"n":2,"chain":"0000000000000000",'
    for rest in (
        b'"a":' + b"[" * 100_000,
        b'"a":' + b"9" * 5_000 + b"}",
        b'"row":"look","look":1,"look":1,"delivery":1}',
        b'"row":"wave","wave":NaN}',
        b'"row":"\xff"}',
    ):
        report = proven(start + prefix + rest + b"\n")
        assert "2行目：行を最後まで読めません" in report.findings[0].details


def test_half_a_letter_can_t_have_been_sealed() -> None:
    given_rows = rows(BROADCAST)
    attempt = next(row for row in given_rows if row["row"] == "attempt")
    attempt["reply"] = "HALF"
    content = written(given_rows).replace(b"HALF", b"\\ud800")

    assert {"file", "rows", "seals", "signature"} == broken(content)
