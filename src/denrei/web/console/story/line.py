"""One line of the timeline: what is shown, by which icon, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from denrei.domain.status import ACTION_NEEDED, Status
from denrei.web.console.broadcasts.picture import Kind
from denrei.web.console.statuses.looks import LOOKS, anchor

#: Tone of the dot for each shape of a status.
TONES: Mapping[str, str] = {
    "ok": "ok",
    "busy": "act",
    "retry": "warn",
    "odd": "warn",
    "act": "bad",
    "stop": "bad",
    "off": "off",
    "wait": "off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A status as a tag that leads to its help (EMC-2)."""

    status: Status

    @property
    def look(self) -> str:
        """Class of the tag."""
        return LOOKS[self.status][0]

    @property
    def icon(self) -> str:
        """Name of its symbol."""
        return LOOKS[self.status][1]

    @property
    def is_to_act(self) -> bool:
        """Whether an operator is asked to act (EMC-7)."""
        return self.status in ACTION_NEEDED

    @property
    def anchor(self) -> str:
        """Where the help speaks of it."""
        return anchor(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the timeline."""

    at: datetime
    icon: str
    #: Class of the dot: act, ok, bad, warn, off, strong.
    tone: str
    title: str
    mark: Mark | None = None
    evidence: Kind | None = None
    #: May have arrived twice.
    in_doubt: bool = False
    #: A short mark in words, and whether it is bad.
    tag: str = ""
    tag_is_bad: bool = False
    notes: tuple[str, ...] = ()
    #: What somebody said, in his own words.
    quote: str = ""
    #: The words of a provider or a program, as they came.
    raw: str = ""
    raw_title: str = ""
    #: Of the part that opens; unique and always the same.
    raw_id: str = ""


def told(*sentences: str) -> tuple[str, ...]:
    """Return those sentences that say something."""
    return tuple(sentence for sentence in sentences if sentence)
