"""What the compose form asks for and how much it takes (MSG-2), as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from denrei.domain import text


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLimit:
    """One field of the form."""

    field: str
    #: The name that an operator reads.
    label: str
    #: As people count them (`text.length`); None: as long as its master allows.
    characters: int | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is wrong with one field, in words that say what to do."""

    field: str
    words: str


LIMITS: tuple[FieldLimit, ...] = (
    FieldLimit(field="incident", label="発生区分", required=True),
    FieldLimit(field="occurred_at", label="発生日時", required=True),
    FieldLimit(field="place", label="発生場所", characters=20),
    FieldLimit(field="situation_note", label="状況の補足", characters=80),
    FieldLimit(field="instruction_note", label="指示の補足", characters=60),
    FieldLimit(field="sender", label="発信者", required=True),
)


def check(values: Mapping[str, str], limits: tuple[FieldLimit, ...] = LIMITS) -> list[Complaint]:
    """Return what is wrong with these values, in the order of the form; a field left out is ""."""
    complaints = []
    for limit in limits:
        words = _fault(limit, values.get(limit.field, ""))
        if words:
            complaints.append(Complaint(field=limit.field, words=words))
    return complaints


def _fault(limit: FieldLimit, value: str) -> str:
    if limit.required and not value.strip():
        return f"{limit.label}を入力してください。"
    if limit.characters is None:
        return ""
    over = text.length(value) - limit.characters
    if over <= 0:
        return ""
    return (
        f"{limit.label}が{over}文字多くなっています。{limit.characters}文字以内に短くしてください。"
    )
