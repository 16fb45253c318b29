"""One row's cells by field: cleaned, checked against what a cell may hold, in the file's own words.

A blank cell says nothing: what is known stays. A dash alone is how people fill a blank cell.
`（削除）` empties what it stands for, so nobody is silenced by a cell that was left out (EMC-6: that
is the worst error here).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from denrei.directory.importing.columns import Field, Heading
from denrei.directory.importing.reading import UNDECODABLE
from denrei.directory.importing.row import Row
from denrei.domain import spreadsheets, text

#: In a cell: remove what is known. Half-width brackets do as well.
ERASE = "（削除）"

#: Characters of one word in a cell that holds several.
MAX_WORD = 100

#: What a spreadsheet shows where it could not compute a cell.
_SHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
_ERASE_FOLDED = text.fold(ERASE)
_DASHES = frozenset("-－―ー—–‐")
_SEVERAL = re.compile(r"[;；、,，/／|｜\n]")
#: Characters that one company defined for itself (外字); other devices show another or none.
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Cells:
    """The cells of one row, and what was found wrong while they were read."""

    row: Row
    heading: Heading
    #: Sentences; one of them is enough to refuse the row.
    reasons: list[str] = field(default_factory=list)
    #: Sentences; the row is taken.
    warnings: list[str] = field(default_factory=list)

    def check_width(self) -> None:
        """Refuse a row that is too long, most likely a shifted one; warn of one too short."""
        width = self.heading.width
        if any(cell.strip() for cell in self.row.cells[width:]):
            self.reasons.append("見出しより列が多く、列がずれているおそれがあります。")
        elif len(self.row.cells) < width:
            self.warnings.append("見出しより列が少ないため、足りない列は空欄とみなしました。")

    def title(self, wanted: Field, slot: int = 0) -> str:
        """Return what the file calls the column."""
        return self.heading.places[wanted, slot].title

    def text(self, wanted: Field, slot: int = 0, *, multiline: bool = False) -> str | None:
        """Return a cell, cleaned; None where it is blank, missing or wrong."""
        place = self.heading.places.get((wanted, slot))
        if place is None or place.index >= len(self.row.cells):
            return None
        cleaned = text.clean(spreadsheets.read(self.row.cells[place.index]), multiline=multiline)
        if not cleaned.text or cleaned.text in _DASHES:
            return None
        if wrong := _wrong(cleaned.text, place.column.limit, guarded=place.column.guarded):
            self.reasons.append(f"{place.title}{wrong}")
            return None
        if cleaned.removed:
            self.warnings.append(f"{place.title}から{'、'.join(cleaned.removed)}を取り除きました。")
        if place.index in self.row.dates:
            self.warnings.append(f"{place.title}は日付のセルです。「{cleaned.text}」と読みました。")
        if _PRIVATE_USE.search(cleaned.text):
            self.warnings.append(
                f"{place.title}に外字があります。受け取る端末では表示されないことがあります。"
            )
        return cleaned.text

    def erasable(self, wanted: Field, slot: int = 0, *, multiline: bool = False) -> str | None:
        """Return a cell; "" where it asks for removal."""
        cell = self.text(wanted, slot, multiline=multiline)
        return "" if cell is not None and text.fold(cell) == _ERASE_FOLDED else cell

    def unerasable(self, wanted: Field, slot: int = 0) -> str:
        """Return a cell that no removal makes sense for; "" where it is blank, missing or wrong."""
        cell = self.erasable(wanted, slot)
        if cell == "":
            self.reasons.append(f"{self.title(wanted, slot)}は削除できません。")
        return cell or ""

    def several(self, wanted: Field) -> tuple[str, ...] | None:
        """Return the words of a cell that holds several, each once; () asks for removal."""
        cell = self.erasable(wanted, multiline=True)
        if not cell:
            return None if cell is None else ()
        words = dict.fromkeys(word.strip() for word in _SEVERAL.split(cell))
        words.pop("", None)
        for word in words:
            if wrong := _wrong(word, MAX_WORD, guarded=True):
                self.reasons.append(f"{self.title(wanted)}の「{word[:20]}」{wrong}")
        return tuple(words)

    def one_of(self, words: Mapping[str, T], wanted: Field, slot: int = 0) -> T | None:
        """Return what a folded word stands for; refuse a word that stands for nothing."""
        cell = self.text(wanted, slot)
        if cell is None:
            return None
        known = words.get(text.fold(cell))
        if known is None:
            self.reasons.append(
                f"{self.title(wanted, slot)}の「{cell}」は使えません。"
                f"{'、'.join(words)}のどれかを入力してください。"
            )
        return known


def _wrong(cell: str, limit: int, *, guarded: bool) -> str:
    if len(cell) > limit:
        return f"は{limit}文字以内で入力してください。"
    if UNDECODABLE in cell:
        return "に読み取れない文字があります。ファイルの文字コードを確認してください。"
    if cell in _SHEET_ERRORS:
        return f"がExcelのエラー（{cell}）です。正しい値を入力してください。"
    if guarded and text.is_formula(cell):
        return "が計算式の記号（=、+、-、@）で始まっています。記号を取り除いてください。"
    return ""
