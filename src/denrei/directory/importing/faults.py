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
    SPREADSHEET = "a workbook, not CSV"
    BINARY = "no text"
    NO_HEADER = "the header cannot be read"
    TOO_MANY_COLUMNS = "too many columns"
    MISSING_COLUMN = "a required column is missing"
    DOUBLE_COLUMN = "two columns mean the same"
    NO_ROWS = "a header and no rows"
    OTHER_FILE = "not the file of the dry run"


#: `{detail}` names the column, where there is one.
MESSAGES = {
    FileFault.EMPTY: "ファイルが空です。名簿のCSVファイルを選んでください。",
    FileFault.SPREADSHEET: (
        "Excelブックは読み込めません。Excelで「CSV UTF-8」の形式で保存してから選んでください。"
    ),
    FileFault.BINARY: "CSVファイルではありません。名簿のCSVファイルを選んでください。",
    FileFault.NO_HEADER: '1行目の見出しを読み取れません。見出しの引用符（"）を確認してください。',
    FileFault.TOO_MANY_COLUMNS: "列が多すぎます。{detail}列以内にしてください。",
    FileFault.MISSING_COLUMN: (
        "見出しに「{detail}」の列がありません。1行目に見出しを付けてください。"
    ),
    FileFault.DOUBLE_COLUMN: "「{detail}」と読める列が2つあります。どちらかの見出しを変えてください。",
    FileFault.NO_ROWS: "見出しの下に行がありません。名簿を入力してから選んでください。",
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
