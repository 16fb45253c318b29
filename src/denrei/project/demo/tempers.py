"""Whether and when a person answers: the curve of a real drill, drawn by a seeded generator."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

#: The weight of the first answer of a page (無事です) against each of the others.
_FIRST, _OTHERS = 0.94, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How people behave. Shares are of 1, times are seconds of simulated time from hand-over."""

    #: The commonest time of an answer.
    mode: float = 120.0
    #: Sigma of the log-normal curve: 0.9 puts half of the answers before 4.5 minutes.
    spread: float = 0.9
    #: Nobody answers later than this.
    longest: float = 3600.0
    #: Who answers in the end.
    answers: float = 0.82
    #: Who opens the page and does not answer.
    peeks: float = 0.08
    #: Of those who answer, who answers otherwise later.
    changes: float = 0.06
    #: Of the mails, how many a scanner or a preview fetches within `scan_within` of hand-over.
    scans: float = 0.05
    scan_within: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """What one person does about one mail. Seconds of simulated time; None: never."""

    opens: float | None
    answers: bool = False
    #: From hand-over.
    changes: float | None = None


def temper(rng: random.Random, curve: Curve) -> Temper:
    """Draw one person."""
    at, again = _delay(rng, curve), _delay(rng, curve)
    lot, second = rng.random(), rng.random()
    if lot < curve.answers:
        later = at + again
        return Temper(opens=at, answers=True, changes=later if second < curve.changes else None)
    return Temper(opens=at if lot < curve.answers + curve.peeks else None)


def _delay(rng: random.Random, curve: Curve) -> float:
    """Draw a time whose density is highest at the mode, exp(mu - sigma**2)."""
    mu = math.log(curve.mode) + curve.spread**2
    return min(rng.lognormvariate(mu, curve.spread), curve.longest)


def scan(rng: random.Random, curve: Curve) -> float | None:
    """Draw when a scanner fetches a mail's address; None: never."""
    lot, at = rng.random(), rng.random()
    return at * curve.scan_within if lot < curve.scans else None


def choose(rng: random.Random, values: Sequence[str], *, besides: str | None = None) -> str:
    """Draw an answer: nearly everybody gives the first on the page, few each of the others."""
    open_to = [value for value in values if value != besides] or list(values)
    weights = [_FIRST if value == values[0] else _OTHERS for value in open_to]
    return rng.choices(open_to, weights)[0]
