"""The first steps of an operator: which ones were taken, and whether he wants to see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from denrei.accounts.models import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """The column `operator.first_steps`; which steps there are is for the console to say."""

    #: In the order in which they were taken.
    taken: tuple[str, ...] = ()
    #: The operator put the panel away.
    closed: bool = False

    @classmethod
    def of(cls, operator: Operator) -> Self:
        """Read those of an operator."""
        stored: dict[str, Any] = operator.first_steps
        return cls(taken=tuple(stored.get("taken", ())), closed=bool(stored.get("closed", False)))


def take(operator: Operator, step: str) -> None:
    """Note that an operator took a step; once is enough."""
    known = FirstSteps.of(operator)
    if step not in known.taken:
        _store(operator, FirstSteps(taken=(*known.taken, step), closed=known.closed))


def close(operator: Operator, *, closed: bool) -> None:
    """Put the panel away, or show it again."""
    _store(operator, FirstSteps(taken=FirstSteps.of(operator).taken, closed=closed))


def _store(operator: Operator, steps: FirstSteps) -> None:
    operator.first_steps = {"taken": list(steps.taken), "closed": steps.closed}
    operator.save(update_fields=["first_steps"])
