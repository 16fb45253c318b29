"""The rows of a list as its page and its file show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from denrei.accounts.models import Master, Operator
from denrei.broadcasts import masters
from denrei.broadcasts.models import Instruction, Situation
from denrei.directory import groups
from denrei.web.console.masters.cells import Cell, Facts, cell
from denrei.web.console.masters.kinds import Column, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry."""

    entry: Master
    #: 1 is the first of the whole list.
    place: int
    name_en: str
    cells: Sequence[Cell]


def rows(
    kind: Kind,
    entries: Sequence[Master],
    first: int,
    operator: Operator,
    words: Mapping[str, str],
) -> list[Row]:
    """Return the rows of some entries, the first of which stands at place `first`."""
    facts = _facts(kind, [entry.pk for entry in entries], operator, words)
    return [
        Row(
            entry=entry,
            place=place,
            name_en=getattr(entry, "name_en", ""),
            cells=[cell(column, entry, facts) for column in kind.columns],
        )
        for place, entry in enumerate(entries, first)
    ]


def _facts(kind: Kind, ids: Sequence[int], operator: Operator, words: Mapping[str, str]) -> Facts:
    counts_children = Column.SITUATIONS in kind.columns
    return Facts(
        words=words,
        headcounts=groups.headcounts(kind.table, ids, operator),
        mentions=masters.mentions(kind.label, operator),
        situations=_children(Situation, ids) if counts_children else {},
        instructions=_children(Instruction, ids) if counts_children else {},
    )


def _children(model: type[Situation | Instruction], ids: Sequence[int]) -> Mapping[int, int]:
    under = model._base_manager.filter(incident_type__in=ids).order_by()
    return dict(under.values_list("incident_type").annotate(count=Count("pk")))
