"""The fate of one row: who is meant, what it names, what would change.

Nothing is written here, so that a dry run and an import judge by the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from denrei.directory.importing import children, contacts, identity
from denrei.directory.importing.contacts import Merged
from denrei.directory.importing.fates import Fate, Verdict
from denrei.directory.importing.identity import RowRefusedError, RowsAbove
from denrei.directory.importing.known import ChildEntry, ContactEntry, Known, Person
from denrei.directory.importing.links import Links, linked
from denrei.directory.importing.masters import Masters
from denrei.directory.importing.rules import Rules
from denrei.directory.importing.wanted import Reading, Wanted
from denrei.directory.models import Language, RecipientState

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """A person as an accepted row leaves them; negative ids stand for masters to be created."""

    line: int
    #: None: a new person.
    id: int | None
    code: str
    name: str
    kana: str
    #: All that are in use: the search field looks through them.
    addresses: tuple[str, ...]
    unit_id: int | None
    household_id: int | None
    language: str
    state: int
    #: Those that are new or changed.
    contacts: tuple[ContactEntry, ...]
    #: All that the person shall be in; None: as it was.
    groups: frozenset[int] | None
    positions: frozenset[int] | None
    #: Those that are new or changed.
    children: tuple[ChildEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The fate of a row, and what to write where it changes something."""

    fate: Fate
    final: Final | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one import judges by, from its first row to its last."""

    rules: Rules
    masters: Masters
    above: RowsAbove

    def is_beyond(self, unit_id: int | None) -> bool:
        """Tell whether a child's unit is outside what may be touched; one of no unit is not."""
        top = self.rules.within
        return top is not None and unit_id is not None and not self.masters.is_below(unit_id, top)


#: Columns of a person that are compared one by one; the word is our title of the column.
_COMPARED = (
    ("code", "利用者コード"),
    ("name", "氏名"),
    ("kana", "ふりがな"),
    ("unit_id", "所属"),
    ("household_id", "世帯コード"),
    ("language", "言語"),
    ("state", "状態"),
)
#: Columns of a person whose values stand for words.
_CHOICES: Mapping[str, type[Language | RecipientState]] = {
    "language": Language,
    "state": RecipientState,
}


def judge(reading: Reading, known: Known, desk: Desk) -> Judgement:
    """Return the fate of a row."""
    wanted = reading.wanted
    if wanted is None:
        return _refused(reading, reading.reasons)
    try:
        person = identity.match(wanted, known)
        desk.above.claim(reading.line, wanted, person)
        links = linked(wanted, person, desk.masters, desk.rules)
    except RowRefusedError as refusal:
        return _refused(reading, refusal.reasons)
    merged = contacts.merge(person.contacts if person else (), wanted.contacts)
    home = links.household_id
    named = children.said(
        reading.line,
        home,
        wanted.children,
        known.children.get(home or 0, {}),
        desk.above,
        desk.is_beyond,
    )
    final = _final(reading.line, wanted, person, links, merged, named.touched)
    changed = tuple(_changed(person, final, merged)) if person else ()
    verdict = Verdict.NEW if not person else Verdict.CHANGED if changed else Verdict.UNCHANGED
    return Judgement(
        fate=_fate(
            reading,
            verdict,
            changed=changed,
            warnings=(*named.warnings, *_has_left(wanted, final)),
        ),
        final=None if verdict is Verdict.UNCHANGED else final,
    )


def _refused(reading: Reading, reasons: tuple[str, ...]) -> Judgement:
    return Judgement(fate=_fate(reading, Verdict.REFUSED, reasons=reasons))


def _fate(
    reading: Reading,
    verdict: Verdict,
    *,
    changed: tuple[str, ...] = (),
    reasons: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
) -> Fate:
    return Fate(
        line=reading.line,
        verdict=verdict,
        code=reading.code,
        name=reading.name,
        changed=changed,
        reasons=reasons,
        warnings=(*reading.warnings, *warnings),
        cells=reading.cells if reasons else (),
    )


def _has_left(wanted: Wanted, final: Final) -> Iterator[str]:
    if final.state == RecipientState.LEFT and wanted.state is None:
        yield "退会した方です。連絡を再開するには、状態を「在籍」にしてください。"


def _final(
    line: int,
    wanted: Wanted,
    person: Person | None,
    links: Links,
    merged: Merged,
    touched: tuple[ChildEntry, ...],
) -> Final:
    return Final(
        line=line,
        id=person.id if person else None,
        code=wanted.code or (person.code if person else ""),
        name=wanted.name,
        kana=_said(wanted.kana, person.kana if person else ""),
        addresses=tuple(entry.address for entry in merged.contacts if entry.in_use),
        unit_id=links.unit_id,
        household_id=links.household_id,
        language=_said(wanted.language, person.language if person else Language.JAPANESE),
        state=_said(wanted.state, person.state if person else RecipientState.ACTIVE),
        contacts=merged.touched,
        groups=links.groups,
        positions=links.positions,
        children=touched,
    )


def _said(wanted: T | None, otherwise: T) -> T:
    return otherwise if wanted is None else wanted


def _changed(person: Person, final: Final, merged: Merged) -> Iterator[str]:
    for attribute, title in _COMPARED:
        before, after = getattr(person, attribute), getattr(final, attribute)
        if before != after:
            yield f"{title}{_from_to(attribute, before, after)}"
    if final.groups is not None and final.groups != person.groups:
        yield "連絡グループ"
    if final.positions is not None and final.positions != person.positions:
        yield "役職"
    yield from merged.titles
    if final.children:
        yield "児童名"


def _from_to(attribute: str, before: Any, after: Any) -> str:
    """Return both values as people read them; "" of what is known by its id alone."""
    if attribute.endswith("_id"):
        return ""
    if table := _CHOICES.get(attribute):
        before, after = table(before).label, table(after).label
    return f"（{before or '空欄'}→{after or '空欄'}）"
