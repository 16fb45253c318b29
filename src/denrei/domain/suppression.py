"""Which addresses the next broadcasts leave out, and until when (EMC-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from denrei.domain.failures import CONSEQUENCES, Reason, Suppress

#: An address may be mended without our hearing of it, so every suppression ends by itself.
DEFAULT_DAYS = 30
#: Temporary faults say nothing of an address; a suspended account must say it this often.
IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the ledger keeps of a contact after one settled delivery."""

    #: No broadcast goes to it before this moment; None: it stays as it was.
    until: datetime | None
    #: How many AFTER_THREE reasons came since the last success.
    streak: int


def after(reason: Reason, streak: int, now: datetime, days: int = DEFAULT_DAYS) -> Verdict:
    """Judge one settled delivery; `Reason.NONE` is a success and ends the streak.

    A hand-over is no success yet, the mail may still bounce: a success is a hand-over without a
    bounce when its time has passed (OPS-7), or anything a person did.
    """
    if reason is Reason.NONE:
        return Verdict(until=None, streak=0)
    match CONSEQUENCES[reason].suppress:
        case Suppress.AT_ONCE:
            return Verdict(until=now + timedelta(days=days), streak=streak)
        case Suppress.AFTER_THREE:
            suppressed = streak + 1 >= IN_A_ROW
            return Verdict(
                until=now + timedelta(days=days) if suppressed else None, streak=streak + 1
            )
        case Suppress.NEVER:
            return Verdict(until=None, streak=streak)
