"""Trying a mailbox out: how far a session comes, told step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.outcomes.mailboxes import MailboxError, Step, fetching
from denrei.outcomes.models import Mailbox, Protocol

#: In their order; POP3 has no folders.
_STEPS = (Step.CONNECT, Step.SIGN_IN, Step.FOLDER, Step.LIST)
_WORDS: Mapping[Step, str | Promise] = {
    Step.CONNECT: _("接続"),
    Step.SIGN_IN: _("サインイン"),
    Step.FOLDER: _("フォルダーを開く"),
    Step.LIST: _("一覧の取得"),
}
#: What to look at where a step fails.
_ADVICE: Mapping[Step, str | Promise] = {
    Step.CONNECT: _("ホスト、方式、暗号化と、間にあるファイアウォールの設定を確認してください。"),
    Step.SIGN_IN: _(
        "利用者名とパスワードを確認してください。メールソフト用のパスワードを別に発行する事業者もあります。"
    ),
    Step.FOLDER: _("フォルダーの名前を確認してください。"),
    Step.LIST: _("時間をおいて、もう一度確かめてください。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step as it is shown."""

    words: str | Promise
    is_done: bool
    has_failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it."""

    stages: tuple[Stage, ...]
    #: Mails that lie in the mailbox, where all went well.
    mails: int = 0
    #: The words of the server or of the system, and what to look at; "" where all went well.
    why: str = ""
    advice: str | Promise = ""

    @property
    def is_well(self) -> bool:
        """Did every step succeed?"""
        return all(stage.is_done for stage in self.stages)


def try_out(mailbox: Mailbox, password: str) -> Tried:
    """Sign in and count what lies there; nothing is changed. Takes up to a minute where nobody answers."""
    steps = _steps(mailbox)
    try:
        mails = fetching.try_out(mailbox, password)
    except MailboxError as error:
        failed = steps.index(error.step) if error.step in steps else len(steps) - 1
        return Tried(stages=_stages(steps, failed), why=error.why, advice=_ADVICE[steps[failed]])
    return Tried(stages=_stages(steps, len(steps)), mails=mails)


def unreadable(mailbox: Mailbox) -> Tried:
    """Return what came of it where the saved password can't be read: nobody was asked."""
    return Tried(
        stages=_stages(_steps(mailbox), -1),
        advice=_("保存したパスワードを読み取れません。パスワードを入力し直して保存してください。"),
    )


def _steps(mailbox: Mailbox) -> list[Step]:
    return [step for step in _STEPS if mailbox.protocol == Protocol.IMAP or step is not Step.FOLDER]


def _stages(steps: list[Step], failed: int) -> tuple[Stage, ...]:
    return tuple(
        Stage(words=_WORDS[step], is_done=at < failed, has_failed=at == failed)
        for at, step in enumerate(steps)
    )
