"""From a file to the judgements of its rows, batch by batch."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from denrei.accounts import labels
from denrei.accounts.labels import Label
from denrei.accounts.models import Organization
from denrei.directory.importing import columns, known, wanted
from denrei.directory.importing.columns import Field, Heading
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.importing.judging import Desk, Judgement, judge
from denrei.directory.importing.masters import Kind
from denrei.directory.importing.row import Row

#: Rows judged at once: what the database is asked about together, and what is held in memory.
BATCH = 1_000

T = TypeVar("T")


#: Lists that an organization may call by names of its own, and the column that names them.
_NAMED = {Label.GROUPS: Field.GROUPS, Label.POSITIONS: Field.POSITIONS}


def own_words(organization: Organization) -> dict[str, Field]:
    """Return what the organization calls columns: a school's 学年 is our 連絡グループ."""
    words = labels.of(organization)
    return {words[label.value]: wanted for label, wanted in _NAMED.items()}


def heading_of(rows: Iterator[Row], own: Mapping[str, Field]) -> Heading:
    """Take the header off the rows. Raises ImportFileError."""
    first = next(rows, None)
    if first is None:
        raise ImportFileError(FileFault.EMPTY)
    if first.reason:
        raise ImportFileError(FileFault.NO_HEADER)
    return columns.recognize(first.cells, own)


class NumberCells:
    """Looks at rows as they pass: which columns with zeros before their numbers lost them?"""

    def __init__(self, heading: Heading) -> None:
        self._titles = {
            place.index: place.title for place in heading.places.values() if place.column.zeros
        }
        self._seen: set[int] = set()

    def watch(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield the rows as they are."""
        for row in rows:
            self._seen |= row.numbers
            yield row

    def notes(self) -> tuple[str, ...]:
        """Return a sentence for each such column."""
        return tuple(
            f"「{title}」に数値のセルがあります。先頭に0のある番号なら、Excelでセルの書式を「文字列」にして0を補ってください。"
            for index, title in sorted(self._titles.items())
            if index in self._seen
        )


def judgements(rows: Iterator[Row], heading: Heading, desk: Desk) -> Iterator[list[Judgement]]:
    """Yield the judgements of batches of rows; nothing is written. Raises ImportFileError."""
    judged_any = False
    for batch in _batches(rows):
        readings = [wanted.read(row, heading) for row in batch]
        clear = [reading.wanted for reading in readings if reading.wanted]
        # a child without 世帯コード lives in the household that 利用者コード names
        codes = {one.household or one.code for one in clear if one.household or one.children}
        households = desk.masters.load_households(codes)
        book = known.load(clear, households)
        yield [judge(reading, book, desk) for reading in readings]
        judged_any = True
    if not judged_any:
        raise ImportFileError(FileFault.NO_ROWS)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(itertools.islice(rest, BATCH)):
        yield batch


def created(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Return the names of what is new, by the title of its kind."""
    return {
        kind.value: tuple(new.name for new in desk.masters.registers[kind].new)
        for kind in Kind
        if desk.masters.registers[kind].new
    }
