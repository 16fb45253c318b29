"""Files as programs write them: workbooks, words of the organization's own, what a page tells."""

from __future__ import annotations

from datetime import date

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization
from denrei.directory import importing
from denrei.directory.importing import Between
from denrei.directory.importing.fates import Fate, Verdict
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.models import Recipient
from tests.directory.importing.books import book
from tests.directory.importing.test_import import PEOPLE, apply, csv, dry_run


def test_a_refused_row_keeps_its_cells_to_be_corrected(school: Organization) -> None:
    good, bad, broken = dry_run(school, '利用者コード,氏名\n1,山田\n2,=1\n3,"佐藤\n')

    assert (good.cells, bad.cells, broken.cells) == ((), ("2", "=1"), ('3,"佐藤',))


def test_what_denrei_made_safe_for_a_spreadsheet_reads_as_it_was(school: Organization) -> None:
    text = "利用者コード,氏名,電話番号,ふりがな\n1,山田,'+81 90-1234-5678,'=1\n2,佐藤,'090,\n"

    first, second = dry_run(school, text)

    assert first.reasons == (
        "ふりがなが計算式の記号（=、+、-、@）で始まっています。記号を取り除いてください。",
    )
    assert second.verdict is Verdict.REFUSED


def test_a_cell_that_a_spreadsheet_could_not_compute_is_refused(school: Organization) -> None:
    (fate,) = dry_run(school, "利用者コード,氏名\n1,#N/A\n")

    assert fate.reasons[0] == "氏名がExcelのエラー（#N/A）です。正しい値を入力してください。"


@pytest.mark.spec("MSG-5", "SCH-8")
def test_an_organization_s_own_words_for_lists_are_columns(school: Organization) -> None:
    summary = apply(school, "利用者コード,氏名,学年,クラス\n1,山田,1年,1組\n", create=True)

    assert summary.columns["学年"] == "連絡グループ"
    assert summary.created == {"連絡グループ": ("1年",), "役職": ("1組",)}


@pytest.mark.spec("MSG-5")
def test_a_workbook_is_imported_as_a_file_of_text_is(school: Organization) -> None:
    file = book(
        ("利用者コード", "氏名", "携帯(SMS)", "受信する1", "メールアドレス1", "ふりがな"),
        (101, "山田太郎", "090-1234-5678", True, "taro@example.jp", None),
        ("0102", "佐藤", 9012345678, None, None, date(2026, 4, 1)),
    )

    fates: list[Fate] = []
    summary = importing.apply(school, file, fates.append)

    assert (summary.encoding, summary.written, summary.taken) == ("xlsx", True, 1)
    assert [fate.line for fate in fates] == [2, 3]
    assert fates[1].reasons == (
        "携帯(SMS)「9012345678」：電話番号が0で始まっていません。先頭の0が抜けていないか確認してください。",
    )
    assert fates[1].warnings == ("ふりがなは日付のセルです。「2026-04-01」と読みました。",)
    assert [note[:20] for note in summary.notes] == ["「利用者コード」に数値のセルがあります。"]
    with tenancy.acting_for(school.pk):
        assert Recipient.objects.get().code == "101"


def test_who_does_not_agree_to_the_fates_has_nothing_written(school: Organization) -> None:
    told: list[Fate] = []

    def agree() -> bool:
        return len(told) != 2

    summary = importing.apply(
        school, csv(PEOPLE), told.append, create_missing=True, between=Between(agree=agree)
    )

    assert (summary.written, summary.taken) == (False, 2)
    with tenancy.acting_for(school.pk):
        assert (Recipient.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_header_that_cannot_be_understood_is_told_at_once(school: Organization) -> None:
    with pytest.raises(ImportFileError) as refused:
        importing.look(school, csv("コード,メール\n1,x\n"))

    assert refused.value.fault is FileFault.MISSING_COLUMN
