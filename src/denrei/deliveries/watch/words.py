"""What an alarm says: what happened, what that means for the sending, what to do (OPS-5).

The same words stand in the banner and in the mail to administrators, each in its language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from denrei.accounts.models import Operator
from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.watch.models import Alarm, AlarmKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one alarm."""

    what: str
    #: What it means for the sending.
    effect: str
    todo: str
    #: What a server or a program said, "" where it said nothing; in its own language.
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    what: Promise
    effect: Promise | str
    todo: Promise


_STOPPED = gettext_lazy(
    "ほかに使える送信経路がないため、この経路を使う送信は止まっています。"
    "送信待ちの連絡は失われず、復旧すると自動で続きを送信します。"
)
_BY_OTHERS = gettext_lazy("同じ連絡手段のほかの送信経路で、送信を続けています。")
_KINDS: Mapping[AlarmKind, _Kind] = {
    AlarmKind.STALL: _Kind(
        what=gettext_lazy("「%(title)s」の送信が進んでいません（残り%(left)s件）"),
        effect=gettext_lazy(
            "残りの宛先には、まだ届いていません。送信待ちの連絡は失われず、動きだすと続きから送信されます。"
        ),
        todo=gettext_lazy(
            "急ぐ場合は、電話や放送など別の手段でも知らせてください。"
            "送信経路の警報がほかに出ていないときは、システムの担当者へ連絡してください。"
        ),
    ),
    AlarmKind.GATEWAY: _Kind(
        what=gettext_lazy("送信経路「%(name)s」が使えません"),
        effect="%(state)s",
        todo=gettext_lazy(
            "接続先のサーバーと、そこまでのネットワークを確認してください。"
            "設定を変えた直後の場合は、送信経路の設定を見直してください。"
        ),
    ),
    AlarmKind.BROKEN: _Kind(
        what=gettext_lazy("「%(title)s」の集計が、送信の記録と一致していません"),
        effect=gettext_lazy("画面の件数が正しくないおそれがあります。送信そのものは続いています。"),
        todo=gettext_lazy(
            "件数だけで判断せず、受取人ごとの記録で確認してください。"
            "原因を調べるため、データベースを変更せずに、システムの担当者へ連絡してください。"
        ),
    ),
    AlarmKind.OPERATOR_MAIL: _Kind(
        what=gettext_lazy("操作者「%(name)s」のメールアドレスに届いていません"),
        effect=gettext_lazy("この操作者には、警報やテスト送信のメールが届きません。"),
        todo=gettext_lazy(
            "操作者のメールアドレスを確認し、誤りがあれば訂正してください。"
            "正しい場合は、受信の設定を直してから、自分へのテスト送信で確かめてください。"
        ),
    ),
    AlarmKind.NO_WORKER: _Kind(
        what=gettext_lazy("送信の処理が動いていません"),
        effect=gettext_lazy(
            "送信中の連絡の続きと再送が止まっています。管理者への警報のメールも送られません。"
            "送信待ちの連絡は失われず、動きだすと続きから送信されます。"
        ),
        todo=gettext_lazy(
            "システムの担当者へ、ワーカー（denrei worker）の起動を依頼してください。"
            "急ぐ場合は、電話や放送など別の手段でも知らせてください。"
        ),
    ),
    AlarmKind.RETENTION: _Kind(
        what=gettext_lazy("保存期間を過ぎた記録を削除できません"),
        effect=gettext_lazy("送信には影響しません。削除するはずの個人情報が残っています。"),
        todo=gettext_lazy(
            "システムの担当者へ、denrei doctor の実行を依頼してください。"
            "直ると、削除は自動で続き、この警報は消えます。"
        ),
    ),
    AlarmKind.RETENTION_ASKS: _Kind(
        what=gettext_lazy("保存期間による削除を止めています。確認が必要です"),
        effect=gettext_lazy(
            "送信には影響しません。最後に動いた夜（%(night)s）から7日より長くたっています。"
            "サーバーの時計が進みすぎていると、残すべきものまで消えるため、何も削除していません。"
        ),
        todo=gettext_lazy(
            "システムの担当者へ、サーバーの時計が正しいことを確かめ、"
            "denrei retention run --yes を実行するよう依頼してください。"
            "控えから復元したときは、先に、保留にし直す連絡がないかを確認します。"
        ),
    ),
}


def said(alarms: Sequence[Alarm]) -> list[tuple[Alarm, Words]]:
    """Return what each alarm says, in the language that is active.

    What it is about is looked up for all at once; the transaction must act for their organization.
    """
    broadcasts = Broadcast.objects.in_bulk({a.broadcast_id for a in alarms if a.broadcast_id})
    operators = Operator.objects.in_bulk({a.operator_id for a in alarms if a.operator_id})
    return [
        (
            alarm,
            _words(
                alarm,
                _title(broadcasts.get(alarm.broadcast_id or 0)),
                _name(operators.get(alarm.operator_id or 0)),
            ),
        )
        for alarm in alarms
    ]


def _title(broadcast: Broadcast | None) -> str:
    if broadcast is None:
        return ""
    language = "en" if translation.get_language() == "en" else "ja"
    return rendering.subject(Content.from_json(broadcast.content), language)


def _name(operator: Operator | None) -> str:
    return operator.name if operator else ""


def _words(alarm: Alarm, title: str, name: str) -> Words:
    kind, facts = _KINDS[AlarmKind(alarm.kind)], alarm.words
    values = {
        "title": title,
        "name": facts.get("name") or name,
        "left": f"{facts.get('left', 0):,}",
        "night": facts.get("night", ""),
        "state": _BY_OTHERS if facts.get("others") else _STOPPED,
    }
    return Words(
        what=str(kind.what) % values,
        effect=str(kind.effect) % values,
        todo=str(kind.todo) % values,
        cause=facts.get("trouble") or facts.get("reply") or "",
    )
