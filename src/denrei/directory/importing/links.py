"""What a row links a person to: unit, household, groups, positions; found, or to be created."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from denrei.accounts.models import Unit
from denrei.directory.importing.identity import RowRefusedError
from denrei.directory.importing.known import Person
from denrei.directory.importing.masters import AmbiguousError, Kind, Masters
from denrei.directory.importing.rules import Rules
from denrei.directory.importing.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What a person shall belong to; negative ids stand for masters to be created."""

    unit_id: int | None
    household_id: int | None
    #: None: as it was.
    groups: frozenset[int] | None
    positions: frozenset[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """One master as a row names it."""

    kind: Kind
    code: str
    name: str

    @property
    def word(self) -> str:
        """By what it is looked up."""
        return self.code or self.name


#: Masters that a row names, and what they are; None: to be created.
_Found = dict[_Named, int | None]


def linked(wanted: Wanted, person: Person | None, masters: Masters, rules: Rules) -> Links:
    """Return what the row links the person to. Raises RowRefusedError.

    Nothing is noted as to be created unless the whole row is accepted.
    """
    unit = _unit(wanted)
    household = _household(wanted, person)
    groups, positions = _each(Kind.GROUP, wanted.groups), _each(Kind.POSITION, wanted.positions)
    found = _found((*unit, *household, *(groups or ()), *(positions or ())), masters)
    unit_before = person.unit_id if person else rules.within.pk if rules.within else None
    erases_unit = "" in (wanted.unit_code, wanted.unit_name)
    if rules.within:
        unit_after = _one(unit, found, None if erases_unit else unit_before, missing=-1)
        _check_unit(rules.within, person, unit_after, masters)
    _settle(found, masters, rules)
    return Links(
        unit_id=_one(unit, found, None if erases_unit else unit_before),
        household_id=_one(
            household,
            found,
            None if wanted.household == "" or not person else person.household_id,
        ),
        groups=_all(groups, found),
        positions=_all(positions, found),
    )


def _unit(wanted: Wanted) -> tuple[_Named, ...]:
    code, name = wanted.unit_code or "", wanted.unit_name or ""
    return (_Named(kind=Kind.UNIT, code=code, name=name),) if code or name else ()


def _household(wanted: Wanted, person: Person | None) -> tuple[_Named, ...]:
    """A child needs a household: without a code of its own it is the person's, by 利用者コード."""
    code = wanted.household
    has_one = wanted.household is None and person is not None and person.household_id is not None
    if not code and wanted.children and not has_one:
        code = wanted.code
    return (_Named(kind=Kind.HOUSEHOLD, code=code, name=code),) if code else ()


def _each(kind: Kind, words: Iterable[str] | None) -> tuple[_Named, ...] | None:
    return None if words is None else tuple(_Named(kind=kind, code="", name=w) for w in words)


def _found(named: Iterable[_Named], masters: Masters) -> _Found:
    found: _Found = {}
    for one in named:
        try:
            found[one] = masters.registers[one.kind].find(one.word)
        except AmbiguousError:
            raise RowRefusedError(
                f"{one.kind}「{one.word}」が2つ以上登録されています。コードで指定してください。"
            ) from None
    return found


def _check_unit(top: Unit, person: Person | None, unit_after: int | None, masters: Masters) -> None:
    if person and not masters.is_below(person.unit_id, top):
        raise RowRefusedError("この方は担当の所属の外で登録されているため、変更できません。")
    if not masters.is_below(unit_after, top):
        raise RowRefusedError("担当の所属の外へは登録できません。所属を確認してください。")


def _settle(found: _Found, masters: Masters, rules: Rules) -> None:
    """Note what is missing as to be created, or refuse the row."""
    missing = [one for one, number in found.items() if number is None]
    if missing and not rules.create_missing:
        raise RowRefusedError(
            *(f"{one.kind}「{one.word}」は登録されていません。" for one in missing)
        )
    for one in missing:
        register = masters.registers[one.kind]
        # again: two words of one row may be one word (１年 and 1年)
        number = register.find(one.word)
        found[one] = register.add(one.word, one.name or one.code) if number is None else number


def _one(
    named: tuple[_Named, ...],
    found: Mapping[_Named, int | None],
    otherwise: int | None,
    *,
    missing: int | None = None,
) -> int | None:
    if not named:
        return otherwise
    number = found[named[0]]
    return missing if number is None else number


def _all(
    named: tuple[_Named, ...] | None, found: Mapping[_Named, int | None]
) -> frozenset[int] | None:
    if named is None:
        return None
    return frozenset(number for one in named if (number := found[one]) is not None)
