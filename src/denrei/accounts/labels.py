"""What an organization calls its lists: a school says 学年 where a company says 連絡グループ (MSG-1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from denrei.accounts.models import Organization, Preset


class Label(StrEnum):
    """A list with a name that the organization may change."""

    #: Who works with the console.
    OPERATORS = "operators"
    #: Into which people are sorted.
    GROUPS = "groups"
    #: What people are.
    POSITIONS = "positions"
    #: What happened; becomes the mail's subject.
    INCIDENTS = "incidents"
    #: How it stands, under one incident type.
    SITUATIONS = "situations"
    #: What to do, under one incident type.
    INSTRUCTIONS = "instructions"
    #: What people may answer.
    ANSWERS = "answers"


_COMPANY: Mapping[Label, str] = {
    Label.OPERATORS: _("操作者"),
    Label.GROUPS: _("連絡グループ"),
    Label.POSITIONS: _("役職区分"),
    Label.INCIDENTS: _("発生区分"),
    Label.SITUATIONS: _("状況区分"),
    Label.INSTRUCTIONS: _("指示区分"),
    Label.ANSWERS: _("回答区分"),
}
_SCHOOL: Mapping[Label, str] = {
    **_COMPANY,
    Label.GROUPS: _("学年"),
    Label.POSITIONS: _("クラス"),
    Label.INCIDENTS: _("件名区分"),
    Label.ANSWERS: _("確認区分"),
}
DEFAULTS: Mapping[Preset, Mapping[Label, str]] = {
    Preset.COMPANY: _COMPANY,
    Preset.CITY: _COMPANY,
    Preset.SCHOOL: _SCHOOL,
}
#: Characters that a name of a list may have, so that menus and columns stay readable.
LONGEST = 14


def of(organization: Organization) -> dict[str, str]:
    """Return the words of an organization by `Label` value: its own, else its preset's.

    Words that a preset says are in the language of the page.
    """
    own = organization.settings.get("labels", {})
    default = DEFAULTS[Preset(organization.preset)]
    words = {label: own.get(label.value) or default[label] for label in Label}
    return {
        label.value: gettext(word) if word in _said(label) else word
        for label, word in words.items()
    }


def own(organization: Organization, words: Mapping[Label, str]) -> dict[str, str]:
    """Return of these words those that its preset does not say: what it stores as its own.

    A word that a preset says is stored as it says it, in whatever language it was typed.
    """
    default = DEFAULTS[Preset(organization.preset)]
    meant = {label: _source(label, word) for label, word in words.items()}
    return {label.value: word for label, word in meant.items() if word != default[label]}


def _source(label: Label, word: str) -> str:
    return next((said for said in _said(label) if word == gettext(said)), word)


def _said(label: Label) -> set[str]:
    """Return what presets call a list."""
    return {words[label] for words in DEFAULTS.values()}
