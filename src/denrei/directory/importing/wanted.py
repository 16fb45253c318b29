"""From one row of cells to what it says about a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from denrei.directory import addresses
from denrei.directory.addresses import InvalidContactError
from denrei.directory.importing.cells import Cells
from denrei.directory.importing.columns import SLOTS, Field, Heading
from denrei.directory.importing.row import Row
from denrei.directory.models import Language, RecipientState
from denrei.domain.states import Medium

#: Words as `text.fold` leaves them.
_LANGUAGES = {
    "ja": Language.JAPANESE,
    "日本語": Language.JAPANESE,
    "en": Language.ENGLISH,
    "英語": Language.ENGLISH,
}
_STATES = {
    "在籍": RecipientState.ACTIVE,
    "退会": RecipientState.LEFT,
    "退職": RecipientState.LEFT,
    "卒業": RecipientState.LEFT,
    "転出": RecipientState.LEFT,
}
_ANSWERS = {
    "○": True,
    "◯": True,
    "する": True,
    "はい": True,
    "1": True,
    "true": True,
    "×": False,
    "しない": False,
    "いいえ": False,
    "0": False,
    "false": False,
}
#: Characters of an address or number that a reason shows.
_SHOWN = 60
CONTACT_FIELDS = (
    (Field.MAIL, Medium.MAIL),
    (Field.SMS, Medium.SMS),
    (Field.PHONE, Medium.PHONE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedContact:
    """What a row says about the contact in one slot."""

    medium: Medium
    slot: int
    #: None: nothing is said; "": none shall be there.
    address: str | None = None
    key: str = ""
    receives: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedChild:
    """A child that a row names."""

    name: str
    kana: str | None
    class_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a row says about a person. None: nothing is said; "" or (): none shall be there."""

    code: str
    name: str
    kana: str | None
    unit_code: str | None
    unit_name: str | None
    groups: tuple[str, ...] | None
    positions: tuple[str, ...] | None
    household: str | None
    language: str | None
    state: int | None
    contacts: tuple[WantedContact, ...]
    children: tuple[WantedChild, ...]

    @property
    def first_contact(self) -> tuple[int, str] | None:
        """By what a person without a code is recognized, beside the name: medium and key."""
        return next(
            ((contact.medium, contact.key) for contact in self.contacts if contact.address), None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One row, read."""

    line: int
    #: For the list of fates, also of rows that are refused.
    code: str = ""
    name: str = ""
    cells: tuple[str, ...] = ()
    #: None where there are reasons.
    wanted: Wanted | None = None
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def read(row: Row, heading: Heading) -> Reading:
    """Read one row; what is wrong with it is told all at once."""
    if row.reason:
        return Reading(line=row.line, cells=row.cells, reasons=(row.reason,))
    cells = Cells(row=row, heading=heading)
    cells.check_width()
    wanted = _wanted(cells)
    if not cells.reasons:
        cells.reasons.extend(_lacks(wanted))
    return Reading(
        line=row.line,
        code=wanted.code,
        name=wanted.name,
        cells=row.cells,
        wanted=None if cells.reasons else wanted,
        reasons=tuple(cells.reasons),
        warnings=tuple(cells.warnings),
    )


def _lacks(wanted: Wanted) -> Iterator[str]:
    if not wanted.name:
        yield "氏名を入力してください。"
    if not wanted.code and not wanted.first_contact:
        yield (
            "本人を見分けられません。利用者コードか、メールアドレスまたは電話番号を入力してください。"
        )
    if wanted.children and not (wanted.code or wanted.household):
        yield "児童を登録するには、世帯コードか利用者コードを入力してください。"


def _wanted(cells: Cells) -> Wanted:
    return Wanted(
        code=cells.unerasable(Field.CODE),
        name=cells.unerasable(Field.NAME),
        kana=cells.erasable(Field.KANA),
        unit_code=cells.erasable(Field.UNIT_CODE),
        unit_name=cells.erasable(Field.UNIT_NAME),
        groups=cells.several(Field.GROUPS),
        positions=cells.several(Field.POSITIONS),
        household=cells.erasable(Field.HOUSEHOLD),
        language=cells.one_of(_LANGUAGES, Field.LANGUAGE),
        state=cells.one_of(_STATES, Field.STATE),
        contacts=tuple(_contacts(cells)),
        children=tuple(_children(cells)),
    )


def _contacts(cells: Cells) -> Iterator[WantedContact]:
    for wanted, medium in CONTACT_FIELDS:
        taken: dict[str, str] = {}
        for slot in range(1, SLOTS + 1):
            contact = _contact(cells, wanted, medium, slot)
            if contact is None:
                continue
            if contact.key in taken:
                cells.warnings.append(
                    f"{cells.title(wanted, slot)}は{taken[contact.key]}と同じため、登録しません。"
                )
                continue
            if contact.key:
                taken[contact.key] = cells.title(wanted, slot)
            yield contact


def _contact(cells: Cells, wanted: Field, medium: Medium, slot: int) -> WantedContact | None:
    cell = cells.erasable(wanted, slot)
    receives = cells.one_of(_ANSWERS, Field.RECEIVES, slot) if medium is Medium.MAIL else None
    if cell is None and receives is None:
        return None
    address, key = cell, ""
    if cell:
        try:
            read = addresses.read(cell, medium)
        except InvalidContactError as error:
            cells.reasons.append(f"{cells.title(wanted, slot)}「{cell[:_SHOWN]}」：{error}")
            return None
        address, key = read.address, read.key
    return WantedContact(medium=medium, slot=slot, address=address, key=key, receives=receives)


def _children(cells: Cells) -> Iterator[WantedChild]:
    for slot in range(1, SLOTS + 1):
        if name := cells.unerasable(Field.CHILD, slot):
            yield WantedChild(
                name=name,
                kana=cells.text(Field.CHILD_KANA, slot),
                class_name=cells.text(Field.CHILD_CLASS, slot),
            )
