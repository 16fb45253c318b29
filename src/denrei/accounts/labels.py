"""What an organization calls its lists: a school says 学年 where a company says 連絡グループ (MSG-1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

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
    Label.OPERATORS: "操作者",
    Label.GROUPS: "連絡グループ",
    Label.POSITIONS: "役職区分",
    Label.INCIDENTS: "発生区分",
    Label.SITUATIONS: "状況区分",
    Label.INSTRUCTIONS: "指示区分",
    Label.ANSWERS: "回答区分",
}
_SCHOOL: Mapping[Label, str] = {
    **_COMPANY,
    Label.GROUPS: "学年",
    Label.POSITIONS: "クラス",
    Label.INCIDENTS: "件名区分",
    Label.ANSWERS: "確認区分",
}
DEFAULTS: Mapping[Preset, Mapping[Label, str]] = {
    Preset.COMPANY: _COMPANY,
    Preset.CITY: _COMPANY,
    Preset.SCHOOL: _SCHOOL,
}
#: Characters that a name of a list may have, so that menus and columns stay readable.
LONGEST = 12


def of(organization: Organization) -> dict[str, str]:
    """Return the words of an organization by `Label` value: its own, else its preset's."""
    own = organization.settings.get("labels", {})
    default = DEFAULTS[Preset(organization.preset)]
    return {label.value: own.get(label.value) or default[label] for label in Label}


def own(organization: Organization, words: Mapping[Label, str]) -> dict[str, str]:
    """Return of these words those that its preset does not say: what it stores as its own."""
    default = DEFAULTS[Preset(organization.preset)]
    return {label.value: word for label, word in words.items() if word != default[label]}
