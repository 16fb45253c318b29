"""What each grade of evidence means, the surest first (NEW-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.web.console.broadcasts.picture import KINDS, Kind

_MEANINGS: dict[int, tuple[str | Promise, str | Promise]] = {
    1: (_("人が答えました。"), _("回答ページ、メールの返信、電話のキー、SMSの返信")),
    2: (_("人が確認しました。"), _("確認ボタンの操作、電話の案内でのキー操作")),
    3: (_("端末が受け取りました。"), _("SMSの受領通知")),
    4: (
        _("次の事業者が預かりました。"),
        _("メールサーバーの受付、電話の接続（留守番電話の場合もあります）、通知サービスの受付"),
    ),
    5: (_("何も分かっていません。"), _("待ち、失敗、抑止")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One grade as the page explains it."""

    kind: Kind
    words: str | Promise
    examples: str | Promise


def meanings() -> Sequence[Meaning]:
    """Return all grades, the surest first."""
    return [
        Meaning(kind=kind, words=_MEANINGS[kind.number][0], examples=_MEANINGS[kind.number][1])
        for kind in KINDS
    ]
