"""Text that people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import text

ANY_TEXT = st.text(st.characters(exclude_categories=()))
JAPANESE = st.text(
    st.sampled_from("ヤマダﾔﾏﾀﾞﾟ゛゜ーｰがか\u3099\u309a ヷヵゞヾＡaß①㌔髙﨑𠮷\u3000\ufe00İſ")
)


@pytest.mark.parametrize(
    ("raw", "expected", "removed"),
    [
        ("山田\x00太郎", "山田太郎", ("制御文字",)),
        ("山田\x1b[0m\x9b", "山田[0m", ("制御文字",)),
        ("\u202e郎太田山\u202c", "郎太田山", ("文字の向きを変える文字",)),
        ("\u2066a\u2069\u200e\u200f", "a", ("文字の向きを変える文字",)),
        ("山\u200b田\u200c太\u200d郎\ufeff", "山田太郎", ("幅のない文字",)),
        ("山\ud842田", "山田", ("壊れた文字",)),
        ("\u3000 山田\t太郎\r\n様 ", "山田 太郎 様", ()),
        ("髙橋 﨑山 𠮷田", "髙橋 﨑山 𠮷田", ()),
        ("葛\U000e0100飾区 辻\ufe00", "葛\U000e0100飾区 辻\ufe00", ()),
        ("👨‍👩‍👧 👩🏽‍🚒 🏳️‍🌈", "👨‍👩‍👧 👩🏽‍🚒 🏳️‍🌈", ()),
        ("\x00\u200b\u202a", "", ("制御文字", "文字の向きを変える文字", "幅のない文字")),
    ],
)
def test_clean_takes_out_what_nobody_sees_and_leaves_names_alone(
    raw: str, expected: str, removed: tuple[str, ...]
) -> None:
    assert text.Cleaned(text=expected, removed=removed) == text.clean(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("一行目\r\n二行目\r三行目\u2028四行目\v五行目", "一行目\n二行目\n三行目\n四行目\n五行目"),
        ("\n \n\u3000本日は休校です。\n\n", "\u3000本日は休校です。"),
        ("a\tb", "a\tb"),
    ],
)
def test_a_text_of_several_lines_keeps_its_lines_tabs_and_indent(raw: str, expected: str) -> None:
    assert expected == text.clean(raw, multiline=True).text


@given(ANY_TEXT, st.booleans())
def test_cleaning_twice_changes_nothing(raw: str, multiline: bool) -> None:
    once = text.clean(raw, multiline=multiline).text
    again = text.clean(once, multiline=multiline)

    assert text.Cleaned(text=once, removed=()) == again
    once.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾔﾏﾀﾞ", "やまだ"),
        ("ヤマダ", "やまだ"),
        ("か゛", "が"),
        ("サーバー", "サーバ"),
        ("山田\u3000太郎", "山田太郎"),
        ("ＴＡＲＯ", "taro"),
        ("髙橋", "高橋"),
        ("渡邊", "渡辺"),
        ("葛\U000e0100城", "葛城"),
        ("０９０", "090"),
        ("①", "1"),
        ("Straße", "STRASSE"),
    ],
)
def test_a_search_finds_either_way_of_writing(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


@given(ANY_TEXT | JAPANESE)
def test_folding_twice_changes_nothing(raw: str) -> None:
    once = text.fold(raw)

    assert once == text.fold(once)


@given(JAPANESE, JAPANESE)
def test_part_of_a_text_is_found_in_it(before: str, after: str) -> None:
    assert text.fold("やまだ") in text.fold(f"{before} ﾔﾏﾀﾞ 太郎{after}")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", 0),
        ("abc", 3),
        ("a\r\nb", 3),
        ("山田太郎", 4),
        ("𠮷野家", 3),
        ("葛\U000e0100飾", 2),
        ("か\u3099", 1),
        ("ﾀﾞ", 2),
        ("e\u0301\u0323", 1),
        ("👨‍👩‍👧", 1),
        ("👍🏽", 1),
        ("☎️", 1),
        ("🇯🇵🇺🇸", 2),
        ("🇯🇵🇺", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
        ("각", 1),
        ("각".encode().decode(), 1),
        (unicodedata.normalize("NFD", "각"), 1),
        ("\u200dあ", 1),
        ("あ\u200b", 1),
    ],
)
def test_length_counts_what_people_see(raw: str, expected: int) -> None:
    assert expected == text.length(raw)


def test_a_heap_of_marks_counts() -> None:
    assert (1, 2, 3) == tuple(text.length("e" + "\u0301" * marks) for marks in (30, 31, 32))


@given(ANY_TEXT)
def test_length_never_exceeds_the_code_points(raw: str) -> None:
    assert 0 <= text.length(raw) <= len(raw)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+81", "-5", "@SUM(A1)", "\tx", "\r=1", "＝1", " \u3000=1", "－", "＠a"]
)
def test_a_cell_that_starts_like_a_formula_is_told(cell: str) -> None:
    assert text.is_formula(cell)


@pytest.mark.parametrize("cell", ["", "山田", "a=1", "1-2", "090-1234-5678", " a"])
def test_other_cells_are_no_formulas(cell: str) -> None:
    assert not text.is_formula(cell)
