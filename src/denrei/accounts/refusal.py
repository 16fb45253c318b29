"""Why a change of operators, units or settings is refused, in words for the one who asked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(StrEnum):
    """A rule that a change would break; stable, the words are in `MESSAGES`."""

    #: Who asked was deactivated or has fewer rights by now.
    NO_LONGER = "no longer"
    #: What was to be changed is gone, or out of the reach of who asked (ALL-5).
    GONE = "gone"
    #: More than he has himself: another unit, or the whole organization.
    BEYOND = "beyond"
    #: His own role, unit or activity.
    YOURSELF = "yourself"
    #: Nobody would be left who may change settings.
    LAST_ADMINISTRATOR = "last administrator"
    #: Another operator of the organization has this login, in whatever case.
    LOGIN_TAKEN = "login taken"
    #: Another unit of the organization has this code.
    CODE_TAKEN = "code taken"
    #: A unit below itself.
    CYCLE = "cycle"
    #: Something belongs to the unit.
    IN_USE = "in use"


MESSAGES: Mapping[Refusal, str | Promise] = {
    Refusal.NO_LONGER: _(
        "あなたの権限が、この間に変わりました。変更は保存していません。ほかの管理者に確認してください。"
    ),
    Refusal.GONE: _(
        "変更しようとしたものは、削除されたか、担当の範囲から外れました。一覧を開き直してください。"
    ),
    Refusal.BEYOND: _(
        "自分の担当より広い範囲は指定できません。自分の所属か、その下の所属を選んでください。"
    ),
    Refusal.YOURSELF: _(
        "自分自身の権限、所属、使用停止は変更できません。ほかの管理者に依頼してください。"
    ),
    Refusal.LAST_ADMINISTRATOR: _(
        "団体全体の管理者は、少なくとも1人必要です。先に、別の操作者を団体全体の管理者にしてください。"
    ),
    Refusal.LOGIN_TAKEN: _(
        "この利用者IDは、ほかの操作者が使っています。別の利用者IDを入力してください。"
    ),
    Refusal.CODE_TAKEN: _("このコードは、ほかの所属が使っています。別のコードを入力してください。"),
    Refusal.CYCLE: _("所属は、自分自身やその下の所属へ移せません。別の移動先を選んでください。"),
    Refusal.IN_USE: _("この所属は使われているため、削除できません。"),
}


class RefusedError(ValueError):
    """A change would break a rule; `code` says which one, `words` is for who asked."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code

    @property
    def words(self) -> str:
        """Return the sentence in the language of the request."""
        return str(MESSAGES[self.code])
