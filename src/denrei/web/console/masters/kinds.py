"""What each list is, as data: its fields, its columns, and what it is for (MSG-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.accounts.labels import Label
from denrei.accounts.models import Master
from denrei.broadcasts.masters import TABLES, UNDER_INCIDENTS


class Trait(StrEnum):
    """What entries of a list have beside code, name and place; the value is the model's field."""

    #: What readers of English are shown.
    ENGLISH = "name_en"
    #: How it stands in the queue.
    PRIORITY = "priority"
    #: When what still waits is given up.
    GIVE_UP = "give_up_minutes"
    #: Whether somebody must act on the answer.
    HELP = "needs_help"
    #: Who may send it, by role and by unit (OPS-4).
    SENT_BY = "sent_by"
    UNIT = "unit"


class Column(StrEnum):
    """A column of a list beside place, code and name."""

    #: People who have the entry.
    PEOPLE = "people"
    #: The key pressed in a call.
    KEY = "key"
    #: Whether somebody must act.
    HELP = "help"
    PRIORITY = "priority"
    GIVE_UP = "give_up"
    SENT_BY = "sent_by"
    #: How many situations and instructions an incident type has.
    SITUATIONS = "situations"
    INSTRUCTIONS = "instructions"
    #: Drafts and 定型連絡 that name the entry.
    DRAFTS = "drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One list."""

    label: Label
    #: Where its entries are used; words of lists stand in it as `%(groups)s`.
    purpose: str | Promise
    #: What codes are good for beside telling entries apart.
    code_use: str | Promise = ""
    traits: tuple[Trait, ...] = ()
    columns: tuple[Column, ...] = (Column.DRAFTS,)
    #: Codes are keys of a telephone: the lowest free one is proposed, not the one after the last.
    fills_gaps: bool = False

    @property
    def slug(self) -> str:
        """Return the name in addresses."""
        return self.label.value

    @property
    def table(self) -> type[Master]:
        """Return the model."""
        return TABLES[self.label]

    @property
    def under_incident(self) -> bool:
        """Tell whether each incident type has such a list of its own."""
        return self.label in UNDER_INCIDENTS


_HAVERS = (Column.PEOPLE, Column.DRAFTS)
_IN_FILES = _("名簿を取り込むファイルで、名称の代わりに使えます。")
KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(
            label=Label.GROUPS,
            purpose=_("名簿の人の分類と、緊急連絡の宛先に使います。"),
            code_use=_IN_FILES,
            columns=_HAVERS,
        ),
        Kind(
            label=Label.POSITIONS,
            purpose=_(
                "名簿の人の分類と、緊急連絡の宛先に使います。%(groups)sと組み合わせて選べます。"
            ),
            code_use=_IN_FILES,
            columns=_HAVERS,
        ),
        Kind(
            label=Label.INCIDENTS,
            purpose=_("緊急連絡の件名になります。送る順番と、送るのをやめるまでの時間も決めます。"),
            traits=(Trait.ENGLISH, Trait.PRIORITY, Trait.GIVE_UP, Trait.SENT_BY, Trait.UNIT),
            columns=(
                Column.PRIORITY,
                Column.GIVE_UP,
                Column.SENT_BY,
                Column.SITUATIONS,
                Column.INSTRUCTIONS,
                Column.DRAFTS,
            ),
        ),
        Kind(
            label=Label.SITUATIONS,
            purpose=_("%(incidents)sごとに、緊急連絡の本文で状況を伝える言葉です。"),
            traits=(Trait.ENGLISH,),
        ),
        Kind(
            label=Label.INSTRUCTIONS,
            purpose=_("%(incidents)sごとに、緊急連絡の本文で行動を求める言葉です。"),
            traits=(Trait.ENGLISH,),
        ),
        Kind(
            label=Label.ANSWERS,
            purpose=_("受け取った人が選ぶ回答です。コードの1～9は、電話で押すボタンにもなります。"),
            code_use=_("1～9は、電話で押すボタンになります。それ以外は、電話では選べません。"),
            traits=(Trait.ENGLISH, Trait.HELP),
            columns=(Column.KEY, Column.HELP, Column.DRAFTS),
            fills_gaps=True,
        ),
    )
}


def find(slug: str) -> Kind:
    """Return the list of an address. Raises Http404."""
    try:
        return KINDS[slug]
    except KeyError as error:
        raise Http404 from error
