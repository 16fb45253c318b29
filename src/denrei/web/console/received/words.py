"""How a received mail is called: its kind, what denrei did with it, what a human may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.domain.bounces import Kind
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.outcomes import judging
from denrei.outcomes.models import FoundBy, ReceivedMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a kind is called and drawn."""

    words: str | Promise
    icon: str
    #: Of the class `st--…`.
    look: str


LOOKS: Mapping[Kind, Look] = {
    Kind.FAILED: Look(words=_("不達"), icon="mailx", look="act"),
    Kind.DELAYED: Look(words=_("配送の遅れ"), icon="clock", look="retry"),
    Kind.DELIVERED: Look(words=_("配送の通知"), icon="tick", look="ok"),
    Kind.FEEDBACK: Look(words=_("迷惑メールの報告"), icon="hand", look="act"),
    Kind.AUTOMATIC: Look(words=_("自動応答"), icon="busy", look="off"),
    Kind.OTHER: Look(words=_("返信・その他"), icon="reply", look="wait"),
}
#: A reply that was kept as an answer.
ANSWER = Look(words=_("回答"), icon="reply", look="ok")
#: What was done with a kind whose delivery is known, and nobody need judge.
_DONE: Mapping[Kind, str | Promise] = {
    Kind.FAILED: _("この連絡の結果に反映しました。"),
    Kind.DELAYED: _("相手側のサーバーが配送を続けています。連絡の結果は変えていません。"),
    Kind.DELIVERED: _("相手側のサーバーに届いた通知です。本人が読んだことにはしていません。"),
    Kind.AUTOMATIC: _("自動応答です。本人が読んだことにはしていません。"),
}
_BY_PERSON = _(
    "人からの返信か、伝令が判定できないメールです。連絡の結果は変えていません。"
    "内容を読み、安否の回答であれば、回答として記録してください。"
)
_ANSWERED = _("本人の回答として記録しました。回答ページからの回答と同じように数えます。")
_ANSWERED_AND_MORE = _(
    "本人の回答として記録しました。ほかにも書かれていることがあります。内容を読み、対応してください。"
)
_REPORTED = _(
    "受取人が迷惑メールとして報告しました。連絡は届いています。"
    "必要な連絡であることを、本人に説明してください。"
)
_FORWARDED = _(
    "戻ってきたのは、登録と異なるアドレス（転送先など）からです。この連絡は不達としましたが、"
    "登録のアドレスへの送信は止めていません。転送の設定を本人に確認してください。"
)
_UNSIGNED = _(
    "どの連絡のメールかを示す署名がなく、別のアドレスについて述べています。"
    "連絡の結果は変えていません。内容を確認してください。"
)
_BY_ADDRESS = _(
    "どの連絡のメールかを示す署名がないため、宛先のアドレスだけから判断しました。この連絡は不達としましたが、"
    "次の連絡は送信します。アドレスが誤りであれば、名簿で直してください。"
)
_UNPLACED = _("どの連絡についてのものか特定できません。連絡の結果は変えていません。")
_OF_TEST = _("テスト連絡についての返答です。テストの結果は、名簿のその方のページに表示しています。")
#: What a human does with a kind, whether its delivery is known or not.
_FOR_HUMANS: Mapping[Kind, str | Promise] = {Kind.OTHER: _BY_PERSON, Kind.FEEDBACK: _REPORTED}


def look_of(mail: ReceivedMail) -> Look:
    """Return how the kind of a mail is drawn."""
    return ANSWER if mail.response_id else LOOKS[mail.told_kind]


def reason_of(mail: ReceivedMail) -> str:
    """Return why something failed or is delayed, "" where nothing did."""
    reason = mail.told_reason
    return "" if reason is Reason.NONE else gettext(CONSEQUENCES[reason].words)


def meaning_of(mail: ReceivedMail, address: str) -> str | Promise:
    """Return what denrei did with a mail about a delivery to `address`, and what a human may do."""
    kind = mail.told_kind
    if mail.response_id:
        return _ANSWERED_AND_MORE if mail.waits else _ANSWERED
    if kind in _FOR_HUMANS:
        return _FOR_HUMANS[kind]
    if mail.delivery_id is None:
        return _UNPLACED if mail.found_by == FoundBy.NOTHING else _OF_TEST
    is_own = not mail.reported or judging.is_same(mail.reported, address)
    if kind is Kind.FAILED and mail.found_by == FoundBy.ADDRESS:
        return _BY_ADDRESS
    if kind is Kind.FAILED and not is_own:
        return _FORWARDED if mail.found_by == FoundBy.TOKEN else _UNSIGNED
    return _DONE[kind]
