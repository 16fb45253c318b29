"""A lane as the sending side needs it, and as a wave freezes it; which contacts a medium uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from denrei.accounts.models import Organization
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.models import Lane
from denrei.domain.states import Medium

#: Every slot of a person's contacts.
_ALL_SLOTS = 9


def slots(organization: Organization, medium: Medium) -> int:
    """Return up to which slot contacts of a medium receive broadcasts (SCH-3)."""
    return organization.receiving_slots if medium is Medium.MAIL else _ALL_SLOTS


def frozen(organization: Organization, medium: Medium, after_seconds: int) -> dict[str, object]:
    """Return a step of a wave: where a medium's deliveries go and how they are cut. LaunchError: nowhere."""
    lane = Lane.objects.serving(medium).first()
    if lane is None:
        words = _("%(medium)sの送信経路がありません。設定で送信経路を登録してください。")
        raise LaunchError(words % {"medium": _(medium.label)})
    return {
        "medium": int(medium),
        "lane": lane.pk,
        "size": lane.chunk_size,
        "after": after_seconds,
        "sequential": lane.sequential,
        "slots": slots(organization, medium),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSettings:
    """How deliveries of a lane are claimed, tried and tried again. Times in seconds."""

    id: int
    medium: Medium
    chunk_size: int = 500
    window: int = 500
    lease: float = 30.0
    sequential: bool = False
    rounds: int = 3
    round_gap: int = 300
    #: Before each retry of a refusal; () means the medium's policy.
    retries: tuple[int, ...] = field(default=())
    #: "resend" or "leave"
    doubt: str = "resend"

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> Self:
        """Read a row of the statement `lane`."""
        return cls(
            id=row[0],
            medium=Medium(row[1]),
            chunk_size=row[2],
            window=row[3],
            lease=row[4],
            sequential=row[5],
            rounds=row[6],
            round_gap=row[7],
            retries=tuple(row[8]),
            doubt=row[9],
        )
