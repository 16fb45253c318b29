"""What can be wrong with a whole file, and the errors that an import raises.

PeopleImportError
    ImportFileError      the file cannot be imported at all; `fault` says why
    ImportConflictError  the address book changed under the import; nothing was written

What is wrong with one row is a reason of its fate, never an error.
"""

from __future__ import annotations

from enum import StrEnum


class FileFault(StrEnum):
    """Why a file cannot be imported at all; stable, the words are in `MESSAGES`."""

    EMPTY = "empty"
    TOO_LARGE = "too many bytes"
    SPREADSHEET = "a workbook of a kind that is not read"
    LOCKED = "a workbook behind a password"
    BROKEN_BOOK = "a broken workbook"
    BOOK_TOO_LARGE = "a workbook that unpacks to too much"
    NO_SHEET = "a workbook without a visible sheet"
    BINARY = "no text"
    NO_HEADER = "the header cannot be read"
    TOO_MANY_COLUMNS = "too many columns"
    MISSING_COLUMN = "a required column is missing"
    DOUBLE_COLUMN = "two columns mean the same"
    NO_ROWS = "a header and no rows"
    OTHER_FILE = "not the file of the dry run"
    FORGOTTEN = "kept no longer"


#: `{detail}` names the column, where there is one.
MESSAGES = {
    FileFault.EMPTY: "ファイルが空です。名簿のCSVファイルかExcelブックを選んでください。",
    FileFault.TOO_LARGE: (
        "ファイルが大きすぎます。{detail}MB以内にしてください。名簿を所属などで分けて取り込めます。"
    ),
    FileFault.SPREADSHEET: (
        "この形式のブックは読み込めません。Excelで「Excelブック（.xlsx）」か「CSV UTF-8」の形式で保存してから選んでください。"
    ),
    FileFault.LOCKED: (
        "パスワードで保護されたExcelブックは読み込めません。保護を外して保存してから選んでください。"
    ),
    FileFault.BROKEN_BOOK: (
        "Excelブックが壊れているため、読み込めません。Excelで開いて保存し直すか、「CSV UTF-8」の形式で保存してから選んでください。"
    ),
    FileFault.BOOK_TOO_LARGE: (
        "Excelブックの中身が大きすぎます。不要なシートを除くか、「CSV UTF-8」の形式で保存してから選んでください。"
    ),
    FileFault.NO_SHEET: (
        "Excelブックに表示中のシートがありません。名簿のシートを表示してから保存してください。"
    ),
    FileFault.BINARY: (
        "CSVファイルでもExcelブックでもありません。名簿のCSVファイルかExcelブックを選んでください。"
    ),
    FileFault.NO_HEADER: '1行目の見出しを読み取れません。見出しの引用符（"）を確認してください。',
    FileFault.TOO_MANY_COLUMNS: "列が多すぎます。{detail}列以内にしてください。",
    FileFault.MISSING_COLUMN: (
        "見出しに「{detail}」の列がありません。1行目に見出しを付けてください。"
    ),
    FileFault.DOUBLE_COLUMN: "「{detail}」と読める列が2つあります。どちらかの見出しを変えてください。",
    FileFault.NO_ROWS: "見出しの下に行がありません。名簿を入力してから選んでください。",
    FileFault.FORGOTTEN: "ファイルを預かる期間が過ぎました。もう一度ファイルを選んでください。",
    FileFault.OTHER_FILE: "確認したファイルと内容が異なります。もう一度確認からやり直してください。",
}


class PeopleImportError(Exception):
    """An import did not happen; nothing was written."""


class ImportFileError(PeopleImportError):
    """The file cannot be imported at all; `fault` says why, `str()` gives the words for people."""

    def __init__(self, fault: FileFault, detail: object = "") -> None:
        super().__init__(MESSAGES[fault].format(detail=detail))
        self.fault = fault


class ImportConflictError(PeopleImportError):
    """Somebody changed the same people while the import ran."""

    def __init__(self) -> None:
        super().__init__("取り込みの間に名簿が変更されました。もう一度確認からやり直してください。")
