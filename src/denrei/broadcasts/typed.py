"""What an operator typed into the compose form, right or wrong: the shape of `Draft.form` (MSG-4).

Every value is text or a switch, cleaned of what nobody sees (`domain.text.clean`) and otherwise as
typed, so that a draft with faults is kept whole. What it means is read by `deliveries.ordering`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

#: More digits than the id of any row has.
_LONGEST_ID = 18
#: A launch is given up and a deadline passes some time after the time that was typed.
_ROOM = timedelta(days=366)


def ids(typed: Iterable[str]) -> list[int]:
    """Return the ids among texts out of a form; what is none is left out."""
    return [int(one) for one in typed if one.isdecimal() and len(one) <= _LONGEST_ID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time to the minute as typed: day `2026-11-21`, hour and minute as digits, 24 hours."""

    day: str = ""
    hour: str = ""
    minute: str = ""

    @classmethod
    def at(cls, moment: datetime, zone: ZoneInfo) -> Self:
        """Return the form of an aware time in a zone."""
        local = moment.astimezone(zone)
        return cls(day=local.date().isoformat(), hour=str(local.hour), minute=f"{local.minute:02d}")

    def aware(self, zone: ZoneInfo) -> datetime | None:
        """Return the time that is meant, aware in `zone`; None where it is none."""
        try:
            day = date.fromisoformat(unicodedata.normalize("NFKC", self.day).strip())
            moment = datetime.combine(day, time(int(self.hour), int(self.minute)), zone)
            _ = moment.astimezone(UTC) + _ROOM  # at the ends of the calendar there is none
        except (ValueError, OverflowError):
            return None
        return moment

    def __bool__(self) -> bool:
        """Tell whether anything was typed."""
        return bool(self.day or self.hour or self.minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A medium by its name (`Medium.name` in lower case), and how long after the one before."""

    medium: str
    #: Minutes after the medium before; of the first it means nothing.
    wait: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The compose form (MSG-2, MSG-3, EMC-3). Rows of lists are named by their ids, as text."""

    drill: bool = False
    incident: str = ""
    occurred: Moment = field(default_factory=Moment)
    #: At most 20 characters.
    place: str = ""
    situation: str = ""
    #: At most 80.
    situation_note: str = ""
    instruction: str = ""
    #: At most 60.
    instruction_note: str = ""
    #: Whether the receiver is asked; `choices` are kept while he is not.
    ask: bool = True
    choices: tuple[str, ...] = ()
    #: 受信確認
    confirm: bool = True
    #: 発信者
    sender: str = ""
    everybody: bool = False
    groups: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    #: 両方; else いずれか.
    both: bool = False
    people: tuple[str, ...] = ()
    #: The broadcast that this one corrects or withdraws, and how (`sequels.Sequel`): it names the recipients then (NEW-13).
    corrects: str = ""
    sequel: str = ""
    #: To everybody who was meant by that one; else to whom it may have reached.
    to_all: bool = False
    #: In order.
    ways: tuple[Way, ...] = (Way(medium="mail"),)
    #: 再通知 by itself to those without an answer, so often, so many minutes apart (OPS-1).
    remind: bool = False
    remind_every: str = "30"
    remind_times: str = "2"
    #: 予約: send at `start`, unless `deadline` has passed.
    scheduled: bool = False
    start: Moment = field(default_factory=Moment)
    #: この時刻までに送れなければ送らない; empty: no such time.
    deadline: Moment = field(default_factory=Moment)

    def to_json(self) -> dict[str, Any]:
        """Return what the column `form` holds."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read the column `form`; what it lacks has its default, what is unknown is left out."""
        names = {one.name for one in fields(cls)}
        known: dict[str, Any] = {name: stored[name] for name in names & stored.keys()}
        for name in {"occurred", "start", "deadline"} & known.keys():
            known[name] = Moment(**known[name])
        for name in {"choices", "groups", "positions", "people"} & known.keys():
            known[name] = tuple(known[name])
        if "ways" in known:
            known["ways"] = tuple(Way(**way) for way in known["ways"])
        return cls(**known)
