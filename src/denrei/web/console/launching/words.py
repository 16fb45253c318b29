"""How forecasts and reasons read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.deliveries.reach import Fate

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def about(seconds: float) -> str:
    """Return a forecast of a duration, rounded up: nobody plans by its seconds."""
    if seconds <= _MINUTE:
        return _("1分以内")
    if seconds < _HOUR:
        return _("約%(minutes)d分") % {"minutes": math.ceil(seconds / _MINUTE)}
    if seconds >= _DAY:
        return _("約%(hours)d時間") % {"hours": math.ceil(seconds / _HOUR)}
    hours, minutes = divmod(math.ceil(seconds / _MINUTE), 60)
    if not minutes:
        return _("約%(hours)d時間") % {"hours": hours}
    return _("約%(hours)d時間%(minutes)d分") % {"hours": hours, "minutes": minutes}


def wait(seconds: int) -> str:
    """Return how long after the launch a medium begins."""
    if not seconds:
        return _("ただちに")
    return _("%(minutes)d分後") % {"minutes": math.ceil(seconds / _MINUTE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a person can't be reached, and what to do about it."""

    words: str | Promise
    remedy: str | Promise


WHY: Mapping[Fate, Why] = {
    Fate.NO_CONTACT: Why(
        words=gettext_lazy("連絡先が1つもない"),
        remedy=gettext_lazy("名簿に連絡先を登録するか、口頭で伝えてください。"),
    ),
    Fate.OTHER_MEDIUM: Why(
        words=gettext_lazy("選んでいない手段の連絡先だけがある"),
        remedy=gettext_lazy(
            "その手段を使えるときは「内容を直す」で加えてください。使えないときは、口頭などで伝えてください。"
        ),
    ),
    Fate.OTHER_SLOT: Why(
        words=gettext_lazy("一斉連絡に使わない枠のアドレスだけがある"),
        remedy=gettext_lazy("名簿で、受信する枠にアドレスを登録してください。"),
    ),
    Fate.SWITCHED_OFF: Why(
        words=gettext_lazy("本人が「受信しない」を選んでいる"),
        remedy=gettext_lazy("急ぐときは口頭で伝えてください。"),
    ),
    Fate.KNOWN_BAD: Why(
        words=gettext_lazy("エラーアドレスだけがある"),
        remedy=gettext_lazy("名簿でアドレスを直すか、別の連絡先を登録してください。"),
    ),
}
