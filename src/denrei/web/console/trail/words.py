"""What fields and values of the audit trail are called: JSON in, words out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts.labels import Label
from denrei.accounts.models import Role
from denrei.directory.models import ContactState, Language, RecipientState
from denrei.domain.states import Medium
from denrei.responses.models import Source
from denrei.retention.kinds import KINDS
from denrei.retention.words import PERIODS
from denrei.web.console.gateways.words import SETTINGS

#: A `Label` is called as the organization calls it; a field without words shows its bare name.
FIELDS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("名称"),
    "name_en": gettext_lazy("英語の名称"),
    "code": gettext_lazy("コード"),
    "kana": gettext_lazy("ふりがな"),
    "login": gettext_lazy("利用者ID"),
    "email": gettext_lazy("メールアドレス"),
    "role": gettext_lazy("権限"),
    "unit": gettext_lazy("所属"),
    "sent_by": gettext_lazy("送信できる人"),
    "parent": gettext_lazy("上の所属"),
    "is_active": gettext_lazy("使用できる"),
    "sessions": gettext_lazy("終了したサインイン"),
    "until": gettext_lazy("ロックの終わり"),
    "known_device": gettext_lazy("いつもの端末"),
    "address": gettext_lazy("アドレス"),
    "device": gettext_lazy("ブラウザー"),
    "kind": gettext_lazy("種類"),
    "time_zone": gettext_lazy("時間帯"),
    "receiving_slots": gettext_lazy("受信するメールアドレスの数"),
    "sender_name": gettext_lazy("差出人の名前"),
    "sender_address": gettext_lazy("差出人のアドレス"),
    "reply_to": gettext_lazy("返信先"),
    "sign_in_networks": gettext_lazy("サインインできる接続元"),
    "change_networks": gettext_lazy("変更できる接続元"),
    "typed_count_above": gettext_lazy("人数の入力を求める人数"),
    "sign_in_before_launch": gettext_lazy("送信前の再確認"),
    "answers_by_reply": gettext_lazy("返信での回答の案内"),
    "second_factor_required": gettext_lazy("二要素認証の必須"),
    "labels": gettext_lazy("区分の呼び名"),
    "household": gettext_lazy("世帯"),
    "children": gettext_lazy("児童"),
    "class_name": gettext_lazy("クラス"),
    "language": gettext_lazy("言語"),
    "state": gettext_lazy("状態"),
    "groups": Label.GROUPS,
    "group": Label.GROUPS,
    "positions": Label.POSITIONS,
    "position": Label.POSITIONS,
    "contacts": gettext_lazy("連絡先"),
    "medium": gettext_lazy("手段"),
    "slot": gettext_lazy("順番"),
    "receives": gettext_lazy("連絡メールを受信する"),
    "order": gettext_lazy("並び順"),
    "priority": gettext_lazy("優先度"),
    "give_up_minutes": gettext_lazy("送るのをやめるまで（分）"),
    "needs_help": gettext_lazy("支援が必要な回答"),
    "people": gettext_lazy("人数"),
    "recipients": gettext_lazy("人数"),
    "person": gettext_lazy("対象の人の番号"),
    "drill": gettext_lazy("訓練"),
    "sent": gettext_lazy("件数"),
    "filter": gettext_lazy("絞り込み"),
    "rows": gettext_lazy("行数"),
    "created": gettext_lazy("新しい区分"),
    "file": gettext_lazy("ファイル"),
    "restored": gettext_lazy("前の内容に戻した人数"),
    "removed": gettext_lazy("名簿から削除した人数"),
    "left": gettext_lazy("退会にした人数"),
    "kept": gettext_lazy("そのままにした人数"),
    "launch_at": gettext_lazy("送信する時刻"),
    "not_after": gettext_lazy("送信の期限"),
    "accepted": gettext_lazy("受け付け"),
    "reply": gettext_lazy("応答"),
    "words": gettext_lazy("理由"),
    "wave": gettext_lazy("回"),
    "target": gettext_lazy("送る相手"),
    "due_at": gettext_lazy("再通知する時刻"),
    "answer": gettext_lazy("回答"),
    "source": gettext_lazy("回答した人"),
    "assigned_to": gettext_lazy("担当"),
    "snoozed_until": gettext_lazy("先送りの期限"),
    "note": gettext_lazy("メモ"),
    "settings": gettext_lazy("変更した設定"),
    "rank": gettext_lazy("優先順"),
    "rate": gettext_lazy("1秒あたりの通数の上限"),
    "reason": gettext_lazy("理由"),
    **{kind.code: kind.name for kind in KINDS},
}
#: Of use to programs only.
HIDDEN = frozenset(
    {"ids", "digest", "revision", "form", "incident_type_id", "broadcast_id", "recipient_id"}
)
_MEDIA = {str(key): gettext_lazy(m.label) for m in Medium for key in (m.value, m.name)}
_PERIODS = {period.code: words for period, words in PERIODS.items()}
_CHOICES: Mapping[str, Mapping[str, str | Promise]] = {
    "role": dict(Role.choices),
    "language": dict(Language.choices),
    "medium": _MEDIA,
    "settings": SETTINGS,
    "state": {str(state): words for state, words in RecipientState.choices},
    "target": {
        "silent": gettext_lazy("まだ回答していない人"),
        "failed": gettext_lazy("届いていない人"),
    },
    "source": {
        Source.SELF: gettext_lazy("本人"),
        Source.FAMILY: gettext_lazy("家族"),
        Source.PROXY: gettext_lazy("代理"),
        Source.VISIT: gettext_lazy("訪問"),
        Source.PHONE: gettext_lazy("電話口"),
    },
    **{kind.code: _PERIODS for kind in KINDS},
}
#: `state` where it stands in a contact.
_CONTACT_STATES = {str(state): words for state, words in ContactState.choices}
_TIMES = frozenset({"until", "launch_at", "not_after", "due_at", "snoozed_until"})
_COUNTED = frozenset({"recipients"})


def field(name: str, labels: Mapping[str, str]) -> str:
    """Return what a field is called."""
    words = FIELDS.get(name, name)
    return labels[words] if isinstance(words, Label) else str(words)


def value(name: str, found: object) -> str:
    """Return a value in words; a list has a line for each entry."""
    if found is None or found in ("", [], {}):
        return _("なし")
    if isinstance(found, bool):
        return _("はい") if found else _("いいえ")
    if isinstance(found, list):
        return _list(name, found)
    if isinstance(found, Mapping):
        return _join(found, _value_in_contact if "medium" in found else value)
    return _single(name, str(found))


def _single(name: str, found: str) -> str:
    if name in _TIMES:
        return _time(found)
    return str(_CHOICES.get(name, {}).get(found, found))


def _list(name: str, found: list[object]) -> str:
    if name in _COUNTED:
        return str(len(found))
    return "\n".join(value(name, one) for one in found)


def _join(found: Mapping[str, object], say: Callable[[str, object], str]) -> str:
    parts = (
        _("%(field)s：%(value)s")
        % {"field": field(key, {label: label.value for label in Label}), "value": say(key, one)}
        for key, one in found.items()
        if key not in HIDDEN
    )
    return _("、").join(parts)


def _value_in_contact(name: str, found: object) -> str:
    return str(_CONTACT_STATES.get(str(found), found)) if name == "state" else value(name, found)


def _time(text: str) -> str:
    try:
        return formats.date_format(
            timezone.localtime(datetime.fromisoformat(text)), _("Y年n月j日 H:i")
        )
    except ValueError:
        return text
