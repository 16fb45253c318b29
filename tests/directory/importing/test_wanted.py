"""A row is read: what it says, what is cleaned with a word, what is refused with a reason."""

from __future__ import annotations

import pytest

from denrei.directory.importing import columns, wanted
from denrei.directory.importing.row import Row
from denrei.directory.importing.wanted import Reading
from denrei.domain.states import Medium


def read(**cells: str) -> Reading:
    """Read a row of these columns; name and code are there unless they are given."""
    row = {"利用者コード": "1", "氏名": "山田太郎", **cells}
    return wanted.read(Row(line=2, cells=tuple(row.values())), columns.recognize(list(row)))


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        pytest.param({"氏名": ""}, "氏名を入力", id="no name"),
        pytest.param({"氏名": "=cmd|'/C calc'!A0"}, "計算式", id="formula"),
        pytest.param({"氏名": "@SUM(A1)"}, "計算式", id="formula by @"),
        pytest.param({"氏名": "\u200b=1+1"}, "計算式", id="formula behind a zero-width space"),
        pytest.param({"ふりがな": "＋1"}, "計算式", id="formula, full width"),
        pytest.param({"連絡グループ": "1年;=1+1"}, "計算式", id="formula as a second group"),
        pytest.param({"氏名": "あ" * 101}, "100文字以内", id="long name"),
        pytest.param({"氏名": "あ" * 10_000_000}, "100文字以内", id="a cell of 10 million"),
        pytest.param({"氏名": "山\ufffd"}, "文字コード", id="undecodable"),
        pytest.param({"メールアドレス": "taro.example.jp"}, "「@」がありません", id="no address"),
        pytest.param({"電話番号": "9012345678"}, "先頭の0", id="Excel took the zero away"),
        pytest.param(
            {"携帯(SMS)": "045-123-4567"}, "SMSを受信できません", id="SMS to a fixed line"
        ),
        pytest.param({"言語": "中国語"}, "使えません", id="language"),
        pytest.param({"状態": "不明"}, "使えません", id="state"),
        pytest.param({"受信する1": "たぶん"}, "使えません", id="answer"),
        pytest.param({"利用者コード": "（削除）"}, "削除できません", id="no code any more"),
        pytest.param({"児童名": "（削除）"}, "削除できません", id="no child any more"),
        pytest.param({"利用者コード": ""}, "見分けられません", id="nobody knows who"),
    ],
)
def test_a_row_is_refused_with_a_reason(cells: dict[str, str], reason: str) -> None:
    reading = read(**cells)

    assert reading.wanted is None
    assert [one for one in reading.reasons if reason in one] == list(reading.reasons)


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    reading = read(氏名="=1", メールアドレス="x", 電話番号="1")

    assert len(reading.reasons) == 3


@pytest.mark.parametrize(
    ("name", "kept", "word"),
    [
        ("山田\x00太郎", "山田太郎", "制御文字"),
        ("山田\u202e太郎", "山田太郎", "文字の向き"),
        ("山田\u200b太郎", "山田太郎", "幅のない文字"),
        ("山田\ue000", "山田\ue000", "外字"),
    ],
    ids=["NUL", "bidirectional control", "zero width", "private use"],
)
def test_a_name_is_cleaned_with_a_word(name: str, kept: str, word: str) -> None:
    reading = read(氏名=name)

    assert reading.wanted is not None
    assert reading.wanted.name == kept
    assert word in "".join(reading.warnings)


def test_a_number_with_a_plus_is_no_formula() -> None:
    reading = read(電話番号="+81 90-1234-5678", メールアドレス="-hana..@docomo.ne.jp")

    assert reading.wanted is not None
    assert [(contact.medium, contact.address) for contact in reading.wanted.contacts] == [
        (Medium.MAIL, "-hana..@docomo.ne.jp"),
        (Medium.PHONE, "+819012345678"),
    ]


@pytest.mark.parametrize("blank", ["", "　", "-", "ー"])
def test_a_blank_cell_says_nothing(blank: str) -> None:
    reading = read(ふりがな=blank, 連絡グループ=blank, メールアドレス=blank)

    assert reading.wanted is not None
    assert (reading.wanted.kana, reading.wanted.groups, reading.wanted.contacts) == (None, None, ())


@pytest.mark.parametrize("word", ["（削除）", "(削除)"])
def test_a_word_asks_for_removal(word: str) -> None:
    reading = read(ふりがな=word, 連絡グループ=word, メールアドレス=word)

    assert reading.wanted is not None
    assert (reading.wanted.kana, reading.wanted.groups) == ("", ())
    assert [contact.address for contact in reading.wanted.contacts] == [""]


def test_several_groups_in_one_cell_count_once_each() -> None:
    reading = read(連絡グループ="1年；PTA、1年/役員会\n緑化")

    assert reading.wanted is not None
    assert reading.wanted.groups == ("1年", "PTA", "役員会", "緑化")


def test_the_same_address_twice_is_taken_once_with_a_word() -> None:
    reading = read(メールアドレス1="Taro@example.jp", メールアドレス2="taro@example.jp")

    assert reading.wanted is not None
    assert len(reading.wanted.contacts) == 1
    assert reading.warnings == ("メールアドレス2はメールアドレス1と同じため、登録しません。",)


def test_a_row_that_is_too_long_is_shifted_and_one_too_short_lacks_its_end() -> None:
    heading = columns.recognize(["利用者コード", "氏名", "備考"])
    long = wanted.read(Row(line=2, cells=("1", "山田", "太郎", "x")), heading)
    short = wanted.read(Row(line=3, cells=("1", "山田")), heading)

    assert "列がずれている" in long.reasons[0]
    assert (short.reasons, len(short.warnings)) == ((), 1)
