"""The two equations that hold at every moment of a broadcast (NEW-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from denrei.domain.states import Grade, State


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """対象 = 回答 + 到達のみ + 未到達 + 連絡先なし."""

    total: int
    answered: int
    reached_only: int
    unreached: int
    no_contact: int

    @classmethod
    def counted(cls, total: int, grades: Mapping[Grade, int]) -> People:
        """Build from the size of the audience and the number of people in each grade."""
        return cls(
            total=total,
            answered=grades.get(Grade.ANSWERED, 0),
            reached_only=sum(grades.get(grade, 0) for grade in _REACHED),
            unreached=grades.get(Grade.UNREACHED, 0),
            no_contact=grades.get(Grade.NO_CONTACT, 0),
        )

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """The terms of the right side, each with the name that an operator reads."""
        return (
            ("回答", self.answered),
            ("到達のみ", self.reached_only),
            ("未到達", self.unreached),
            ("連絡先なし", self.no_contact),
        )

    @property
    def difference(self) -> int:
        """The total less its parts; 0 where nobody is lost or counted twice."""
        return _difference(self.total, self.parts)

    @property
    def holds(self) -> bool:
        """Whether the equation is true, and no part is below 0."""
        return _holds(self.total, self.parts)

    def equation(self) -> str:
        """Return the line on the screen; it says ≠ where it does not hold."""
        return _equation("対象", self.total, self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """全配信 = 送信待ち + 処理中 + 引渡し + 到達 + 失敗 + 期限切れ・不明 + 抑止 + 取消."""

    total: int
    waiting: int
    in_work: int
    handed_over: int
    delivered: int
    failed: int
    unknown: int
    suppressed: int
    cancelled: int

    @classmethod
    def counted(cls, total: int, states: Mapping[State, int], in_work: int) -> Deliveries:
        """Build from the number of deliveries in each state.

        `in_work`: those of WAITING that a worker holds, the open ones of the leased chunks.
        """
        return cls(
            total=total,
            waiting=states.get(State.WAITING, 0) - in_work,
            in_work=in_work,
            handed_over=states.get(State.ACCEPTED, 0),
            delivered=states.get(State.DELIVERED, 0),
            failed=sum(states.get(state, 0) for state in _FAILURES),
            unknown=sum(states.get(state, 0) for state in _UNKNOWNS),
            suppressed=states.get(State.SUPPRESSED, 0),
            cancelled=states.get(State.CANCELLED, 0),
        )

    @property
    def left(self) -> int:
        """Deliveries that have not come to an end."""
        return self.waiting + self.in_work

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """The terms of the right side, each with the name that an operator reads."""
        return (
            ("送信待ち", self.waiting),
            ("処理中", self.in_work),
            ("引渡し", self.handed_over),
            ("到達", self.delivered),
            ("失敗", self.failed),
            ("期限切れ・不明", self.unknown),
            ("抑止", self.suppressed),
            ("取消", self.cancelled),
        )

    @property
    def difference(self) -> int:
        """The total less its parts; 0 where no delivery is lost or counted twice."""
        return _difference(self.total, self.parts)

    @property
    def holds(self) -> bool:
        """Whether the equation is true, and no part is below 0."""
        return _holds(self.total, self.parts)

    def equation(self) -> str:
        """Return the line on the screen; it says ≠ where it does not hold."""
        return _equation("全配信", self.total, self.parts)


_REACHED = (Grade.HANDED_OVER, Grade.DEVICE, Grade.READ)
_FAILURES = (State.BOUNCED, State.FAILED, State.EXHAUSTED)
_UNKNOWNS = (State.EXPIRED, State.UNKNOWN)


def _difference(total: int, parts: tuple[tuple[str, int], ...]) -> int:
    return total - sum(count for _, count in parts)


def _holds(total: int, parts: tuple[tuple[str, int], ...]) -> bool:
    return _difference(total, parts) == 0 and all(count >= 0 for _, count in parts)


def _equation(name: str, total: int, parts: tuple[tuple[str, int], ...]) -> str:
    sign = "=" if _holds(total, parts) else "≠"
    terms = " + ".join(f"{label} {count:,}" for label, count in parts)
    return f"{name} {total:,} {sign} {terms}"
