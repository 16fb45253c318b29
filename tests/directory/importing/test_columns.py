"""A header is understood in the words that people use."""

from __future__ import annotations

import pytest

from denrei.directory.importing.columns import COLUMNS, MAX_COLUMNS, Field, recognize
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.domain import text


@pytest.mark.parametrize(
    ("title", "field", "slot"),
    [
        ("利用者コード", Field.CODE, 0),
        ("社員番号（必須）", Field.CODE, 0),
        ("フリガナ", Field.KANA, 0),
        ("ﾌﾘｶﾞﾅ", Field.KANA, 0),
        ("氏名（カナ）", Field.KANA, 0),
        ("メールアドレス", Field.MAIL, 1),
        ("メールアドレス２", Field.MAIL, 2),
        ("E-Mail 4", Field.MAIL, 4),
        ("携帯(SMS)1", Field.SMS, 1),
        ("携帯（ＳＭＳ）", Field.SMS, 1),
        ("電話番号3", Field.PHONE, 3),
        ("受信する2", Field.RECEIVES, 2),
        ("児童名 2", Field.CHILD, 2),
        (" 連絡グループ ", Field.GROUPS, 0),
    ],
)
def test_a_title_is_understood(title: str, field: Field, slot: int) -> None:
    titles = ["氏名", title]

    assert recognize(titles).places[field, slot].index == 1


@pytest.mark.parametrize(
    "title", ["備考", "メールアドレス5", "メールアドレス0", "利用者コード2", ""]
)
def test_a_title_that_says_nothing_to_us_is_told_and_ignored(title: str) -> None:
    heading = recognize(["氏名", title])

    assert heading.unknown == (title or "2列目（見出しなし）",)


def test_without_the_required_column_there_is_one_clear_error() -> None:
    with pytest.raises(ImportFileError, match="「氏名」の列がありません") as refused:
        recognize(["利用者コード", "メールアドレス"])

    assert refused.value.fault is FileFault.MISSING_COLUMN


def test_two_columns_that_mean_the_same_are_refused() -> None:
    with pytest.raises(ImportFileError, match="メールアドレス1"):
        recognize(["氏名", "メール", "メールアドレス1"])


def test_forty_columns_too_many_are_ignored_and_thousands_refused() -> None:
    titles = ["氏名", *(f"列{number}" for number in range(40))]

    assert len(recognize(titles).unknown) == 40
    with pytest.raises(ImportFileError, match=f"{MAX_COLUMNS}列以内"):
        recognize(titles * 100)


def test_no_word_stands_for_two_columns() -> None:
    words = [text.fold(word) for column in COLUMNS for word in (column.title, *column.synonyms)]

    assert sorted(words) == sorted(set(words))
