"""From the compose form to the times at which those without an answer are asked again (OPS-1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denrei.broadcasts.typed import Typed
from denrei.domain.limits import Complaint

#: Minutes between two, and how many there may be: who is reminded each minute stops reading.
SHORTEST, LONGEST, MOST = 5, 1440, 10
#: The field of `Typed` that complaints belong to.
FIELD = "remind"


def minutes(typed: Typed, *, has_page: bool) -> tuple[tuple[int, ...], list[Complaint]]:
    """Return minutes after the launch and what is wrong with them; () where none are asked for.

    `has_page`: an answer or 受信確認 is asked for.
    """
    if not typed.remind:
        return (), []
    every, times = _number(typed.remind_every), _number(typed.remind_times)
    words = []
    if not has_page:
        words.append(
            _(
                "回答も受信確認も求めない連絡では、自動の再通知を使えません。どちらかを求めてください。"
            )
        )
    if every is None or not SHORTEST <= every <= LONGEST:
        given = {"least": SHORTEST, "most": LONGEST}
        words.append(_("再通知の間隔を、%(least)d～%(most)d分の数字で入力してください。") % given)
    if times is None or not 1 <= times <= MOST:
        words.append(_("再通知の回数を、1～%(most)d回の数字で入力してください。") % {"most": MOST})
    if words or every is None or times is None:
        return (), [Complaint(field=FIELD, words="".join(words))]
    return tuple(every * (n + 1) for n in range(times)), []


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) <= len(str(LONGEST)) else None
