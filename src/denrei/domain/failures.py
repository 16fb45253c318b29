"""Why a delivery ended as it did: a closed set of reasons, each with what follows from it.

Channels translate the words of their providers into these reasons; the raw words stay in the
attempt. What a reason leads to (a retry, a suppression, a status) is looked up here and nowhere
else. The numbers are stored in the ledger and never change their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Reason(IntEnum):
    """What happened in the world."""

    NONE = 0
    # mail: the recipient's address
    UNKNOWN_USER = 1
    UNKNOWN_HOST = 2
    MOVED = 3
    FILTERED = 4
    SUSPENDED = 5
    MAILBOX_FULL = 6
    TOO_LARGE = 7
    BAD_ADDRESS = 8
    # mail: we, or the way
    CONTENT = 9
    POLICY = 10
    TEMPORARY = 11
    #: A bounce says that the owner's settings or the carrier's filter refused; the address exists.
    REFUSED = 12
    # any medium: the wire
    CONNECTION = 20
    TIMEOUT = 21
    IN_DOUBT = 22
    THROTTLED = 23
    GATEWAY = 24
    # phone
    BUSY = 30
    OUT_OF_RANGE = 31
    NO_ANSWER = 32
    REJECTED = 33
    BAD_NUMBER = 34
    LINE = 35
    NUMBER_IN_USE = 36
    # app
    UNREGISTERED = 40
    BAD_TOKEN = 41
    # SMS
    WRONG_CARRIER = 50
    HANDSET = 51
    OPTED_OUT = 52
    # not sent at all
    KNOWN_BAD = 60
    STOPPED = 61
    ANSWERED_ELSEWHERE = 62
    GIVEN_UP = 63
    NO_RECEIPT = 64
    OTHER = 99


class Suppress(StrEnum):
    """Whether the next broadcast still goes to this address (EMC-6)."""

    #: Silencing somebody by mistake is the worst error: this is the default.
    NEVER = "never"
    AT_ONCE = "at once"
    #: Three in a row, without a success between them.
    AFTER_THREE = "after three"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from a reason."""

    #: One sentence an operator understands.
    words: str
    #: May the same delivery be tried again?
    retryable: bool = False
    suppress: Suppress = Suppress.NEVER
    #: Our own fault or the gateway's: an operator must hear of it (EMC-6, OPS-5).
    alarm: bool = False


CONSEQUENCES: dict[Reason, Consequence] = {
    Reason.NONE: Consequence("正常に引き渡しました。"),
    Reason.UNKNOWN_USER: Consequence("宛先のアドレスは存在しません。", suppress=Suppress.AT_ONCE),
    Reason.UNKNOWN_HOST: Consequence("宛先のドメインは存在しません。", suppress=Suppress.AT_ONCE),
    Reason.MOVED: Consequence("宛先は移転しています。", suppress=Suppress.AT_ONCE),
    Reason.FILTERED: Consequence(
        "受取人の設定により受信を拒否されました。", suppress=Suppress.AT_ONCE
    ),
    Reason.SUSPENDED: Consequence(
        "宛先のアカウントは停止されています。", suppress=Suppress.AFTER_THREE
    ),
    Reason.MAILBOX_FULL: Consequence("宛先のメールボックスがいっぱいです。", retryable=True),
    Reason.TOO_LARGE: Consequence("メールの大きさが宛先の上限を超えています。"),
    Reason.BAD_ADDRESS: Consequence("メールアドレスの書式が正しくありません。"),
    Reason.CONTENT: Consequence("内容または文字コードが宛先で受け付けられません。", alarm=True),
    Reason.POLICY: Consequence(
        "送信側の設定（認証、評判、方針）を理由に拒否されました。", alarm=True
    ),
    Reason.REFUSED: Consequence(
        "受取人の受信設定、または携帯電話会社の判定により受信を拒否されました。"
    ),
    Reason.TEMPORARY: Consequence("宛先が一時的に受け付けていません。", retryable=True),
    Reason.CONNECTION: Consequence("中継先に接続できません。", retryable=True),
    Reason.TIMEOUT: Consequence("中継先が時間内に応答しません。", retryable=True),
    Reason.IN_DOUBT: Consequence(
        "届いたかどうか確認できません（二重送信の可能性）。", retryable=True
    ),
    Reason.THROTTLED: Consequence("中継先が送信速度を制限しています。", retryable=True),
    Reason.GATEWAY: Consequence("中継先の接続設定に誤りがあります。", retryable=True, alarm=True),
    Reason.BUSY: Consequence("話し中でした。", retryable=True),
    Reason.OUT_OF_RANGE: Consequence("圏外か、電源が切れています。", retryable=True),
    Reason.NO_ANSWER: Consequence("呼び出しましたが、応答がありません。", retryable=True),
    Reason.REJECTED: Consequence("着信を拒否されました。"),
    Reason.BAD_NUMBER: Consequence("電話番号が正しくありません。"),
    Reason.LINE: Consequence("回線の不良または混雑です。", retryable=True),
    Reason.NUMBER_IN_USE: Consequence("同じ番号へ別の連絡で発信中です。", retryable=True),
    Reason.UNREGISTERED: Consequence("端末のアプリ登録がなくなっています。"),
    Reason.BAD_TOKEN: Consequence("正しい端末情報が登録されていません。"),
    Reason.WRONG_CARRIER: Consequence("携帯電話会社が登録と異なります。", retryable=True),
    Reason.HANDSET: Consequence("端末の拒否、未払い、または故障です。"),
    Reason.OPTED_OUT: Consequence("受取人が配信を停止しています。"),
    Reason.KNOWN_BAD: Consequence("以前アドレスエラーになった宛先のため、送信していません。"),
    Reason.STOPPED: Consequence("発信者が連絡を停止しました。"),
    Reason.ANSWERED_ELSEWHERE: Consequence("別の手段で確認が取れました。"),
    Reason.GIVEN_UP: Consequence("打ち切り時刻を過ぎました。"),
    Reason.NO_RECEIPT: Consequence("時間内に到達の通知がありません。"),
    Reason.OTHER: Consequence("原因を特定できません。"),
}
