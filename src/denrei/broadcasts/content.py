"""What a broadcast says, frozen: names as they were, so that a later change of a master changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text in both languages; without an English one the Japanese stands."""

    ja: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        """Return the text for "ja" or "en"."""
        return (self.en or self.ja) if language == "en" else self.ja


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer a person may give; `code` is unique within the broadcast."""

    code: str
    words: Phrase
    needs_help: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whom the receiver sees (OPS-6); "" leaves it to the gateway."""

    name: str = ""
    address: str = ""
    reply_to: str = ""


#: Fields that the version before this one does not know: written only where they say something.
_LATER = ("by_reply",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """MSG-2's form as it was at launch."""

    organization: str
    incident: Phrase
    #: Aware; shown in `time_zone` to the minute.
    occurred_at: datetime
    time_zone: str
    place: str = ""
    situation: Phrase = field(default_factory=Phrase)
    situation_note: str = ""
    instruction: Phrase = field(default_factory=Phrase)
    instruction_note: str = ""
    #: 発信者, as typed.
    signed: str
    #: () asks nothing.
    choices: tuple[Choice, ...] = ()
    #: 受信確認: a personal page with a button, also where nothing is asked (SCH-5).
    confirm: bool = True
    drill: bool = False
    #: 再通知: to whom a later wave goes, "silent" or "failed"; "": it is the first (OPS-1).
    again: str = ""
    #: The mail says that a reply to it is an answer, too (MSG-8).
    by_reply: bool = False
    sender: Sender = field(default_factory=Sender)

    @property
    def has_page(self) -> bool:
        """Whether the message carries a personal address."""
        return self.confirm or bool(self.choices)

    def choice(self, code: str) -> Choice | None:
        """Return the answer of this code."""
        return next((choice for choice in self.choices if choice.code == code), None)

    def to_json(self) -> dict[str, Any]:
        """Return what the column `content` holds."""
        stored = {**asdict(self), "occurred_at": self.occurred_at.isoformat()}
        for name in _LATER:
            if not stored[name]:
                del stored[name]
        return stored

    @classmethod
    def from_json(cls, value: str | Mapping[str, Any]) -> Self:
        """Read the column `content`; what a later version wrote beside it is left alone."""
        written = dict(json.loads(value) if isinstance(value, str) else value)
        stored = {name: said for name, said in written.items() if name in cls.__dataclass_fields__}
        for name in ("incident", "situation", "instruction"):
            stored[name] = Phrase(**stored[name])
        stored["occurred_at"] = datetime.fromisoformat(stored["occurred_at"])
        stored["sender"] = Sender(**stored["sender"])
        stored["choices"] = tuple(
            Choice(
                code=choice["code"],
                words=Phrase(**choice["words"]),
                needs_help=choice["needs_help"],
            )
            for choice in stored["choices"]
        )
        return cls(**stored)
