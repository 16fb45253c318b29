"""Facts of a person and acts of operators in words: the history, and what two people typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.accounts.labels import Label
from denrei.directory import addresses
from denrei.directory.facts import Facts
from denrei.directory.models import ContactState, Language, RecipientState
from denrei.domain.states import Medium
from denrei.web.console.people import rows

ACTIONS: Mapping[str, object] = {
    "person.added": _("登録"),
    "person.changed": _("変更"),
    "person.left": _("退会"),
    "person.returned": _("在籍に戻した"),
    "address.released": _("エラーアドレスの抑止を解除"),
    "address.tried": _("テスト連絡を始めた"),
    "address.left_out": _("テスト連絡が届かず、エラーアドレスとして送信を停止"),
    "address.tested": _("テスト連絡が届き、エラーアドレスの抑止を終了"),
    "address.heard": _("本人の応答で、エラーアドレスの抑止を終了"),
    "people.joined": _("まとめてグループに入れた"),
    "people.parted": _("まとめてグループから外した"),
    "people.appointed": _("まとめて役職を設定"),
    "people.left": _("まとめて退会"),
    "people.returned": _("まとめて在籍に戻した"),
}
_FACTS: Mapping[str, object] = {
    "name": _("氏名"),
    "kana": _("ふりがな"),
    "code": _("利用者コード"),
    "unit": _("所属"),
    "household": _("世帯コード"),
    "language": _("言語"),
    "state": _("状態"),
    "contacts": _("連絡先"),
    "group": _("グループ"),
    "position": _("役職"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One fact as it was and as it became."""

    label: str
    before: str
    after: str


def differences(
    before: Facts | None, after: Facts | None, called: Mapping[str, str]
) -> list[Difference]:
    """Return what differs between two sets of facts, in the order of the form.

    Of contacts only those that differ. `called`: the organization's names of its lists. Facts
    that nobody has a name for are left out.
    """
    was, became = before or {}, after or {}
    names = {**_FACTS, "groups": called[Label.GROUPS], "positions": called[Label.POSITIONS]}
    found = []
    for key, name in names.items():
        old, new = was.get(key), became.get(key)
        if old == new:
            continue
        if key == "contacts":
            old, new = _apart(old or [], new or [])
        found.append(Difference(label=str(name), before=_words(key, old), after=_words(key, new)))
    return found


def _apart(was: Any, became: Any) -> tuple[list[Any], list[Any]]:
    return [one for one in was if one not in became], [one for one in became if one not in was]


def _words(key: str, value: Any) -> str:
    if value in (None, "", []):
        return gettext("（なし）")
    match key:
        case "state":
            return str(RecipientState(value).label)
        case "language":
            return str(Language(value).label)
        case "groups" | "positions":
            return gettext("、").join(value)
        case "contacts":
            return "\n".join(map(_contact, value))
    return str(value)


def _contact(told: Mapping[str, Any]) -> str:
    medium = Medium(told["medium"])
    notes = [str(ContactState(told["state"]).label)] if medium is not Medium.APP else []
    if not told["receives"]:
        notes.append(gettext("受け取らない"))
    where = addresses.shown(told["address"], medium)
    ending = gettext("（%(name)s）") % {"name": gettext("、").join(notes)} if notes else ""
    return f"{rows.label(medium, told['slot'])} {where}{ending}"
