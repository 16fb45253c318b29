"""Statuses that are easily taken for each other, and what tells them apart (EMC-2)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.domain.status import Status

_ERRORS = _(
    "「連絡済(アドレスエラー)」は、送信したメールが戻ってきた状態です。「エラーアドレス」は、以前に戻ってきた"
    "アドレスなので、この連絡では送信しなかった状態です。どちらも、アドレスか受信設定を直すまで届きません。"
)
_CALLS = _(
    "「連絡済(話中終了)」は、話し中・圏外・電源切れでつながらなかった状態です。「連絡済(応答なし)」は、呼び出し音は"
    "鳴りましたが、出なかった状態です。どちらも、決められた間隔でかけ直します。"
)
_NUMBERS = _(
    "「連絡済(着信拒否)」の番号は正しく、端末の設定が着信を断っています。「連絡済(番号間違い)」は、番号そのものを"
    "直すまで、かけられません。"
)
_DEVICES = _(
    "「連絡済(該当端末無し)」は、アプリが削除されたか、機種が変わった状態です。「トークンエラー」は、アプリはありますが、"
    "通知がオフのまま登録された状態です。"
)
_BEGINNINGS = _(
    "「送信待ち」は、まだ一度も送っていない状態です。「連絡中」は、送信の途中か、一時的な不調のあとで次の送信を待つ状態です。"
)
_SMS = _(
    "「配信失敗」は、届かなかったと通知された状態です。「状態不明」は、届いたかどうかの通知が来なかった状態で、"
    "届いていることもあります。"
)

NEIGHBOURS: Mapping[Status, tuple[Status, str | Promise]] = {
    Status.ADDRESS_ERROR: (Status.KNOWN_BAD, _ERRORS),
    Status.KNOWN_BAD: (Status.ADDRESS_ERROR, _ERRORS),
    Status.BUSY: (Status.NO_ANSWER, _CALLS),
    Status.NO_ANSWER: (Status.BUSY, _CALLS),
    Status.CALL_REJECTED: (Status.WRONG_NUMBER, _NUMBERS),
    Status.WRONG_NUMBER: (Status.CALL_REJECTED, _NUMBERS),
    Status.NO_DEVICE: (Status.TOKEN_ERROR, _DEVICES),
    Status.TOKEN_ERROR: (Status.NO_DEVICE, _DEVICES),
    Status.WAITING: (Status.IN_PROGRESS, _BEGINNINGS),
    Status.IN_PROGRESS: (Status.WAITING, _BEGINNINGS),
    Status.SMS_FAILED: (Status.SMS_UNKNOWN, _SMS),
    Status.SMS_UNKNOWN: (Status.SMS_FAILED, _SMS),
}
