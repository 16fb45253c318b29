"""A file being read: what it says, value by value, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from denrei.domain import text as texts

_Row = TypeVar("_Row", bound=Model)
#: Names that a complaint repeats.
_NAMES = 20


@dataclass
class Reading:
    """One table of a file; `where` says which in complaints, "" for the top."""

    given: Mapping[str, Any]
    where: str = ""
    #: A line for each thing to mend.
    complaints: list[str] = field(default_factory=list)

    def complain(self, words: str) -> None:
        """Note what is to be mended, once."""
        if words not in self.complaints:
            self.complaints.append(words)

    def below(self, given: Mapping[str, Any], where: str) -> Reading:
        """Return a reading of a table within this one, with the same complaints."""
        return Reading(given, where, self.complaints)

    def refuse_unknown(self, known: AbstractSet[str]) -> None:
        """Complain of keys that mean nothing here: a slip of the pen must not be silent."""
        for name in sorted(self.given.keys() - known):
            self.complain(
                f"{self.where}{name} という項目はありません（書ける項目：{'、'.join(sorted(known))}）。"
            )

    def text(self, name: str, *, multiline: bool = False, most: int | None = None) -> str:
        """Return a text without invisible characters, "" where there is none."""
        value = self.given.get(name, "")
        if not isinstance(value, str):
            self.complain(f"{self.where}{name} には文字を引用符で囲んで書いてください。")
            return ""
        cleaned = texts.clean(value, multiline=multiline).text
        if most is not None and len(cleaned) > most:
            self.complain(f"{self.where}{name} は{most}文字以内で書いてください。")
        return cleaned

    def switch(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.given.get(name, default)
        if not isinstance(value, bool):
            self.complain(f"{self.where}{name} には true か false を書いてください。")
            return default
        return value

    def words(self, name: str) -> list[str]:
        """Return a list of texts, [] where there is none."""
        value = self.given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.complain(f'{self.where}{name} には ["…", "…"] の形で書いてください。')
            return []
        return [texts.clean(word).text for word in value]

    def one(self, rows: QuerySet[_Row], label: str, wanted: str) -> _Row | None:
        """Find a row by its code or its name; a complaint names the choices."""
        by_code = rows.filter(Q(code=wanted)).first()
        named = [by_code] if by_code else list(rows.filter(Q(name=wanted))[:2])
        if len(named) == 1 and wanted:
            return named[0]
        if named and wanted:
            self.complain(f"{label}「{wanted}」は2つ以上あります。コードで書いてください。")
            return None
        known = [str(getattr(row, "name", "")) for row in rows[: _NAMES + 1]]
        shown = "、".join(known[:_NAMES]) + ("ほか" if len(known) > _NAMES else "")
        self.complain(f"{label}「{wanted}」は登録されていません（登録：{shown or 'なし'}）。")
        return None

    def many(self, rows: QuerySet[_Row], label: str, name: str) -> tuple[int, ...]:
        """Return the ids of what a list names."""
        found = (self.one(rows, label, wanted) for wanted in self.words(name))
        return tuple(row.pk for row in found if row is not None)
