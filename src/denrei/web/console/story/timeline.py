"""A story as lines, one for each entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from denrei.reports.story import entries
from denrei.reports.story.entries import Entry
from denrei.web.console.story import said, sent
from denrei.web.console.story.line import Line

_DRAWN: Mapping[type[Entry], Callable[[Any], Line]] = {
    entries.Meant: sent.meant,
    entries.Suppressed: sent.suppressed,
    entries.Tried: sent.tried,
    entries.Reported: sent.reported,
    entries.Looked: said.looked,
    entries.Answered: said.answered,
    entries.Halted: sent.halted,
    entries.Released: sent.released,
    entries.Helped: said.helped,
}


def of(story: Iterable[Entry]) -> list[Line]:
    """Return the lines of a story, in the order of its entries."""
    return [_DRAWN[type(entry)](entry) for entry in story]
