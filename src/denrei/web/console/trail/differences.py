"""What an act changed, as rows that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from denrei.web.console.trail import words

Facts = Mapping[str, Any]
_ORDER = {name: place for place, name in enumerate(words.FIELDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field: its words, and its value before and after; None where there was none."""

    field: str
    before: str | None
    after: str | None


def between(
    before: Facts | None, after: Facts | None, labels: Mapping[str, str]
) -> list[Difference]:
    """Return what differs; where something is new or gone, what it consists of."""
    was, now = dict(_leaves(before or {})), dict(_leaves(after or {}))
    names = sorted({*was, *now}, key=_place)
    return [
        Difference(
            field=words.field(name, labels),
            before=_words(name, was) if before is not None else None,
            after=_words(name, now) if after is not None else None,
        )
        for name in names
        if was.get(name) != now.get(name)
        and (was.get(name) or now.get(name) or _both(before, after))
    ]


def _place(name: str) -> tuple[int, str]:
    """Return where a field stands among others: JSON of the database has an order of its own."""
    return _ORDER.get(name, len(_ORDER)), name


def _both(before: Facts | None, after: Facts | None) -> bool:
    return before is not None and after is not None


def _words(name: str, facts: Facts) -> str:
    return words.value(name, facts.get(name))


def _leaves(facts: Facts) -> Iterator[tuple[str, Any]]:
    """Yield fields and values; a group of fields inside another is taken apart."""
    for name, value in facts.items():
        if name in words.HIDDEN:
            continue
        if isinstance(value, Mapping):
            yield from _leaves(value)
        else:
            yield name, value
