"""From a file to the judgements of its rows, batch by batch."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TypeVar

from denrei.directory.importing import columns, known, wanted
from denrei.directory.importing.columns import Heading
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.importing.judging import Desk, Judgement, judge
from denrei.directory.importing.masters import Kind
from denrei.directory.importing.reading import Row

#: Rows judged at once: what the database is asked about together, and what is held in memory.
BATCH = 1_000

T = TypeVar("T")


def heading_of(rows: Iterator[Row]) -> Heading:
    """Take the header off the rows. Raises ImportFileError."""
    first = next(rows, None)
    if first is None:
        raise ImportFileError(FileFault.EMPTY)
    if first.reason:
        raise ImportFileError(FileFault.NO_HEADER)
    return columns.recognize(first.cells)


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
