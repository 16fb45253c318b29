"""Cases in words: since when, what happened, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.deliveries.models import Attention, AttentionState, Suppression
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.status import Status

#: From this age on a case is marked.
OLD = timedelta(days=7)
#: What happened, by status; `%(why)s` is the sentence of the reason.
_HAPPENED: Mapping[Status, object] = {
    Status.ADDRESS_ERROR: _("メールが戻ってきたか、受け取りを断られました。%(why)s"),
    Status.KNOWN_BAD: _(
        "以前の連絡が届かなかったため、送っていません。%(why)s本人は気づいていないおそれがあります。"
    ),
    Status.CALL_REJECTED: _("電話が、端末の設定により拒否されました。"),
    Status.WRONG_NUMBER: _("電話番号として正しくないため、かけられませんでした。"),
    Status.NO_DEVICE: _("機種変更やアプリの削除により、端末の登録がなくなっています。"),
    Status.TOKEN_ERROR: _("アプリの通知がオフのまま登録されたなどの理由で、送れません。"),
}


def happened(case: Attention, origin: Suppression | None) -> str:
    """Return what happened in one or two sentences; `origin` is why the address is left out."""
    return str(_HAPPENED[case.told_status]) % {"why": why(case, origin)}


def why(case: Attention, origin: Suppression | None) -> str:
    """Return the sentence of the reason; "" where nobody knows more than the status says."""
    reason = Reason(origin.reason) if origin else case.told_reason
    return "" if reason is Reason.KNOWN_BAD else gettext(CONSEQUENCES[reason].words)


def since(began: datetime, now: datetime) -> str:
    """Return how long ago something began, in the largest unit that it fills."""
    age = now - began
    if age >= timedelta(days=1):
        return gettext("%(n)s日") % {"n": age.days}
    if age >= timedelta(hours=1):
        return gettext("%(n)s時間") % {"n": age.seconds // 3600}
    if age >= timedelta(minutes=1):
        return gettext("%(n)s分") % {"n": age.seconds // 60}
    return gettext("1分未満")


def ending(case: Attention) -> str:
    """Return by what a case ended; one that is over and open ended with its suppression."""
    if case.state == AttentionState.OPEN:
        return gettext("抑止の期限が過ぎました。次の連絡は、この連絡先にも送ります")
    return str(AttentionState(case.state).label)


def standing(case: Attention, *, is_over: bool, is_asleep: bool) -> object:
    """Return how the work on a case stands."""
    if is_over:
        return _("対応済み")
    if is_asleep:
        return _("先送り")
    return _("対応中") if case.assigned_to_id else _("未対応")
