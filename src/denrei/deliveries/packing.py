"""An order that is kept until its time, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from denrei.audience.selection import Selection
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Priority
from denrei.deliveries.launch import Order, Step
from denrei.domain.states import Medium


def pack(order: Order, launch_at: datetime) -> dict[str, Any]:
    """Return an order as JSON; its time to give up is kept relative to the launch."""
    return {
        "key": order.key,
        "content": order.content.to_json(),
        "selection": order.selection.asked(),
        "steps": [[int(step.medium), step.after_seconds] for step in order.steps],
        "priority": int(order.priority),
        "corrects": order.corrects,
        "reminders": list(order.reminders),
        "give_up_seconds": (order.give_up_at - launch_at).total_seconds(),
    }


def unpack(packed: Mapping[str, Any], launched_at: datetime) -> Order:
    """Return the order of a launch at this moment. KeyError, TypeError, ValueError: it is none."""
    return Order(
        key=packed["key"],
        content=Content.from_json(packed["content"]),
        selection=_selection(packed["selection"]),
        steps=tuple(
            Step(medium=Medium(medium), after_seconds=after) for medium, after in packed["steps"]
        ),
        priority=Priority(packed["priority"]),
        give_up_at=launched_at + timedelta(seconds=packed["give_up_seconds"]),
        corrects=packed["corrects"],
        reminders=tuple(packed.get("reminders", ())),  # kept by an older version without
    )


def _selection(stored: Mapping[str, Any]) -> Selection:
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return Selection(**given)
