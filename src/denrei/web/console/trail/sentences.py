"""Every act of the audit trail in words: the one table from action to sentence (ALL-3).

A new action gets a line here; `%(name)s` is the 「name」 of what was changed, or nothing. An action
without a line is shown by its bare name and found by no filter.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts.labels import Label

#: Lists that the organization keeps itself, by the name of their table.
LISTS: Mapping[str, Label] = {
    "contact_group": Label.GROUPS,
    "position": Label.POSITIONS,
    "incident_type": Label.INCIDENTS,
    "situation": Label.SITUATIONS,
    "instruction": Label.INSTRUCTIONS,
    "answer_choice": Label.ANSWERS,
}
_LIST_ACTS: Mapping[str, str | Promise] = {
    "added": gettext_lazy("%(list)s%(name)sを追加しました"),
    "changed": gettext_lazy("%(list)s%(name)sを変更しました"),
    "deleted": gettext_lazy("%(list)s%(name)sを削除しました"),
    "reordered": gettext_lazy("%(list)sの並び順を変更しました"),
}
_DOOR: Mapping[str, str | Promise] = {
    "operator.signed_in": gettext_lazy("サインインしました"),
    "operator.signed_out": gettext_lazy("サインアウトしました"),
    "operator.locked": gettext_lazy("誤ったパスワードが続き、操作者%(name)sをロックしました"),
    "operator.unlocked": gettext_lazy("操作者%(name)sのロックを解除しました"),
    "operator.password_changed": gettext_lazy("自分のパスワードを変更しました"),
    "operator.session_ended": gettext_lazy("自分のサインインを1件終了しました"),
    "operator.other_sessions_ended": gettext_lazy("自分のほかのサインインをすべて終了しました"),
    "second_factor.added": gettext_lazy("二要素認証を登録しました"),
    "second_factor.removed": gettext_lazy("二要素認証を削除しました"),
    "second_factor.renamed": gettext_lazy("パスキーの名前を変更しました"),
    "second_factor.renewed": gettext_lazy("二要素認証の予備コードを作り直しました"),
    "second_factor.used": gettext_lazy("二要素認証で本人と確認しました"),
    "second_factor.refused": gettext_lazy("二要素認証で本人と確認できませんでした"),
}
_OFFICE: Mapping[str, str | Promise] = {
    "operator.added": gettext_lazy("操作者%(name)sを追加しました"),
    "operator.changed": gettext_lazy("操作者%(name)sの登録を変更しました"),
    "operator.deactivated": gettext_lazy("操作者%(name)sの使用を停止しました"),
    "operator.reactivated": gettext_lazy("操作者%(name)sの使用を再開しました"),
    "operator.password_reset": gettext_lazy("操作者%(name)sのパスワードを再発行しました"),
    "operator.sessions_ended": gettext_lazy("操作者%(name)sをサインアウトさせました"),
    "operator.second_factor_removed": gettext_lazy("操作者%(name)sの二要素認証を解除しました"),
    "unit.added": gettext_lazy("所属%(name)sを追加しました"),
    "unit.changed": gettext_lazy("所属%(name)sを変更しました"),
    "unit.deleted": gettext_lazy("所属%(name)sを削除しました"),
    "organization.created": gettext_lazy("団体%(name)sを作成しました"),
    "organization.changed": gettext_lazy("団体の設定を変更しました"),
    "mailbox.added": gettext_lazy("メールボックス%(name)sを追加しました"),
    "mailbox.changed": gettext_lazy("メールボックス%(name)sの設定を変更しました"),
    "mailbox.removed": gettext_lazy("メールボックス%(name)sを削除しました"),
    "mailbox.asked": gettext_lazy("メールボックス%(name)sの受信を始めました"),
    "gateway.added": gettext_lazy("送信経路%(name)sを追加しました"),
    "gateway.changed": gettext_lazy("送信経路%(name)sの設定を変更しました"),
    "gateway.stopped": gettext_lazy("送信経路%(name)sの使用を止めました"),
    "gateway.started": gettext_lazy("送信経路%(name)sの使用を再開しました"),
    "gateway.removed": gettext_lazy("送信経路%(name)sを削除しました"),
}
_PEOPLE: Mapping[str, str | Promise] = {
    "people.imported": gettext_lazy("名簿を取り込みました"),
    "people.import_undone": gettext_lazy("名簿の取り込みを元に戻しました"),
    "people.exported": gettext_lazy("名簿を書き出しました"),
    "people.joined": gettext_lazy("選んだ人をグループに入れました"),
    "people.parted": gettext_lazy("選んだ人をグループから外しました"),
    "people.appointed": gettext_lazy("選んだ人の役職を変更しました"),
    "people.left": gettext_lazy("選んだ人を退会にしました"),
    "people.returned": gettext_lazy("選んだ人を在籍に戻しました"),
    "person.added": gettext_lazy("名簿の人%(name)sを登録しました"),
    "person.changed": gettext_lazy("名簿の人%(name)sを変更しました"),
    "person.left": gettext_lazy("名簿の人%(name)sを退会にしました"),
    "person.returned": gettext_lazy("名簿の人%(name)sを在籍に戻しました"),
    "person.erased": gettext_lazy("名簿から%(name)sを削除しました"),
    "household.changed": gettext_lazy("世帯%(name)sの児童を変更しました"),
    "address.heard": gettext_lazy(
        "本人の応答により、送信を止めていた連絡先を、送信できるようにしました"
    ),
    "address.tried": gettext_lazy("連絡先へのテスト連絡を始めました"),
    "address.left_out": gettext_lazy("テスト連絡が届かなかったため、連絡先への送信を止めました"),
    "address.tested": gettext_lazy(
        "テスト連絡が届いたため、送信を止めていた連絡先を、送信できるようにしました"
    ),
    "address.released": gettext_lazy("送信を止めていた連絡先を、送信できるようにしました"),
}
_ATTENTION: Mapping[str, str | Promise] = {
    "mail.handled": gettext_lazy("受信した連絡%(name)sを対応済みにしました"),
    "mail.answer": gettext_lazy("返信のメールを%(name)sの回答として記録しました"),
    "mail.reopened": gettext_lazy("受信した連絡%(name)sを、人が判断するものに戻しました"),
    "attention.taken": gettext_lazy("要対応%(name)sの担当になりました"),
    "attention.assigned": gettext_lazy("要対応%(name)sの担当を決めました"),
    "attention.given_back": gettext_lazy("要対応%(name)sの担当を外しました"),
    "attention.snoozed": gettext_lazy("要対応%(name)sを先送りしました"),
    "attention.done": gettext_lazy("要対応%(name)sを対応済みにしました"),
    "attention.reopened": gettext_lazy("要対応%(name)sを未対応に戻しました"),
    "attention.exported": gettext_lazy("要対応の一覧を書き出しました"),
    "attention.silent_exported": gettext_lazy("無音ドロップ疑いの一覧を書き出しました"),
}
_SENDING: Mapping[str, str | Promise] = {
    "broadcast.launched": gettext_lazy("緊急連絡を送信しました"),
    "broadcast.again": gettext_lazy("緊急連絡を再通知しました"),
    "broadcast.reminder": gettext_lazy("予定の時刻に、緊急連絡を自動で再通知しました"),
    "reminder.added": gettext_lazy("自動の再通知を予定しました"),
    "reminder.cancelled": gettext_lazy("自動の再通知の予定を取り消しました"),
    "broadcast.stopped": gettext_lazy("緊急連絡の送信を停止しました"),
    "broadcast.held": gettext_lazy("緊急連絡を保留にし、明細を削除しないようにしました"),
    "broadcast.let_go": gettext_lazy("緊急連絡の保留をやめました"),
    "broadcast.exported": gettext_lazy("緊急連絡の証明ファイルを書き出しました"),
    "answer.noted": gettext_lazy("聞き取った回答%(name)sを記録しました"),
    "help.taken": gettext_lazy("支援の求め%(name)sを引き受けました"),
    "help.given_back": gettext_lazy("支援の求め%(name)sを担当なしに戻しました"),
    "help.closed": gettext_lazy("支援の求め%(name)sを対応済みにしました"),
    "broadcast.people_exported": gettext_lazy("緊急連絡の対象者の一覧を書き出しました"),
    "broadcast.tested": gettext_lazy("自分あてにテスト送信しました"),
    "broadcast.scheduled": gettext_lazy("緊急連絡を予約しました"),
    "schedule.launched": gettext_lazy("予約した緊急連絡を送信しました"),
    "schedule.cancelled": gettext_lazy("緊急連絡の予約を取り消しました"),
    "schedule.missed": gettext_lazy("予約の期限を過ぎたため、緊急連絡を送信しませんでした"),
    "schedule.failed": gettext_lazy("予約した緊急連絡を送信できませんでした"),
    "schedule.noted": gettext_lazy("送信できなかった予約を確認しました"),
    "draft.created": gettext_lazy("下書き%(name)sを作成しました"),
    "draft.changed": gettext_lazy("下書き%(name)sを変更しました"),
    "draft.deleted": gettext_lazy("下書き%(name)sを削除しました"),
    "template.created": gettext_lazy("定型連絡%(name)sを作成しました"),
    "template.changed": gettext_lazy("定型連絡%(name)sを変更しました"),
    "template.deleted": gettext_lazy("定型連絡%(name)sを削除しました"),
}
_LISTS: Mapping[str, str | Promise] = {
    f"{table}.{act}": _LIST_ACTS[act] for table, act in itertools.product(LISTS, _LIST_ACTS)
}
#: In the order of the filter.
GROUPS: Mapping[str | Promise, Mapping[str, str | Promise]] = {
    gettext_lazy("緊急連絡"): _SENDING,
    gettext_lazy("名簿"): _PEOPLE,
    gettext_lazy("要対応"): _ATTENTION,
    gettext_lazy("区分"): _LISTS,
    gettext_lazy("設定、操作者、所属"): _OFFICE,
    gettext_lazy("サインイン"): _DOOR,
}
SENTENCES: Mapping[str, str | Promise] = {
    action: words for group in GROUPS.values() for action, words in group.items()
}


def say(action: str, labels: Mapping[str, str], name: str = "") -> str:
    """Return the sentence of an action; `labels` is what the organization calls its lists."""
    table = action.partition(".")[0]
    words = str(SENTENCES.get(action, action))
    return words % {
        "name": _("「%(name)s」") % {"name": name} if name else "",
        "list": labels[LISTS[table]] if table in LISTS else "",
    }
