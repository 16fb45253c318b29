"""The columns of a people file, as data: what each is called, how long a cell may be.

A header is compared folded: width, case, kana and spaces make no difference. A column marked with
`slots` may stand several times with a number at its end (メールアドレス1, メールアドレス2); without
one it is the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.domain import text

#: Addresses, numbers and children of one person (SCH-3: up to four addresses).
SLOTS = 4
MAX_COLUMNS = 200


class Field(StrEnum):
    """What a column says about a person."""

    #: The organization's own number for the person: by it people are recognized.
    CODE = "code"
    NAME = "name"
    KANA = "kana"
    UNIT_CODE = "unit code"
    UNIT_NAME = "unit name"
    #: Codes or names, several separated by ; 、 / or a line break.
    GROUPS = "groups"
    POSITIONS = "positions"
    HOUSEHOLD = "household"
    LANGUAGE = "language"
    STATE = "state"
    MAIL = "mail"
    #: Whether the mail address of that slot receives broadcasts (SCH-4).
    RECEIVES = "receives"
    SMS = "sms"
    PHONE = "phone"
    CHILD = "child"
    CHILD_KANA = "child kana"
    CHILD_CLASS = "child class"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column that is understood."""

    field: Field
    #: How we call it; the first word of a file that denrei writes.
    title: str
    synonyms: tuple[str, ...] = ()
    #: Characters of a cell.
    limit: int = 100
    slots: bool = False
    required: bool = False
    #: Zeros at its beginning mean something; a spreadsheet loses them in a cell of numbers.
    zeros: bool = False
    #: A cell that a spreadsheet would run as a formula is refused. Addresses and numbers have a
    #: grammar of their own, and +81 is no formula.
    guarded: bool = True


COLUMNS = (
    Column(
        field=Field.CODE,
        title="利用者コード",
        synonyms=(
            "利用者番号", "職員番号", "職員コード", "社員番号", "社員コード", "会員番号", "登録番号",
            "整理番号", "学籍番号", "コード", "ID", "code",
        ),
        limit=64,
        zeros=True,
    ),
    Column(
        field=Field.NAME,
        title="氏名",
        synonyms=(
            "名前", "姓名", "利用者名", "職員名", "職員氏名", "社員名", "社員氏名", "保護者名",
            "保護者氏名", "name",
        ),
        required=True,
    ),
    Column(
        field=Field.KANA,
        title="ふりがな",
        synonyms=(
            "カナ", "読み", "よみがな", "氏名カナ", "カナ氏名", "氏名（カナ）", "氏名ふりがな",
            "氏名（ふりがな）", "保護者ふりがな", "保護者カナ", "kana",
        ),
    ),
    Column(
        field=Field.UNIT_CODE,
        title="所属コード",
        synonyms=("部署コード", "部門コード", "組織コード", "学校コード"),
        limit=64,
        zeros=True,
    ),
    Column(
        field=Field.UNIT_NAME,
        title="所属",
        synonyms=("所属名", "部署", "部署名", "部門", "部門名", "学校", "学校名"),
    ),
    Column(
        field=Field.GROUPS,
        title="連絡グループ",
        synonyms=("連絡グループ名", "連絡グループコード", "グループ", "グループ名"),
        limit=1_000,
    ),
    Column(
        field=Field.POSITIONS,
        title="役職",
        synonyms=("役職区分", "役職名", "役職コード", "職名"),
        limit=1_000,
    ),
    Column(
        field=Field.HOUSEHOLD,
        title="世帯コード",
        synonyms=("世帯番号", "家庭コード", "家庭番号", "家族コード"),
        limit=64,
        zeros=True,
    ),
    Column(field=Field.LANGUAGE, title="言語", synonyms=("使用言語", "language"), limit=20),
    Column(field=Field.STATE, title="状態", synonyms=("在籍", "在籍状態", "在籍区分"), limit=20),
    Column(
        field=Field.MAIL,
        title="メールアドレス",
        synonyms=("メール", "Eメール", "e-mail", "email", "mail", "アドレス", "Eメールアドレス"),
        limit=320,
        slots=True,
        guarded=False,
    ),
    Column(
        field=Field.RECEIVES,
        title="受信する",
        synonyms=("受信", "メール受信", "連絡メールを受信する"),
        limit=20,
        slots=True,
    ),
    Column(
        field=Field.SMS,
        title="携帯（SMS）",
        synonyms=("SMS", "SMS番号", "携帯SMS", "携帯電話（SMS）", "携帯番号（SMS）"),
        limit=40,
        slots=True,
        guarded=False,
    ),
    Column(
        field=Field.PHONE,
        title="電話番号",
        synonyms=("電話", "TEL", "携帯", "携帯電話", "携帯電話番号", "携帯番号", "連絡先電話番号"),
        limit=40,
        slots=True,
        guarded=False,
    ),
    Column(
        field=Field.CHILD,
        title="児童名",
        synonyms=("児童", "児童氏名", "園児名", "園児氏名", "生徒名", "生徒氏名", "子ども氏名"),
        slots=True,
    ),
    Column(
        field=Field.CHILD_KANA,
        title="児童ふりがな",
        synonyms=("児童カナ", "児童名カナ", "児童氏名カナ", "園児ふりがな", "生徒ふりがな", "生徒カナ"),
        slots=True,
    ),
    Column(
        field=Field.CHILD_CLASS,
        title="児童クラス",
        synonyms=("児童学級", "園児クラス", "生徒クラス", "学級"),
        limit=50,
        slots=True,
    ),
)  # fmt: skip

_REMARK = re.compile(r"\((?:必須|任意)\)\Z")
_NUMBERED = re.compile(r"(?P<word>.+?)(?P<slot>[1-9])\Z")
_NO_WORDS: Mapping[str, Field] = {}
_BY_FIELD = {column.field: column for column in COLUMNS}
_BY_WORD = {
    text.fold(word): column for column in COLUMNS for word in (column.title, *column.synonyms)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a column stands in this file, and how the file calls it."""

    column: Column
    #: 1.. where the column may stand several times, else 0.
    slot: int
    index: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The header of one file, understood."""

    places: Mapping[tuple[Field, int], Place]
    #: Columns that are ignored, as the file calls them.
    unknown: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        """Return how many columns it has."""
        return len(self.cells)

    @property
    def meanings(self) -> dict[str, str]:
        """Return what the file calls a column -> what we call it."""
        return {
            place.title: f"{place.column.title}{place.slot or ''}"
            for place in sorted(self.places.values(), key=lambda place: place.index)
        }


def recognize(cells: Sequence[str], own: Mapping[str, Field] = _NO_WORDS) -> Heading:
    """Understand a header; `own` are the organization's own names of columns, which go last.

    Raises ImportFileError.
    """
    if len(cells) > MAX_COLUMNS:
        raise ImportFileError(FileFault.TOO_MANY_COLUMNS, MAX_COLUMNS)
    places: dict[tuple[Field, int], Place] = {}
    unknown: list[str] = []
    for index, cell in enumerate(cells):
        title = text.clean(cell).text[:50]
        if (found := _column(title, own)) is None:
            unknown.append(title or f"{index + 1}列目（見出しなし）")
            continue
        column, slot = found
        if (column.field, slot) in places:
            raise ImportFileError(FileFault.DOUBLE_COLUMN, f"{column.title}{slot or ''}")
        places[column.field, slot] = Place(column=column, slot=slot, index=index, title=title)
    for column in COLUMNS:
        if column.required and (column.field, 0) not in places:
            raise ImportFileError(FileFault.MISSING_COLUMN, column.title)
    return Heading(places=places, unknown=tuple(unknown), cells=tuple(cells))


def _column(title: str, own: Mapping[str, Field]) -> tuple[Column, int] | None:
    word = _REMARK.sub("", text.fold(title))
    ours = {text.fold(name): _BY_FIELD[wanted] for name, wanted in own.items()}
    if column := _BY_WORD.get(word) or ours.get(word):
        return column, 1 if column.slots else 0
    numbered = _NUMBERED.match(word)
    column = _BY_WORD.get(numbered["word"]) if numbered else None
    if numbered is None or column is None or not column.slots or int(numbered["slot"]) > SLOTS:
        return None
    return column, int(numbered["slot"])
