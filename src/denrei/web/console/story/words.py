"""How sources, looks, phases and waves read in a story."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.deliveries.models import WaveKind
from denrei.domain.states import Phase
from denrei.reports.story.entries import Help
from denrei.responses.models import Kind, Source

Words = str | Promise

#: Who told an answer, as its entry says it.
TELLERS: Mapping[str, Words] = {
    Source.SELF: _("本人"),
    Source.FAMILY: _("家族"),
    Source.PROXY: _("代理の人"),
    Source.VISIT: _("訪問して確認"),
    Source.PHONE: _("電話で確認"),
}
#: How an operator heard it, in the order of the form: what is heard most comes first.
HEARD: Mapping[str, Words] = {
    Source.PHONE: _("電話で本人と話した"),
    Source.VISIT: _("訪問して会った"),
    Source.FAMILY: _("家族から聞いた"),
    Source.PROXY: _("代理の人から聞いた"),
    Source.SELF: _("本人から別の方法で聞いた"),
}
#: Why a look is taken for a program's; what may be a person's is not here.
PROGRAMS: Mapping[str, Words] = {
    Kind.HEAD: _("プログラムが、ページがあるかどうかだけを確かめました。"),
    Kind.PREFETCH: _("プログラムが、人が開く前にページを取り寄せました（先読み）。"),
    Kind.EARLY: _("引き渡した直後のアクセスのため、メールの検査装置などと判断しました。"),
    Kind.CROWD: _(
        "同じ接続元から大勢の方のページが開かれているため、メールの検査装置などと判断しました。"
    ),
    Kind.CANARY: _("人には見えないリンクをたどったため、プログラムと判断しました。"),
}
#: How far an attempt came.
PHASES: Mapping[Phase, Words] = {
    Phase.UNSENT: _("送信する前"),
    Phase.BEFORE: _("相手が受け取る前"),
    Phase.ANSWERED: _("相手の応答あり"),
    Phase.IN_DOUBT: _("送信した後、応答なし"),
}
#: What a wave made of the person.
WAVES: Mapping[WaveKind, Words] = {
    WaveKind.LAUNCH: _("連絡の対象になりました"),
    WaveKind.AGAIN: _("再通知の対象になりました"),
    WaveKind.REMINDER: _("自動の再通知の対象になりました"),
}
#: What became of a call for help.
HELPS: Mapping[Help, Words] = {
    Help.TAKEN: _("%(name)sが担当になりました"),
    Help.GIVEN_BACK: _("%(name)sが担当を外しました"),
    Help.CLOSED: _("%(name)sが支援の対応を終えました"),
    Help.TAKEN_BACK: _("新しい回答により、支援が不要になりました"),
}
