"""The children whom a row names, as the row leaves them.

Two guardians of one household name the same child, and their rows may differ: the first row's word
holds and the second is told so. Children are added and told more of, never taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from denrei.directory.importing.identity import RowsAbove
from denrei.directory.importing.known import ChildEntry
from denrei.directory.importing.wanted import WantedChild
from denrei.domain import text

_BEYOND = "児童「{name}」は担当の所属の外で登録されているため、変更しません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """What a row says of the children of its household."""

    #: Those that are new or changed.
    touched: tuple[ChildEntry, ...]
    #: Sentences.
    warnings: tuple[str, ...]


def said(
    line: int,
    household_id: int | None,
    wanted: Sequence[WantedChild],
    known: Mapping[str, ChildEntry],
    above: RowsAbove,
    is_beyond: Callable[[int | None], bool],
) -> Children:
    """Return what a row makes of the children that it names; `known` by folded name.

    `is_beyond` tells of a child's unit whether it is outside what the import may touch (ALL-5).
    """
    touched: list[ChildEntry] = []
    warnings: list[str] = []
    for child in wanted if household_id is not None else ():
        first, alike = above.claim_child(line, household_id or 0, child)
        if first == line:
            before = known.get(text.fold(child.name))
            if before and is_beyond(before.unit_id):  # whether it differs is not told either
                warnings.append(_BEYOND.format(name=child.name))
            elif (after := _entry(child, before)) != before:
                touched.append(after)
        elif not alike:
            warnings.append(f"児童「{child.name}」は{first}行目の内容で登録します。")
    return Children(touched=tuple(touched), warnings=tuple(warnings))


def _entry(child: WantedChild, before: ChildEntry | None) -> ChildEntry:
    kana, class_name = (before.kana, before.class_name) if before else ("", "")
    return ChildEntry(
        id=before.id if before else None,
        name=before.name if before else child.name,
        kana=kana if child.kana is None else child.kana,
        class_name=class_name if child.class_name is None else child.class_name,
        unit_id=before.unit_id if before else None,
    )
