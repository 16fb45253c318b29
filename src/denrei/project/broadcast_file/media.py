"""`media` of a broadcast file: by which media, in which order, after how long (EMC-3)."""

from __future__ import annotations

from typing import Any

from denrei.deliveries.launch import Step
from denrei.domain.states import Medium
from denrei.project.broadcast_file.reading import Reading

_MEDIA = {"mail": Medium.MAIL, "sms": Medium.SMS, "phone": Medium.PHONE, "app": Medium.APP}
_DEFAULT = (Step(medium=Medium.MAIL),)
#: A week.
_LONGEST_MINUTES = 7 * 24 * 60


def steps(file: Reading) -> tuple[Step, ...]:
    """Return the media in order: ["mail"], or [{medium = "phone", after_minutes = 10}]."""
    given = file.given.get("media", ["mail"])
    found = [_step(item) for item in given] if isinstance(given, list) else [None]
    sound = tuple(step for step in found if step is not None)
    if len(sound) < len(found):
        file.complain(
            f"media には {'、'.join(_MEDIA)} を、送る順に書いてください"
            '（例：["mail"]、["mail", {medium = "phone", after_minutes = 10}]）。'
        )
        return _DEFAULT
    return sound


def _step(item: Any) -> Step | None:
    step = item if isinstance(item, dict) else {"medium": item}
    name, minutes = step.get("medium"), step.get("after_minutes", 0)
    medium = _MEDIA.get(name) if isinstance(name, str) else None
    is_time = type(minutes) is int and 0 <= minutes <= _LONGEST_MINUTES
    if medium is None or not is_time or not step.keys() <= {"medium", "after_minutes"}:
        return None
    return Step(medium=medium, after_seconds=60 * minutes)
