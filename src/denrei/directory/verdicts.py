"""What may become of a row of a file of people."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Verdict(StrEnum):
    """What becomes of a row."""

    #: A person that was not in the address book.
    NEW = "new"
    #: A person whose entry changes.
    CHANGED = "changed"
    #: A person whose entry says the same already.
    UNCHANGED = "unchanged"
    #: The row is left out; the reasons say what to do.
    REFUSED = "refused"

    @property
    def words(self) -> str | Promise:
        """The words that an operator reads, in the language of whoever looks."""
        return _WORDS[self]

    @property
    def label(self) -> str:
        """The words, in the present language."""
        return str(self.words)


_WORDS: dict[Verdict, str | Promise] = {
    Verdict.NEW: _("新規"),
    Verdict.CHANGED: _("変更"),
    Verdict.UNCHANGED: _("変更なし"),
    Verdict.REFUSED: _("取り込めません"),
}
