"""What is wrong with a form, field by field in the order of the page; what is only empty waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts import labels
from denrei.accounts.models import Organization
from denrei.broadcasts.typed import Typed
from denrei.domain import text
from denrei.domain.limits import Complaint

#: Characters that the name of a 定型連絡 may have.
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one field."""

    words: str
    #: What the field is called.
    label: str
    #: Element that the link in the bar leads to.
    anchor: str


#: Field → name and anchor, in the order of the page. A name in `labels` is the organization's own.
_FIELDS: Mapping[str, tuple[str | Promise, str]] = {
    "name": (gettext_lazy("定型連絡の名前"), "name"),
    "drill": (gettext_lazy("送信の区分"), "mode-live"),
    "incident": ("incidents", "incident"),
    "occurred": (gettext_lazy("発生日時"), "occurred-day"),
    "place": (gettext_lazy("発生場所"), "place"),
    "situation": ("situations", "situation"),
    "situation_note": (gettext_lazy("状況の補足"), "situation_note"),
    "instruction": ("instructions", "instruction"),
    "instruction_note": (gettext_lazy("指示の補足"), "instruction_note"),
    "choices": ("answers", "ask-yes"),
    "sender": (gettext_lazy("発信者"), "sender"),
    "audience": (gettext_lazy("宛先"), "audience"),
    "ways": (gettext_lazy("連絡手段"), "ways"),
    "remind": (gettext_lazy("自動の再通知"), "remind"),
    "start": (gettext_lazy("予約する日時"), "start-day"),
    "deadline": (gettext_lazy("送信の期限"), "deadline-day"),
}


def by_field(
    complaints: Iterable[Complaint], typed: Typed, organization: Organization, *, everything: bool
) -> dict[str, Fault]:
    """Return the faults to show; unless `everything`, not those of fields still empty."""
    words: dict[str, list[str]] = {}
    for complaint in complaints:
        if everything or not _is_empty(typed, complaint.field):
            words.setdefault(complaint.field, []).append(complaint.words)
    own = labels.of(organization)
    return {
        name: Fault(
            words="".join(words[name]), label=own.get(str(label), str(label)), anchor=anchor
        )
        for name, (label, anchor) in _FIELDS.items()
        if name in words
    }


def of_ready_message(name: str, complaints: Iterable[Complaint]) -> Iterator[Complaint]:
    """Yield what stands against keeping a 定型連絡: it needs a name."""
    over = text.length(name) - LONGEST_NAME
    if not name:
        yield Complaint(field="name", words=_("定型連絡の名前を入力してください。"))
    elif over > 0:
        words = _("%(over)d文字多くなっています。%(limit)d文字以内に短くしてください。")
        words %= {"over": over, "limit": LONGEST_NAME}
        yield Complaint(field="name", words=words)
    yield from complaints


def _is_empty(typed: Typed, name: str) -> bool:
    if name in {"name", "drill"}:
        return False
    if name == "audience":
        named = typed.groups or typed.positions or typed.people or typed.corrects
        return not (named or typed.everybody)
    return not getattr(typed, name)
