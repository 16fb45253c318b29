"""How long what is kept: periods, and for each kind of data the default and the bounds (OPS-8).

What a kind holds, and how it is deleted, is `denrei.retention.kinds`. The defaults are no legal
advice: each office has rules of its own for its records, and chooses within the bounds.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Self


class UnknownPeriodError(ValueError):
    """A text is none of the periods, or one that a kind does not allow; the message is Japanese."""


class Period(Enum):
    """A time that something may be kept, the shortest first; (code, days, months)."""

    DAY = ("1d", 1, 0)
    DAYS_7 = ("7d", 7, 0)
    DAYS_30 = ("30d", 30, 0)
    DAYS_90 = ("90d", 90, 0)
    MONTHS_6 = ("6m", 0, 6)
    YEAR = ("1y", 0, 12)
    YEARS_2 = ("2y", 0, 24)
    YEARS_3 = ("3y", 0, 36)
    YEARS_5 = ("5y", 0, 60)
    YEARS_7 = ("7y", 0, 84)
    YEARS_10 = ("10y", 0, 120)
    YEARS_30 = ("30y", 0, 360)
    #: 無期限
    FOREVER = ("forever", 0, 0)

    @property
    def code(self) -> str:
        """Return how it is stored and written in a setting."""
        return self.value[0]

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the period of a code. UnknownPeriodError."""
        for period in cls:
            if period.code == code:
                return period
        codes = "、".join(period.code for period in cls)
        raise UnknownPeriodError(f"「{code}」は期間ではありません（使えるもの：{codes}）。")

    def before(self, now: datetime) -> datetime | None:
        """Return the moment before which it is over; None: never.

        Months are those of the calendar; where a month has no such day, its last one: so nothing
        is deleted younger than the period.
        """
        if self is Period.FOREVER:
            return None
        _, days, months = self.value
        return _months_earlier(now, months) - timedelta(days=days)


def _months_earlier(now: datetime, months: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


#: From the shortest to the longest.
_ORDER = tuple(Period)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What an organization may choose for one kind of data."""

    default: Period
    least: Period
    most: Period = Period.FOREVER

    @property
    def choices(self) -> tuple[Period, ...]:
        """Return the periods that may be chosen, the shortest first."""
        return _ORDER[_ORDER.index(self.least) : _ORDER.index(self.most) + 1]

    @property
    def is_fixed(self) -> bool:
        """Whether there is nothing to choose."""
        return self.least is self.most


def _fixed(period: Period) -> Bounds:
    return Bounds(default=period, least=period, most=period)


#: Kind → what may be chosen. The least is what denrei itself needs to work: bounces come for days, the
#: head of the chain is mailed for a week, the watch looks for two weeks, an operator looks for a season.
BOUNDS: Mapping[str, Bounds] = {
    "broadcasts": Bounds(default=Period.YEARS_5, least=Period.DAYS_90),
    "looks": Bounds(default=Period.YEAR, least=Period.DAYS_30),
    "mail_text": Bounds(default=Period.YEAR, least=Period.DAYS_30),
    "mails": Bounds(default=Period.YEARS_5, least=Period.DAYS_90),
    "contact_tests": Bounds(default=Period.DAYS_90, least=Period.DAYS_30, most=Period.YEARS_2),
    "import_rows": Bounds(default=Period.DAYS_7, least=Period.DAY, most=Period.DAYS_90),
    "imports": Bounds(default=Period.YEARS_5, least=Period.DAYS_90),
    "drafts": Bounds(default=Period.YEARS_2, least=Period.DAYS_30),
    "reservations": Bounds(default=Period.YEARS_5, least=Period.DAYS_90),
    "attention": Bounds(default=Period.YEARS_2, least=Period.DAYS_90),
    "suppressions": Bounds(default=Period.YEARS_2, least=Period.DAYS_90),
    "left_people": Bounds(default=Period.FOREVER, least=Period.DAYS_30),
    "trail": Bounds(default=Period.YEARS_10, least=Period.YEAR),
    "alarms": Bounds(default=Period.YEARS_2, least=Period.DAYS_90),
    "sign_in_failures": Bounds(default=Period.DAYS_30, least=Period.DAY, most=Period.YEAR),
    "reports": _fixed(Period.YEARS_2),
    "unclaimed_mails": _fixed(Period.DAYS_30),
    "sessions": _fixed(Period.DAY),
}


#: Stands among the kinds of the report: a night on which the round only made itself ready.
ARMED = "armed"
#: From a night that made it ready until anything is deleted: who upgraded or restored has a day to look.
NOTICE = timedelta(hours=24)
#: So many nights after the last known one the clock may be wrong: a human must say that it is right.
TRUSTED = timedelta(days=7)


class Standing(Enum):
    """What the round of a night may do for one organization."""

    READY = "ready"
    #: The night before is not known, as after an upgrade or a restore: this one makes it ready.
    UNARMED = "unarmed"
    #: It was made ready, less than `NOTICE` ago.
    WAITS = "waits"
    #: Nothing, until a human says so: the last known night is longer ago than the clock is trusted.
    ASKS = "asks"

    @classmethod
    def of(cls, night: date, newest: date | None, waits: bool) -> Self:
        """Judge a night by the newest one that is known, no later than it; `waits`: `NOTICE` is not over."""
        if newest is None:
            return cls.UNARMED
        if night - newest > TRUSTED:
            return cls.ASKS
        if night - newest > timedelta(days=1):
            return cls.UNARMED
        return cls.WAITS if waits else cls.READY


def chosen(kind: str, code: str) -> Period:
    """Return the period of a code. UnknownPeriodError where the kind does not allow it."""
    period, bounds = Period.of(code), BOUNDS[kind]
    if period not in bounds.choices:
        codes = "、".join(one.code for one in bounds.choices)
        raise UnknownPeriodError(f"{kind} には「{code}」を使えません（使えるもの：{codes}）。")
    return period


def defaults(words: list[str]) -> dict[str, Period]:
    """Read `kind=code` each, as the installation's setting has them. UnknownPeriodError."""
    found = {}
    for word in words:
        kind, _, code = (part.strip() for part in word.partition("="))
        if kind not in BOUNDS or BOUNDS[kind].is_fixed:
            open_ones = "、".join(one for one, bounds in BOUNDS.items() if not bounds.is_fixed)
            raise UnknownPeriodError(
                f"「{kind}」という種類はありません（使えるもの：{open_ones}）。"
            )
        found[kind] = chosen(kind, code)
    return found
