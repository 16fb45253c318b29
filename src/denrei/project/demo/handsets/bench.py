"""What a request needs of the running demo: its folder, its inbox, its switches."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.project.demo import pace
from denrei.project.demo.controls import Control
from denrei.project.demo.faults import Fault
from denrei.project.demo.folder import Folder
from denrei.project.demo.handsets import inbox
from denrei.project.demo.handsets.inbox import Inbox
from denrei.project.demo.pace import SPEEDS, Pace

#: Seconds for which something may be broken, in the order offered.
TIMES: Mapping[int, str | Promise] = {30: _("30秒間"), 60: _("1分間"), 180: _("3分間")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakable:
    """One thing to break, in words."""

    fault: Fault
    words: str | Promise
    #: While it is broken.
    during: str | Promise
    note: str | Promise
    #: Seconds that are left; 0: it is not broken.
    left: int = 0


_WORDS: Mapping[Fault, tuple[str | Promise, str | Promise, str | Promise]] = {
    Fault.CLOSED: (
        _("メールサーバーを止める"),
        _("メールサーバーを止めています"),
        _(
            "どの接続も断ります（421）。送信は待ち、直ると自動で再開します。再開まで最長で30秒ほどかかります。"
        ),
    ),
    Fault.SLOW: (
        _("メールサーバーを遅くする"),
        _("メールサーバーを遅くしています"),
        _("1通ごとに3秒待たせてから受け取ります。"),
    ),
    Fault.REFUSING: (
        _("一部の宛先で拒否する"),
        _("一部の宛先で拒否しています"),
        _("10件に3件ほどの宛先が、受信を断ります（550）。いつも同じ宛先です。"),
    ),
}
SPEED_WORDS: Mapping[str, str | Promise] = {
    "slow": _("ゆっくり"),
    "usual": _("ふつう"),
    "fast": _("速い"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """One speed of the people, as a button."""

    name: str
    words: str | Promise
    times: int
    current: bool


def folder() -> Folder:
    """Return where the demo's processes leave what they know."""
    return Folder(path=Path(settings.DEMO))


def newest_inbox() -> Inbox:
    """Return the inbox with all that was written until now."""
    found = inbox.inbox(folder().log, f"{settings.PUBLIC_URL}/r/")
    found.catch_up()
    return found


def people_pace() -> Pace:
    """Return whether the people answer by themselves, and how fast."""
    return pace.read(Control(folder().pace), SPEEDS["usual"])


def speeds(now: Pace) -> Sequence[Speed]:
    """Return the speeds that are offered."""
    return [
        Speed(name=name, words=SPEED_WORDS[name], times=int(speed), current=speed == now.speed)
        for name, speed in SPEEDS.items()
    ]


def breakables() -> Sequence[Breakable]:
    """Return what can be broken, and what is."""
    said, now = Control(folder().faults).read(), time.time()
    return [
        Breakable(
            fault=fault,
            words=words,
            during=during,
            note=note,
            left=max(0, round(float(said.get(fault, 0)) - now)),
        )
        for fault, (words, during, note) in _WORDS.items()
    ]


def set_pace(wanted: Pace) -> None:
    """Let the people answer, or not, from now on."""
    Control(folder().pace).write(wanted.to_json())


def set_fault(fault: Fault, seconds: int) -> None:
    """Break something for so long; 0 mends it."""
    control = Control(folder().faults)
    control.write({**control.read(), fault.value: time.time() + seconds if seconds else 0})
