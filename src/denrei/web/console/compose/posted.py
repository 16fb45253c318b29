"""From what a browser posted to `Typed`: every value is taken as it is and cleaned, none refused."""

from __future__ import annotations

import unicodedata

from django.http import QueryDict

from denrei.broadcasts.typed import Moment, Typed, Way
from denrei.domain import text

#: Values of the field `mode`.
DRILL, LIVE = "drill", "live"
#: Value of the field `to`: everybody who was meant by the broadcast that is corrected.
ALL = "all"


def read(post: QueryDict) -> Typed:
    """Return the compose form as posted; `people` is one field, ids with commas between them."""
    return Typed(
        drill=post.get("mode") == DRILL,
        incident=_line(post, "incident"),
        occurred=_moment(post, "occurred"),
        place=_line(post, "place"),
        situation=_line(post, "situation"),
        situation_note=_lines(post, "situation_note"),
        instruction=_line(post, "instruction"),
        instruction_note=_lines(post, "instruction_note"),
        ask=post.get("ask") == "yes",
        choices=_list(post, "choices"),
        confirm="confirm" in post,
        sender=_line(post, "sender"),
        everybody="everybody" in post,
        groups=_list(post, "groups"),
        positions=_list(post, "positions"),
        both=post.get("match") == "both",
        people=tuple(one for one in _line(post, "people").split(",") if one),
        corrects=_digits(post, "corrects"),
        sequel=_line(post, "sequel"),
        to_all=post.get("to") == ALL,
        ways=tuple(Way(medium=one, wait=_line(post, f"wait-{one}")) for one in _list(post, "ways")),
        remind="remind" in post,
        remind_every=_digits(post, "remind_every"),
        remind_times=_digits(post, "remind_times"),
        scheduled="scheduled" in post,
        start=_moment(post, "start"),
        deadline=_moment(post, "deadline"),
    )


def _line(post: QueryDict, name: str) -> str:
    return text.clean(post.get(name, "")).text


def _digits(post: QueryDict, name: str) -> str:
    """Return a number as typed; full-width digits are no fault."""
    return unicodedata.normalize("NFKC", _line(post, name))


def _lines(post: QueryDict, name: str) -> str:
    return text.clean(post.get(name, ""), multiline=True).text


def _list(post: QueryDict, name: str) -> tuple[str, ...]:
    """Return the values of a field once each, in order."""
    return tuple(dict.fromkeys(text.clean(one).text for one in post.getlist(name)))


def _moment(post: QueryDict, name: str) -> Moment:
    return Moment(
        day=_line(post, f"{name}-day"),
        hour=_line(post, f"{name}-hour"),
        minute=_line(post, f"{name}-minute"),
    )
