"""Units, groups, positions and households by the words that files use for them.

What is not known yet gets a negative number that stands for it until it is created, so that a dry
run and an import judge alike and neither writes while it judges.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from denrei.accounts.models import Unit
from denrei.directory.models import ContactGroup, Household, Position
from denrei.domain import text


class Kind(StrEnum):
    """What a word of a file may stand for; the value is what people read."""

    UNIT = "所属"
    GROUP = "連絡グループ"
    POSITION = "役職"
    HOUSEHOLD = "世帯"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMaster:
    """One that a file names and nobody has created yet."""

    #: Negative.
    placeholder: int
    code: str
    name: str


class AmbiguousError(LookupError):
    """A word stands for several; only a code can tell which."""


class Register:
    """All masters of one kind, by code and by name."""

    def __init__(self, placeholders: Iterator[int], *, by_name: bool = True) -> None:
        self.new: list[NewMaster] = []
        self._placeholders = placeholders
        self._by_name = by_name
        self._by_code: dict[str, int] = {}
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)

    def learn(self, entries: Iterable[tuple[int, str, str]]) -> None:
        """Take in masters that exist: (id, code, name)."""
        for number, code, name in entries:
            self._by_code[code] = number
            for word in (code, name) if self._by_name else ():
                self._by_word[text.fold(word)].add(number)

    def find(self, word: str) -> int | None:
        """Return the number of the one that a word stands for. Raises AmbiguousError.

        An exact code goes first; else code or name, folded: １年 is 1年.
        """
        if (exact := self._by_code.get(word)) is not None:
            return exact
        found = self._by_word.get(text.fold(word), set())
        if len(found) > 1:
            raise AmbiguousError(word)
        return next(iter(found), None)

    def add(self, code: str, name: str) -> int:
        """Note one that must be created; return what stands for it."""
        placeholder = next(self._placeholders)
        self.new.append(NewMaster(placeholder=placeholder, code=code, name=name))
        self.learn([(placeholder, code, name)])
        return placeholder


class Masters:
    """The registers of one organization; households are learnt batch by batch (they are many)."""

    def __init__(self) -> None:
        placeholders = itertools.count(-1, -1)
        self.registers = {
            kind: Register(placeholders, by_name=kind is not Kind.HOUSEHOLD) for kind in Kind
        }
        self._paths: dict[int, str] = {}

    def load(self) -> None:
        """Learn the units, groups and positions of the organization that the transaction names."""
        for unit in Unit.objects.only("code", "name", "path"):
            self.registers[Kind.UNIT].learn([(unit.pk, unit.code, unit.name)])
            self._paths[unit.pk] = unit.path
        groups = ContactGroup.objects.values_list("id", "code", "name")
        self.registers[Kind.GROUP].learn(groups)
        self.registers[Kind.POSITION].learn(Position.objects.values_list("id", "code", "name"))

    def load_households(self, codes: Collection[str]) -> set[int]:
        """Learn the households of these codes; return their ids."""
        households = Household.objects.filter(code__in=codes).values_list("id", "code", "name")
        self.registers[Kind.HOUSEHOLD].learn(households)
        return {pk for pk, _, _ in households}

    def is_below(self, unit_id: int | None, top: Unit) -> bool:
        """Tell whether a unit is `top` or under it; a new one will be created under it."""
        return unit_id is not None and (
            unit_id < 0 or self._paths.get(unit_id, "").startswith(top.path)
        )
