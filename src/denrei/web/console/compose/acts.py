"""Buttons of the compose form that change it and keep all that was typed: a button's value is
`NAME` or `NAME:VALUE` (`day:+1`, `up:phone`, `add:42`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from denrei.broadcasts.typed import Moment, Typed, Way

_STEPS: Mapping[str, timedelta] = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
}
_SIGNS = {"+1": 1, "-1": -1}
#: Minutes that a medium waits for the one before, until somebody changes them.
_WAIT = "10"


def done(typed: Typed, act: str, now: datetime, zone: ZoneInfo) -> Typed:
    """Return the form after a button was pressed; a button that is none of these changes nothing."""
    name, _, value = act.partition(":")
    if name == "now":
        return replace(typed, occurred=Moment.at(now, zone))
    if name in _STEPS and value in _SIGNS:
        return replace(typed, occurred=_stepped(typed.occurred, name, value, now, zone))
    change = _CHANGES.get(name)
    return change(typed, value) if change else typed


def _stepped(typed: Moment, name: str, value: str, now: datetime, zone: ZoneInfo) -> Moment:
    """Return a time one step on; what is no time becomes now."""
    moment = typed.aware(zone)
    if moment is None:
        return Moment.at(now, zone)
    try:
        return Moment.at(moment + _SIGNS[value] * _STEPS[name], zone)
    except OverflowError:  # the end of the calendar
        return typed


def _add(typed: Typed, value: str) -> Typed:
    return replace(typed, people=tuple(dict.fromkeys([*typed.people, value])))


def _drop(typed: Typed, value: str) -> Typed:
    return replace(typed, people=tuple(one for one in typed.people if one != value))


def _drop_all(typed: Typed, _: str) -> Typed:
    return replace(typed, people=())


def _use(typed: Typed, value: str) -> Typed:
    if any(way.medium == value for way in typed.ways):
        return typed
    return replace(typed, ways=(*typed.ways, Way(medium=value, wait=_WAIT)))


def _remove(typed: Typed, value: str) -> Typed:
    return replace(typed, ways=tuple(way for way in typed.ways if way.medium != value))


def _up(typed: Typed, value: str) -> Typed:
    ways = list(typed.ways)
    for number in range(1, len(ways)):
        if ways[number].medium == value:
            ways[number - 1 : number + 1] = [ways[number], ways[number - 1]]
            break
    return replace(typed, ways=tuple(ways))


def _down(typed: Typed, value: str) -> Typed:
    media = [way.medium for way in typed.ways]
    below = media[media.index(value) + 1 :] if value in media else []
    return _up(typed, below[0]) if below else typed


_CHANGES: Mapping[str, Callable[[Typed, str], Typed]] = {
    "add": _add,
    "drop": _drop,
    "drop-all": _drop_all,
    "use": _use,
    "remove": _remove,
    "up": _up,
    "down": _down,
}
