"""From the compose form to steps: which media, in which order, after how long (EMC-3)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from django.utils.translation import gettext as _

from denrei.broadcasts.typed import Way
from denrei.deliveries.launch import Step
from denrei.deliveries.models import Lane
from denrei.domain.limits import Complaint
from denrei.domain.states import Medium

#: Minutes that one medium may wait for another: a week.
LONGEST_WAIT = 7 * 24 * 60
_DIGITS = len(str(LONGEST_WAIT))


def usable() -> frozenset[Medium]:
    """Return the media that have a lane: what may be chosen."""
    found = Lane.objects.usable().values_list("medium", flat=True).distinct()
    return frozenset(Medium(medium) for medium in found)


def medium_of(way: Way) -> Medium | None:
    """Return the medium that a way names; None where there is none."""
    return Medium.__members__.get(way.medium.upper())


def steps(
    ways: tuple[Way, ...], media: AbstractSet[Medium]
) -> tuple[tuple[Step, ...], list[Complaint]]:
    """Return the steps of a form and what is wrong with them; `media` are those usable."""
    found: list[Step] = []
    words = [] if ways else [_("連絡手段を1つ以上選んでください。")]
    seconds = 0
    for way in ways:
        medium, wait = medium_of(way), _minutes(way.wait)
        if medium is None or medium not in media:
            words.append(_unusable(way, medium))
            continue
        if found and wait is None:
            words.append(_no_wait(medium))
        seconds += 60 * (wait or 0) if found else 0
        found.append(Step(medium=medium, after_seconds=seconds))
    return tuple(found), [Complaint(field="ways", words=one) for one in words]


def _minutes(typed: str) -> int | None:
    fits = typed.isdecimal() and len(typed) <= _DIGITS and int(typed) <= LONGEST_WAIT
    return int(typed) if fits else None


def _unusable(way: Way, medium: Medium | None) -> str:
    words = _(
        "%(medium)sは、送信経路が設定されていないため使えません。外すか、システムの担当者に設定を依頼してください。"
    )
    return words % {"medium": _(medium.label) if medium else way.medium}


def _no_wait(medium: Medium) -> str:
    words = _("%(medium)sまでの間隔を、0～%(most)d分の数字で入力してください。")
    return words % {"medium": _(medium.label), "most": LONGEST_WAIT}
